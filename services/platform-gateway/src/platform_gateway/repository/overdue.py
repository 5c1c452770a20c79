"""The clocks that run past their last day, for the list of what is overdue."""

from collections.abc import Sequence
from datetime import date
from typing import Any

from sqlalchemy import Column, Row, or_, select, tuple_
from sqlalchemy.ext.asyncio import AsyncConnection

from platform_gateway.domain.statistics import AreaRange
from platform_gateway.tables import deadline, transfer_case
from shared.contracts.facts import Side

_COLUMNS: tuple[Column[Any], ...] = (
    deadline.c.rlts_traf_id,
    deadline.c.kind,
    deadline.c.sheet_version,
    deadline.c.started_on,
    deadline.c.due_on,
    deadline.c.is_provisional,
    transfer_case.c.trafout_admdvs,
    transfer_case.c.trafin_admdvs,
    transfer_case.c.trafout_insutype,
    transfer_case.c.trafin_insutype,
    transfer_case.c.state,
    transfer_case.c.origin,
)


async def page(
    connection: AsyncConnection,
    areas: AreaRange,
    side: Side | None,
    today: date,
    after: Sequence[Any] | None,
    limit: int,
) -> Sequence[Row[Any]]:
    """Up to ``limit`` overdue clocks that follow ``after`` (due on, case, kind, version), longest overdue first."""
    ends = [transfer_case.c.trafout_admdvs.between(areas.low, areas.high)] * (side is not Side.INBOUND)
    ends += [transfer_case.c.trafin_admdvs.between(areas.low, areas.high)] * (side is not Side.OUTBOUND)
    key = (deadline.c.due_on, deadline.c.rlts_traf_id, deadline.c.kind, deadline.c.sheet_version)
    query = (
        select(*_COLUMNS)
        .join(transfer_case, transfer_case.c.rlts_traf_id == deadline.c.rlts_traf_id)
        .where(deadline.c.stopped_at.is_(None), deadline.c.due_on < today, or_(*ends))
        .order_by(*key)
        .limit(limit)
    )
    if after is not None:
        begin = date.fromisoformat(after[0])
        query = query.where(deadline.c.due_on >= begin, tuple_(*key) > tuple_(begin, *after[1:]))
    return (await connection.execute(query)).all()
