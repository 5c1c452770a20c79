"""Cases of an agency whose stage is due soon or overdue: those to be told of once, and how many there are."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import ColumnElement, Row, Table, and_, func, select, text, update
from sqlalchemy.ext.asyncio import AsyncConnection


@dataclass(frozen=True, slots=True)
class Stage:
    """A side's stage in its table of ``cases``, which has ``rlts_traf_id``, ``state``, ``warn_on``, ``warned_for`` and
    ``overdue_for``.

    ``due`` and ``admdvs`` name the columns of the last day and of the agency; the ``clock`` runs while ``running``, SQL
    on that table, is true: the very text of the index that finds them.
    """

    cases: Table
    clock: str
    due: str
    admdvs: str
    running: str

    def is_due_soon(self, today: date) -> ColumnElement[bool]:
        """80 % of the days have passed, and not yet all."""
        return and_(text(self.running), self.cases.c.warn_on <= today, self.cases.c[self.due] >= today)

    def is_overdue(self, today: date) -> ColumnElement[bool]:
        """The last day has passed."""
        return and_(text(self.running), self.cases.c[self.due] < today)


async def take_due_soon(connection: AsyncConnection, stage: Stage, today: date, limit: int) -> Sequence[Row[Any]]:
    """Mark up to ``limit`` cases that are due soon and were not warned of for this day: number, agency, last day,
    state.
    """
    return await _take(connection, stage, stage.is_due_soon(today), "warned_for", limit)


async def take_overdue(connection: AsyncConnection, stage: Stage, today: date, limit: int) -> Sequence[Row[Any]]:
    """Mark up to ``limit`` cases that are overdue and were not told of for this day; as ``take_due_soon``."""
    return await _take(connection, stage, stage.is_overdue(today), "overdue_for", limit)


async def count_late(
    connection: AsyncConnection, stage: Stage, today: date
) -> tuple[Mapping[str, int], Mapping[str, int]]:
    """How many cases of each agency are due soon, and how many overdue."""
    agency = stage.cases.c[stage.admdvs]

    async def count(which: ColumnElement[bool]) -> Mapping[str, int]:
        rows = await connection.execute(select(agency, func.count()).where(which).group_by(agency))
        return {row[0]: row[1] for row in rows}

    return await count(stage.is_due_soon(today)), await count(stage.is_overdue(today))


async def _take(
    connection: AsyncConnection, stage: Stage, which: ColumnElement[bool], told: str, limit: int
) -> Sequence[Row[Any]]:
    """A clock that began anew or was counted again has another last day, and is told of again."""
    c = stage.cases.c
    due = c[stage.due]
    chosen = (
        select(c.rlts_traf_id)
        .where(which, c[told].is_distinct_from(due))
        .order_by(c.rlts_traf_id)
        .limit(limit)
        .with_for_update(skip_locked=True)
    )
    statement = (
        update(stage.cases)
        .where(c.rlts_traf_id.in_(chosen.scalar_subquery()))
        .values({told: due})
        .returning(c.rlts_traf_id, c[stage.admdvs].label("admdvs"), due.label("due_on"), c.state)
    )
    return sorted((await connection.execute(statement)).all(), key=lambda row: str(row.rlts_traf_id))
