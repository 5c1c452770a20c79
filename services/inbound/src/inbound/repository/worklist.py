"""The work list: what is due, what is late."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy import ColumnElement, Date, cast, func, literal, select, tuple_
from sqlalchemy.ext.asyncio import AsyncConnection

from inbound.domain.case import CaseState, InboundCase
from inbound.repository.cases import to_case
from inbound.repository.stage import STAGE
from inbound.tables import inbound_case

NEVER_DUE = date(9999, 12, 31)
"""Sorts cases without a due date behind all others."""

_DUE = func.coalesce(inbound_case.c.inbound_due_on, cast(literal(NEVER_DUE), Date))


@dataclass(frozen=True, slots=True)
class WorklistQuery:
    """Which cases of an agency; ``overdue_on`` keeps those late on that day, ``due_soon_on`` those of the warning."""

    trafin_admdvs: str
    state: CaseState | None = None
    overdue_on: date | None = None
    with_differences: bool | None = None
    due_soon_on: date | None = None


async def list_cases(
    connection: AsyncConnection, query: WorklistQuery, *, after: tuple[date, str] | None, limit: int
) -> Sequence[InboundCase]:
    """Cases by due date, the earliest first, then by number; after the key given."""
    statement = select(inbound_case).where(*_conditions(query))
    if after is not None:
        statement = statement.where(tuple_(_DUE, inbound_case.c.rlts_traf_id) > tuple_(*after))
    rows = await connection.execute(statement.order_by(_DUE, inbound_case.c.rlts_traf_id).limit(limit))
    return [to_case(row) for row in rows.mappings()]


def worklist_key(case: InboundCase) -> tuple[str, str]:
    """Where a case stands in the list, for the next page."""
    return ((case.inbound_due_on or NEVER_DUE).isoformat(), case.rlts_traf_id)


async def count_by_state(connection: AsyncConnection) -> dict[tuple[str, str], int]:
    """How many cases of each (agency, state), for metrics."""
    statement = select(inbound_case.c.trafin_admdvs, inbound_case.c.state, func.count()).group_by(
        inbound_case.c.trafin_admdvs, inbound_case.c.state
    )
    return {(row[0], row[1]): row[2] for row in await connection.execute(statement)}


def _conditions(query: WorklistQuery) -> list[ColumnElement[bool]]:
    found: list[ColumnElement[bool]] = [inbound_case.c.trafin_admdvs == query.trafin_admdvs]
    if query.state is not None:
        found.append(inbound_case.c.state == query.state)
    if query.overdue_on is not None:
        found.append(STAGE.is_overdue(query.overdue_on))
    if query.due_soon_on is not None:
        found.append(STAGE.is_due_soon(query.due_soon_on))
    if query.with_differences is not None:
        has = inbound_case.c.difference_count > 0
        found.append(has if query.with_differences else ~has)
    return found
