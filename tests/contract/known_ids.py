"""Ids of what is there, by service and by the name of the path parameter."""

import json

from ledger.use_cases.draw_vouchers import draw_vouchers
from shared.contracts.party import Party
from shared.messaging.record import Record
from tests.courses import ZHENG_SHUANG
from tests.four_services import FourServices
from tests.people import person_document
from tests.registry import CHENGDU, JINAN, bank_account

OWNER = {"platform_gateway": JINAN, "outbound": JINAN, "inbound": CHENGDU, "ledger": JINAN}
Ids = dict[str, dict[str, str]]


async def known_ids(system: FourServices, case: str) -> Ids:
    """What the owners have of a case that has gone all the way; puts a message in quarantine and a person in."""
    found = {package: {"rlts_traf_id": case} | await _everywhere(system, package) for package in OWNER}
    for package in ("outbound", "inbound"):
        found[package] |= await _of_agency(system, package)
    found["platform_gateway"] |= await _of_platform(system)
    found["ledger"] |= await _of_ledger(system)
    return found


async def _everywhere(system: FourServices, package: str) -> dict[str, str]:
    role = "platform" if package == "platform_gateway" else f"{package}.{OWNER[package]}"
    await system[package].intake.take([Record(Party.parse(role).topic, None, b"{}", "")])
    [row] = await system[package].rows("SELECT quarantine_id FROM quarantine LIMIT 1")
    return {
        "version": "1",
        "sheet_version": "1",
        "addendum_no": "1",
        "psn_no": ZHENG_SHUANG.psn_no,
        "import_id": "first-import",
        "step_id": "018f0000-0000-7000-8000-000000000000",
        "end_id": "018f0000-0000-7000-8000-000000000000",
        "entry_id": "018f0000-0000-7000-8000-000000000000",
        "admdvs": OWNER[package],
        "day": "2026-03-02",
        "month": "202603",
        "section": "matched",
        "bankacct": bank_account(JINAN, "payer"),
        "quarantine_id": str(row["quarantine_id"]),
    }


async def _of_agency(system: FourServices, package: str) -> dict[str, str]:
    headers = {"Content-Type": "application/x-ndjson", "Idempotency-Key": "first-import"}
    line = json.dumps(person_document("N1")).encode()
    claims = {"admdvs": OWNER[package]}
    await system.done(package, "POST", "/persons/imports", claims=claims, headers=headers, content=line)
    query = "SELECT task_id FROM core_task WHERE admdvs = :admdvs LIMIT 1"
    [row] = await system[package].rows(query, admdvs=OWNER[package])
    return {"task_id": str(row["task_id"])}


async def _of_platform(system: FourServices) -> dict[str, str]:
    [change] = await system["platform_gateway"].rows(
        "SELECT change_id FROM bank_account_change WHERE admdvs = :admdvs LIMIT 1", admdvs=JINAN
    )
    return {"change_id": str(change["change_id"]), "proposal_id": "018f0000-0000-7000-8000-000000000000"}


async def _of_ledger(system: FourServices) -> dict[str, str]:
    claims = {"admdvs": JINAN}
    statements = await system.done("ledger", "GET", "/statements", claims=claims)
    batches = await system.done("ledger", "GET", "/payment-batches", claims=claims)
    orders = await system.done("ledger", "GET", "/payment-orders", claims=claims)
    accounts = await system.done("ledger", "GET", "/accounts", claims=claims)
    async with system["ledger"].database.transaction() as connection:
        await draw_vouchers(connection, JINAN, now=system.clock.now())
    rows = system["ledger"].rows
    [line] = await rows("SELECT id FROM statement_line WHERE admdvs = :admdvs ORDER BY id LIMIT 1", admdvs=JINAN)
    [voucher] = await rows("SELECT id FROM voucher WHERE admdvs = :admdvs LIMIT 1", admdvs=JINAN)
    return {
        "line_id": str(line["id"]),
        "voucher_id": str(voucher["id"]),
        "alert_id": "999999998",
        "proposal_id": "018f0000-0000-7000-8000-000000000000",
        "obligation_no": "1",
        "adjustment_id": "018f0000-0000-7000-8000-000000000000",
        "order_id": orders["items"][0]["id"],
        "report_id": "018f0000-0000-7000-8000-000000000000",
        "file_id": "018f0000-0000-7000-8000-000000000000",
        "item_id": "018f0000-0000-7000-8000-000000000000",
        "request_id": "018f0000-0000-7000-8000-000000000000",
        "statement_id": statements["items"][0]["id"],
        "restatement_id": "018f0000-0000-7000-8000-000000000000",
        "batch_id": batches["items"][0]["id"],
        "account_id": accounts[0]["id"],
    }
