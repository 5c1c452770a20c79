"""Addenda of cases; the caller holds the case's lock."""

from collections.abc import Collection, Sequence
from dataclasses import asdict
from typing import Any

from sqlalchemy import RowMapping, bindparam, func, select, tuple_
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncConnection

from outbound.domain.addendum import Addendum, AddendumState
from outbound.tables import addendum
from shared.contracts.addendum import AddendumCause

_KEY = ("rlts_traf_id", "addendum_no")
_PLACES = tuple(addendum.c[name] for name in _KEY)
_OF_CASES = select(addendum).where(addendum.c.rlts_traf_id == func.any(bindparam("cases"))).order_by(*_PLACES)
_TO_SEAL = (
    select(addendum)
    .where(addendum.c.state == AddendumState.BOOKED.value)
    .where(tuple_(*_PLACES) > tuple_(bindparam("case"), bindparam("number")))
    .order_by(*_PLACES)
    .limit(bindparam("limit"))
)


async def save_addenda(connection: AsyncConnection, addenda: Sequence[Addendum]) -> None:
    """Keep addenda as they now are."""
    if not addenda:
        return
    statement = insert(addendum)
    changed = {name: statement.excluded[name] for name in Addendum.__dataclass_fields__ if name not in _KEY}
    rows = [asdict(each) for each in addenda]
    await connection.execute(statement.on_conflict_do_update(index_elements=_KEY, set_=changed), rows)


async def addenda_of(connection: AsyncConnection, cases: Collection[str]) -> dict[tuple[str, int], Addendum]:
    """All addenda of these cases, by case and number, in order."""
    if not cases:
        return {}
    rows = await connection.execute(_OF_CASES, {"cases": list(cases)})
    found = [_to_addendum(row) for row in rows.mappings()]
    return {(each.rlts_traf_id, each.addendum_no): each for each in found}


async def addenda_to_seal(connection: AsyncConnection, *, after: tuple[str, int], limit: int) -> list[Addendum]:
    """Those whose money the core has booked, by case and number, from behind ``after``."""
    rows = await connection.execute(_TO_SEAL, {"case": after[0], "number": after[1], "limit": limit})
    return [_to_addendum(row) for row in rows.mappings()]


def _to_addendum(row: RowMapping) -> Addendum:
    values: dict[str, Any] = dict(row)
    return Addendum(**{**values, "cause": AddendumCause(values["cause"]), "state": AddendumState(values["state"])})
