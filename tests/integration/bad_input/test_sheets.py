"""A sheet that was changed by one byte counts nowhere: not at the platform, the inbound or the ledger.

The messages that carry it are well signed, as if their sender had been deceived. Each is taken in and undone again.
"""

import base64
import json
from collections.abc import AsyncIterator, Awaitable, Callable
from dataclasses import dataclass
from typing import Any
from uuid import uuid4

import pytest
from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncConnection

from shared.contracts.events import EVENTS, BalancePayable, Event, SheetIssued, SheetRefused, SheetRouted
from shared.contracts.party import Party, Role
from shared.messaging import envelope
from shared.messaging.intake import Taken
from shared.messaging.record import Record
from shared.signing import jws
from shared.signing.keys import Purpose
from tests.courses import CHECKER, CLERK, QIAN_GUYU, SUN_MANGZHONG, ZHENG_SHUANG, apply, decide, enroll
from tests.databases import Postgres
from tests.four_services import FourServices, four_services, record_of
from tests.integration.bad_input.conftest import KEPT_ANYWAY
from tests.registry import BEIJING, JINAN


@dataclass(frozen=True)
class Stages:
    """Three cases, each with a sheet that the next one in line has not seen yet."""

    system: FourServices
    issued: Record
    routed: Record
    payable: Record


@pytest.fixture(scope="module")
async def stages(postgres: Postgres, tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Stages]:
    """Up for this module."""
    async with four_services(postgres, tmp_path_factory.mktemp("system")) as system:
        cases = []
        for somebody in (ZHENG_SHUANG, QIAN_GUYU, SUN_MANGZHONG):
            await enroll(system, somebody)
            cases.append(await apply(system, somebody))
        for case in cases:
            await decide(system, "outbound", case, "submission", None, CLERK)
            await decide(system, "outbound", case, "review", {"decision": "approve"}, CHECKER)
        while await system.turn(system["outbound"]):
            pass
        issued = [await written(system, "outbound", case, SheetIssued) for case in cases]
        await system.deliver(issued[1:])
        routed = [await written(system, "platform_gateway", case, SheetRouted) for case in cases[1:]]
        await system.deliver(routed[1:])
        yield Stages(system, issued[0], routed[0], await written(system, "inbound", cases[2], BalancePayable))


async def written(system: FourServices, package: str, case: str, kind: type[Event]) -> Record:
    """The message that a service has written about a case."""
    query = "SELECT * FROM message_log WHERE rlts_traf_id = :case AND type = :type"
    [row] = await system[package].rows(query, case=case, type=kind.ce_type())
    return record_of(row)


def resealed(sealed: str, change: Callable[[dict[str, Any]], None]) -> str:
    """The JWS with its parts changed, its JSON as before."""
    document = json.loads(sealed)
    change(document)
    return json.dumps(document, separators=(",", ":"))


def decoded(part: str) -> bytes:
    return base64.urlsafe_b64decode(part + "=" * (-len(part) % 4))


def encoded(content: bytes) -> str:
    return base64.urlsafe_b64encode(content).rstrip(b"=").decode()


def in_payload(before: bytes, after: bytes) -> Callable[[dict[str, Any]], None]:
    def change(document: dict[str, Any]) -> None:
        payload = decoded(document["payload"])
        assert before in payload
        document["payload"] = encoded(payload.replace(before, after, 1))

    return change


def in_header(**fields: Any) -> Callable[[dict[str, Any]], None]:
    def change(document: dict[str, Any]) -> None:
        signature = document["signatures"][0]
        signature["protected"] = encoded(json.dumps(json.loads(decoded(signature["protected"])) | fields).encode())

    return change


def in_signature(document: dict[str, Any]) -> None:
    signature = bytearray(decoded(document["signatures"][0]["signature"]))
    signature[7] ^= 1
    document["signatures"][0]["signature"] = encoded(bytes(signature))


