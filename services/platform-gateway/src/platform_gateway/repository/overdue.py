"""The clocks that run past their last day, for the list of what is overdue."""

from collections.abc import Sequence
from datetime import date
from typing import Any

from sqlalchemy import ColumnElement, Row, or_, select, tuple_
from sqlalchemy.ext.asyncio import AsyncConnection

from platform_gateway.domain.statistics import NATION, AreaRange
from platform_gateway.tables import deadline, transfer_case
from shared.contracts.facts import Side

_CLOCK = tuple(
    deadline.c[name] for name in ("due_on", "rlts_traf_id", "kind", "sheet_version", "started_on", "is_provisional")
)
_KEY = _CLOCK[:4]
_CASE = tuple(
    transfer_case.c[name]
    for name in ("trafout_admdvs", "trafin_admdvs", "trafout_insutype", "trafin_insutype", "state", "origin")
)


async def page(
    connection: AsyncConnection,
    areas: AreaRange,
    side: Side | None,
    today: date,
    after: tuple[date, str, str, int] | None,
    limit: int,
) -> Sequence[Row[Any]]:
    """Up to ``limit`` overdue clocks that follow ``after`` (due on, case, kind, version), longest overdue first."""
    clocks = select(*_CLOCK).where(deadline.c.stopped_at.is_(None), deadline.c.due_on < today)
    if areas != NATION:
        clocks = clocks.where(_is_of(areas, side))
    if after is not None:
        clocks = clocks.where(deadline.c.due_on >= after[0], tuple_(*_KEY) > tuple_(*after))
    late = clocks.order_by(*_KEY).limit(limit).subquery("late")
    query = (
        select(*late.c, *_CASE)
        .join(transfer_case, transfer_case.c.rlts_traf_id == late.c.rlts_traf_id)
        .order_by(*(late.c[column.name] for column in _KEY))
    )
    return (await connection.execute(query)).all()


def _is_of(areas: AreaRange, side: Side | None) -> ColumnElement[bool]:
    """Looked up among the numbers alone, which stand in an index by area, and not in each late case.

    ``IS TRUE`` keeps the clocks in their order: joined, the database would begin with the cases.
    """
    ends = [transfer_case.c.trafout_admdvs] * (side is not Side.INBOUND)
    ends += [transfer_case.c.trafin_admdvs] * (side is not Side.OUTBOUND)
    numbers = (select(transfer_case.c.rlts_traf_id).where(end.between(areas.low, areas.high)) for end in ends)
    return or_(*(deadline.c.rlts_traf_id.in_(each).is_(True) for each in numbers))
