"""Accepted addenda with their countersignatures, exactly as they were signed."""

from collections.abc import Collection, Mapping, Sequence
from typing import Any

from sqlalchemy import Row, bindparam, func, insert, select
from sqlalchemy.ext.asyncio import AsyncConnection

from platform_gateway.tables import addendum

_SHOWN = tuple(column for column in addendum.columns if column.name not in ("sealed_addendum", "arrival"))
_LISTED = (
    select(*_SHOWN)
    .where(addendum.c.rlts_traf_id == func.any(bindparam("ids")))
    .order_by(addendum.c.rlts_traf_id, addendum.c.addendum_no)
)


async def add(connection: AsyncConnection, rows: Sequence[Mapping[str, Any]]) -> None:
    """Keep addenda; each row names every column of the table."""
    if rows:
        await connection.execute(insert(addendum), list(rows))


async def read(connection: AsyncConnection, rlts_traf_id: str, addendum_no: int) -> Row[Any] | None:
    """One addendum with its bytes, or ``None``."""
    query = select(addendum).where(addendum.c.rlts_traf_id == rlts_traf_id, addendum.c.addendum_no == addendum_no)
    return (await connection.execute(query)).one_or_none()


async def listed(connection: AsyncConnection, ids: Collection[str]) -> Mapping[str, list[Row[Any]]]:
    """The addenda of each case without their bytes, in their order."""
    found: dict[str, list[Row[Any]]] = {number: [] for number in ids}
    for row in await connection.execute(_LISTED, {"ids": list(ids)}) if ids else ():
        found[row.rlts_traf_id].append(row)
    return found


def added(rows: Sequence[Row[Any]]) -> int:
    """What listed addenda add up to, in fen."""
    return sum(row.amount for row in rows)