CHANGES: list[tuple[str, Callable[[dict[str, Any]], None], str]] = [
    ("one fen more", in_payload(b"1234.56", b"1234.57"), "signature-invalid"),
    ("one month less", in_payload(b'"months":12', b'"months":11'), "signature-invalid"),
    ("a blank at the end", in_payload(b"}", b"} "), "signature-invalid"),
    ("one bit of the signature", in_signature, "signature-invalid"),
    ("no signature", lambda document: document.update(signatures=[]), "signature-malformed"),
    ("no algorithm", in_header(alg="none"), "signature-algorithm-refused"),
    ("another algorithm", in_header(alg="SM2-SM3"), "signature-algorithm-refused"),
    ("another key named", in_header(kid="x" * 43), "signature-key-unknown"),
    ("another kind of document", in_header(typ="transfer-arrival+json"), "signature-type-wrong"),
    ("a header parameter more", in_header(crit=["exp"]), "signature-malformed"),
    ("no payload", lambda document: document.update(payload=""), "signature-invalid"),
]
IDS = [change[0] for change in CHANGES]


@pytest.mark.parametrize(("change", "code"), [each[1:] for each in CHANGES], ids=IDS)
async def test_platform_refuses_a_changed_sheet(
    stages: Stages, change: Callable[[dict[str, Any]], None], code: str
) -> None:
    await expect_refused(stages, lambda data: {"sealed_sheet": resealed(data["sealed_sheet"], change)}, code)


@pytest.mark.parametrize(
    ("owner", "purpose", "code"),
    [
        (f"outbound.{BEIJING}", Purpose.SEAL, "signature-key-owner-wrong"),
        (f"outbound.{JINAN}", Purpose.MESSAGE, "signature-key-purpose-wrong"),
        (f"inbound.{JINAN}", Purpose.SEAL, "signature-key-owner-wrong"),
    ],
)
async def test_platform_refuses_a_seal_that_is_not_the_outbounds(
    stages: Stages, owner: str, purpose: Purpose, code: str
) -> None:
    payload = decoded(json.loads(envelope.read(stages.issued.value).data["sealed_sheet"])["payload"])
    key = stages.system.signers._keys[Party.parse(owner), purpose]
    forged = jws.write(jws.Envelope(payload, (jws.sign(payload, key, jws.DocumentType.SHEET),)))
    await expect_refused(stages, lambda _: {"sealed_sheet": forged}, code)


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"amount": "1234.57"}, "sheet-amount-differs"),
        ({"sheet_version": 2}, "sheet-version-wrong"),
        ({"sealed_sheet": ""}, "signature-malformed"),
        ({"sealed_sheet": "{}"}, "signature-malformed"),
        ({"sealed_sheet": "\x00"}, "signature-malformed"),
    ],
)
async def test_platform_refuses_a_message_that_differs_from_its_sheet(
    stages: Stages, changes: dict[str, Any], code: str
) -> None:
    await expect_refused(stages, lambda _: changes, code)


@pytest.mark.parametrize("part", ["sealed_sheet", "arrival"])
@pytest.mark.parametrize("party", [Role.INBOUND, Role.LEDGER])
@pytest.mark.parametrize("change", [in_signature, in_header(alg="none"), in_header(kid="x" * 43)])
async def test_receiver_does_not_take_a_changed_sheet_or_arrival(
    stages: Stages, party: Role, part: str, change: Callable[[dict[str, Any]], None]
) -> None:
    record = stages.routed if party is Role.INBOUND else stages.payable
    reason, changed = await quarantined(stages, record, lambda data: {part: resealed(data[part], change)})
    assert reason.startswith(("signature-", "sheet-digest-differs"))
    assert changed == []


@pytest.mark.parametrize("party", [Role.INBOUND, Role.LEDGER])
async def test_sheet_written_otherwise_is_not_the_one_that_arrived(stages: Stages, party: Role) -> None:
    record = stages.routed if party is Role.INBOUND else stages.payable
    reason, changed = await quarantined(
        stages, record, lambda data: {"sealed_sheet": json.dumps(json.loads(data["sealed_sheet"]), indent=1)}
    )
    assert (reason, changed) == ("sheet-digest-differs", [])


