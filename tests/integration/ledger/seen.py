"""What clerks, the books and the platform see of a case."""

from typing import Any

from sqlalchemy import text

from ledger.domain.suspense import ADVICE, SuspenseReason
from ledger.repository.figures import SOURCE
from shared.contracts.events import BalanceReceived
from shared.messaging import envelope
from shared.money import parse_yuan
from tests.integration.ledger.areas import JINAN
from tests.integration.ledger.bank import Bank

News = tuple[str, str, str | None]
"""An event, its amount, and the code of what waits."""

_KEPT = ("statement_file", "statement", "statement_line", "suspense", "posting", "claim", "message_log")


async def kept(bank: Bank) -> dict[str, int]:
    """How many rows there are of all that a bank file may leave, by table."""
    return {table: await bank.count(table) for table in _KEPT}


async def waits(bank: Bank, line: str, reason: str, *, area: str = JINAN, age_days: int = 0) -> dict[str, Any]:
    """The item of a line that waits for ``reason``, with whose work it is, since when, and what is to be done."""
    item: dict[str, Any] = await bank.get(f"/suspense/{line}", area=area)
    advice = ADVICE[SuspenseReason(reason)]
    seen = tuple(item[name] for name in ("reason", "owner", "next_step", "age_days", "settled_on"))
    assert seen == (reason, advice.owner, advice.next_step, age_days, None)
    return item


async def heard(bank: Bank, case: str, *, by: str = "platform") -> list[News]:
    """What somebody was told of the money of a case, in order."""
    async with bank.database.connection() as connection:
        rows = await connection.execute(
            text("SELECT value FROM message_log WHERE rlts_traf_id = :case AND recipient = :by ORDER BY sequence"),
            {"case": case, "by": by},
        )
        read = [envelope.read(bytes(row.value)) for row in rows]
    return [(_name(one.type), one.data["amount"], one.data.get("suspense_code")) for one in read]


async def told_and_reported(bank: Bank, case: str) -> tuple[int, int]:
    """What came in for a case by the last word on each receipt, and by the figures that the ledger reports."""
    async with bank.database.connection() as connection:
        rows = await connection.execute(
            text(
                "SELECT value FROM message_log WHERE rlts_traf_id = :case AND recipient = 'platform' ORDER BY sequence"
            ),
            {"case": case},
        )
        read = [envelope.read(bytes(row.value)) for row in rows]
        values = {"numbers": [case], "admdvs": JINAN, "sender": f"ledger.{JINAN}"}
        [figures] = (await connection.execute(SOURCE.figures, values)).all()
    last = {one.data["receipt_no"]: one.data["amount"] for one in read if one.type == BalanceReceived.ce_type()}
    return sum(parse_yuan(amount) for amount in last.values()), figures.received


async def entries(bank: Bank, case: str, title: str, *, area: str = JINAN) -> list[tuple[str, str]]:
    """Side and amount of the entries that name the case, in order, over all accounts of a title."""
    found = []
    for account in await bank.get("/accounts", area=area):
        if account["title"] == title:
            page = await bank.get(f"/accounts/{account['id']}/entries?limit=500", area=area)
            found += [(one["side"], one["amount"]) for one in page["items"] if one["rlts_traf_id"] == case]
    return found


def _name(ce_type: str) -> str:
    return ce_type.split(".")[-2]
