"""What happened to money, append-only."""

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Row, bindparam, func, select
from sqlalchemy.ext.asyncio import AsyncConnection

from platform_gateway.domain.money import MoneyFact, MoneyFactKind
from platform_gateway.tables import money_fact
from shared.database.rowset import ROWS, insert_new_rows

_NAMES = (
    "rlts_traf_id",
    "kind",
    "amount",
    "booked_on",
    "obligation_no",
    "receipt_no",
    "suspense_code",
    "reason",
    "sender",
    "message_id",
    "recorded_at",
)
_INSERT = insert_new_rows(money_fact, _NAMES)
_LISTED = (
    select(money_fact)
    .where(money_fact.c.rlts_traf_id == func.any(bindparam("ids")))
    .order_by(money_fact.c.rlts_traf_id, money_fact.c.fact_no)
)


def row_of(
    rlts_traf_id: str, fact: MoneyFact, *, sender: str, message_id: UUID, recorded_at: datetime, reason: str | None
) -> dict[str, Any]:
    """The row that keeps ``fact``."""
    return {
        "rlts_traf_id": rlts_traf_id,
        "kind": fact.kind,
        "amount": fact.amount,
        "booked_on": fact.on,
        "obligation_no": fact.obligation_no,
        "receipt_no": fact.receipt_no,
        "suspense_code": fact.suspense_code,
        "reason": reason,
        "sender": sender,
        "message_id": message_id,
        "recorded_at": recorded_at,
    }


async def append(connection: AsyncConnection, rows: Sequence[Mapping[str, Any]]) -> None:
    """Keep facts; one that the same message brought before is left out."""
    if rows:
        await connection.execute(_INSERT, {ROWS: rows})


async def of_cases(connection: AsyncConnection, ids: Collection[str]) -> Mapping[str, list[Row[Any]]]:
    """The facts of each case in the order they became known."""
    found: dict[str, list[Row[Any]]] = {number: [] for number in ids}
    for row in await connection.execute(_LISTED, {"ids": list(ids)}) if ids else ():
        found[row.rlts_traf_id].append(row)
    return found


def to_fact(row: Row[Any]) -> MoneyFact:
    """The fact of a row."""
    return MoneyFact(
        MoneyFactKind(row.kind), row.amount, row.booked_on, row.obligation_no, row.receipt_no, row.suspense_code
    )