async def test_receiver_does_not_take_the_sheet_of_another_case(stages: Stages) -> None:
    others = {name: envelope.read(stages.payable.value).data[name] for name in ("sealed_sheet", "arrival")}
    reason, changed = await quarantined(stages, stages.routed, lambda _: others)
    assert (reason, changed) == ("sheet-of-another-case", [])


async def test_ledger_does_not_take_an_amount_that_the_sheet_does_not_state(stages: Stages) -> None:
    reason, changed = await quarantined(stages, stages.payable, lambda _: {"amount": "1234.57"})
    assert changed == []
    assert reason == "payable-disagrees-with-sheet"


@pytest.mark.parametrize("name", ["issued", "routed", "payable"])
async def test_the_unchanged_message_is_applied(stages: Stages, name: str) -> None:
    async def look(_: AsyncConnection, taken: Taken) -> None:
        assert [len(taken.applied.done), taken.applied.failed] == [1, []]

    await undone(stages, getattr(stages, name), lambda _: {}, look)


Change = Callable[[dict[str, Any]], dict[str, Any]]
Look = Callable[[AsyncConnection, Taken], Awaitable[None]]


async def expect_refused(stages: Stages, change: Change, code: str) -> None:
    """The platform answers the outbound with ``code``, keeps no sheet, and the case stays as it was."""

    async def look(connection: AsyncConnection, taken: Taken) -> None:
        assert taken.applied.failed == []
        query = "SELECT value FROM message_log WHERE type = :type"
        [value] = await connection.scalars(text(query), {"type": SheetRefused.ce_type()})
        assert envelope.read(value).data["code"] == code
        case = json.loads(stages.issued.value)["subject"]
        sheets = "SELECT count(*) FROM sheet WHERE rlts_traf_id = :case"
        assert await connection.scalar(text(sheets), {"case": case}) == 0
        state = "SELECT state FROM transfer_case WHERE rlts_traf_id = :case"
        assert await connection.scalar(text(state), {"case": case}) == "outbound_processing"

    await undone(stages, stages.issued, change, look)


async def quarantined(stages: Stages, record: Record, change: Change) -> tuple[str, list[str]]:
    """Why the changed message was not applied, and which tables of the domain changed nevertheless."""
    reader = stages.system.reader_of(record.topic)
    assert reader is not None
    reasons: list[str] = []
    changed: list[str] = []
    tables = sorted(await reader.counts(*KEPT_ANYWAY))

    async def look(connection: AsyncConnection, taken: Taken) -> None:
        reasons.extend(reason for _, reason in taken.applied.failed)
        for table in tables:
            # xmin is the transaction that wrote a row: ours has none in these tables.
            query = f"SELECT count(*) FROM {table} WHERE xmin::text = pg_current_xact_id()::xid::text"  # noqa: S608
            if await connection.scalar(text(query)):
                changed.append(table)

    await undone(stages, record, change, look)
    [reason] = reasons
    return reason, changed


async def undone(stages: Stages, record: Record, change: Change, look: Look) -> None:
    """Take a changed message in, look at what came of it, and undo it."""
    reader = stages.system.reader_of(record.topic)
    assert reader is not None
    async with reader.database.engine.connect() as connection, connection.begin() as transaction:
        taken = await reader.intake.take_one(connection, _rewritten(stages.system, record, change))
        await look(connection, taken)
        await transaction.rollback()


def _rewritten(system: FourServices, record: Record, change: Change) -> Record:
    read = envelope.read(record.value)
    event = EVENTS[read.type].model_validate(read.data | change(read.data))
    value = envelope.write(
        uuid4(),
        event,
        sender=read.source,
        recipient=read.recipient,
        time=read.time,
        rlts_traf_id=read.subject,
        sequence=read.sequence,
    )
    return Record(record.topic, None, value, system.signers.sign_detached(read.source, value))
