"""A process whose whole output is searched: transfers that go well, and everything going wrong with the same people.

``python -m tests.integration.bad_input.noisy_run``; logs as the services write them, at level DEBUG, then the metrics
of each service and every problem that was answered.
"""

import asyncio
import json
import sys
import tempfile
from pathlib import Path
from typing import Any

import httpx

from shared.contracts.party import Party
from shared.telemetry.logs import configure_logging
from tests.courses import QIAN_GUYU, SUN_MANGZHONG, ZHENG_SHUANG, Somebody, application, apply, enroll, whole_transfer
from tests.databases import Postgres
from tests.four_services import FourServices, four_services, record_of
from tests.people import person_document
from tests.registry import CHENGDU, JINAN, bank_account
from tests.unit.ledger.files import Move, camt

PHONE = "13912345678"
PEOPLE = (ZHENG_SHUANG, QIAN_GUYU, SUN_MANGZHONG)
OLD_NUMBER, NOT_A_NUMBER = "110101900307849", "11010119900307849X"
SECRETS = (*(each.certno for each in PEOPLE), *(each.psn_name for each in PEOPLE), PHONE, OLD_NUMBER, NOT_A_NUMBER)
# Where each service keeps people: from now on no row may be written there, and the server's answer quotes the row.
BROKEN = (("outbound", "person"), ("outbound", "outbound_case"), ("inbound", "person"), ("inbound", "inbound_case"))


async def run(system: FourServices) -> None:
    """All of it."""
    case = await whole_transfer(system, ZHENG_SHUANG)
    await _ask_wrongly(system, case)
    await enroll(system, QIAN_GUYU)
    await _break_messages(system, await apply(system, QIAN_GUYU))
    await enroll(system, SUN_MANGZHONG)
    await _break_tables(system)
    for package in system.running:
        print((await system.http.get(f"{system[package].url}/metrics")).text)


async def _ask_wrongly(system: FourServices, case: str) -> None:
    await _call(system, "platform_gateway", "GET", f"/transfers/{case}/history")
    for number in (ZHENG_SHUANG.certno, OLD_NUMBER, NOT_A_NUMBER):
        name = ZHENG_SHUANG.psn_name
        for package in system.running:
            for path in (f"/{number}", f"/persons/{number}", f"/cases/{name}", f"/quarantine?cursor={number}{name}"):
                headers = {"If-Match": number, "traceparent": number, "User-Agent": number, "Prefer": number}
                await _call(system, package, "GET", path, headers=headers)
        somebody = Somebody(number, name, number)
        await _call(system, "platform_gateway", "POST", "/transfers", json=application(somebody, mob=PHONE))
        await _call(system, "platform_gateway", "POST", "/transfers", json=[name, number, {number: name}])
        await _call(system, "platform_gateway", "POST", "/transfers", content=f"{name}{number}".encode())
        progress = {"rlts_traf_id": case, "certno": number}
        await _call(system, "platform_gateway", "POST", "/progress", json=progress)
        person = person_document("P9", psn_name=[name], certno=number, mob=PHONE, surprise=number)
        await _call(system, "outbound", "PUT", "/persons/P9", area=JINAN, json=person)
        lines = json.dumps(person).encode() + b"\n" + name.encode() + b"\n" + number.encode()
        headers = {"Content-Type": "application/x-ndjson", "Idempotency-Key": f"i-{number}"}
        await _call(system, "inbound", "POST", "/persons/imports", area=CHENGDU, content=lines, headers=headers)
        note = Move(7, f"{name} {number} {PHONE}", other_name=name, ref=number)
        statement = camt(bank_account(JINAN, "payer"), [note], statement_no=number)
        xml = {"Content-Type": "application/xml"}
        await _call(system, "ledger", "POST", "/statements", area=JINAN, content=statement, headers=xml)
        await _call(system, "ledger", "POST", "/statements", area=JINAN, content=statement[:-20], headers=xml)


async def _break_messages(system: FourServices, case: str) -> None:
    """Messages full of personal data that are forged, unreadable, or that a handler fails on."""
    for service in system.running.values():
        for row in await service.rows("SELECT * FROM message_log WHERE rlts_traf_id = :case", case=case):
            record = record_of(row)
            reader = system.reader_of(record.topic)
            if reader is not None:
                altered = record.value.replace(b'"sequence":', b'"sequence":9')
                for value in (altered, record.value[:-9], record.value):
                    signature = system.signers.sign_detached(Party.parse(row["sender"]), value)
                    await reader.intake.take([type(record)(record.topic, None, value, signature)])


async def _break_tables(system: FourServices) -> None:
    """The database refuses every row with an error that quotes it."""
    for package, table in BROKEN:
        await system[package].alter(f"ALTER TABLE {table} ADD CONSTRAINT broken CHECK (false) NOT VALID")
    for package, area in (("outbound", JINAN), ("inbound", CHENGDU)):
        body = person_document("P8", psn_name=SUN_MANGZHONG.psn_name, certno=SUN_MANGZHONG.certno)
        await _call(system, package, "PUT", "/persons/P8", area=area, json=body)
        headers = {"Content-Type": "application/x-ndjson", "Idempotency-Key": "broken"}
        content = json.dumps(body).encode()
        await _call(system, package, "POST", "/persons/imports", area=area, content=content, headers=headers)
    await _call(system, "platform_gateway", "POST", "/transfers", json=application(SUN_MANGZHONG, mob=PHONE))
    await system.run()
    await system["platform_gateway"].alter("ALTER TABLE transfer_case ADD CONSTRAINT broken CHECK (false) NOT VALID")
    await _call(system, "platform_gateway", "POST", "/transfers", json=application(SUN_MANGZHONG, mob=PHONE))


async def _call(
    system: FourServices, package: str, method: str, path: str, area: str = "*", **options: Any
) -> httpx.Response:
    answer = await system.call(package, method, path, claims={"admdvs": area, "name": "王经办"}, **options)
    if answer.is_error:
        print(answer.text)
    return answer


async def main() -> None:
    """Run, and leave nothing behind."""
    configure_logging("noisy_run", "DEBUG")
    postgres = Postgres()
    try:
        await postgres.prepare()
        with tempfile.TemporaryDirectory() as folder:
            async with four_services(postgres, Path(folder)) as system:
                await run(system)
    finally:
        postgres.stop()


if __name__ == "__main__":
    sys.exit(asyncio.run(main()))
