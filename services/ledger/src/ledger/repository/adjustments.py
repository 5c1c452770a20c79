"""Adjustments that one person proposes and another decides."""

from collections.abc import Sequence
from dataclasses import asdict
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Row, func, insert, or_, select, text, union_all, update
from sqlalchemy.ext.asyncio import AsyncConnection

from ledger.domain.adjustments import Adjustment, AdjustmentKind, AdjustmentState
from ledger.domain.line_classes import LineClass
from ledger.repository.left import cleared
from ledger.tables import adjustment

# Of a line or an obligation less may be left than an adjustment is over; a line with a claim or clearing keeps its
# class. One that went to 其他业务往来 has left suspense, and may come back.
_SUPERSEDE = text(
    f"""
    WITH judged AS (
        SELECT a.id,
               CASE WHEN e.settled_at IS NOT NULL THEN '提示已经了结'
                    WHEN o.state <> 'open' OR o.due_fen - o.claimed_fen - coalesce(
                             (SELECT sum(amount_fen) FROM clearing WHERE obligation_id = o.id), 0) < a.amount_fen
                    THEN '该笔应收已经结清或作废，或差额已经变少'
                    WHEN (s.settled_on IS NOT NULL AND a.to_class IS NULL) OR t.settled_on IS NOT NULL
                      OR least(s.amount_fen - s.claimed_fen - {cleared("s.line_id")},
                               t.amount_fen - t.claimed_fen - {cleared("t.line_id")}) < a.amount_fen
                      OR (a.to_class IS NOT NULL AND (
                          EXISTS (SELECT FROM claim WHERE line_id = a.line_id AND undone_on IS NULL)
                          OR EXISTS (SELECT FROM clearing WHERE credit_line_id = a.line_id)
                          OR EXISTS (SELECT FROM clearing WHERE debit_line_id = a.line_id)))
                    THEN '流水已经另行处理，余下的不足以办理' END AS why
        FROM adjustment a
        LEFT JOIN suspense s ON s.line_id = a.line_id
        LEFT JOIN suspense t ON t.line_id = a.other_line_id
        LEFT JOIN obligation o ON o.id = a.obligation_id
        LEFT JOIN alert e ON e.id = a.alert_id
        WHERE a.admdvs = :admdvs AND a.state = 'proposed'
    )
    UPDATE adjustment a
    SET state = 'superseded', decided_at = :now, decision_reason = j.why, version = version + 1
    FROM judged j WHERE a.id = j.id AND j.why IS NOT NULL
    """  # noqa: S608  # only our own SQL is put in
)


async def add(connection: AsyncConnection, admdvs: str, rows: Sequence[Adjustment]) -> None:
    """Keep proposed adjustments; the caller holds the agency's matching lock."""
    if rows:
        await connection.execute(insert(adjustment), [asdict(row) | {"admdvs": admdvs} for row in rows])


async def lock(connection: AsyncConnection, admdvs: str, ids: Sequence[UUID]) -> dict[UUID, Adjustment]:
    """The agency's adjustments among ``ids``, locked in order."""
    query = _select().where(adjustment.c.admdvs == admdvs, adjustment.c.id.in_(ids))
    query = query.order_by(adjustment.c.id).with_for_update()
    return {row.id: _adjustment(row) for row in await connection.execute(query)}


async def open_lines(connection: AsyncConnection, ids: Sequence[int]) -> set[int]:
    """Which of the lines have a proposed adjustment."""
    names = (adjustment.c.line_id, adjustment.c.other_line_id)
    # Each column by its index; both in one condition would read everything that is proposed.
    either = [select(column).where(adjustment.c.state == AdjustmentState.PROPOSED, column.in_(ids)) for column in names]
    return set((await connection.scalars(union_all(*either))).all())


async def is_open_for(connection: AsyncConnection, obligation_id: int) -> bool:
    """Whether an obligation has a proposed adjustment."""
    query = select(adjustment.c.id).where(
        adjustment.c.obligation_id == obligation_id, adjustment.c.state == AdjustmentState.PROPOSED
    )
    return await connection.scalar(query) is not None


async def decide(
    connection: AsyncConnection,
    ids: Sequence[UUID],
    state: AdjustmentState,
    *,
    by: str | None,
    reason: str | None,
    now: datetime,
) -> None:
    """Give adjustments their last state; ``by``: the second person, ``None`` where the first took it back."""
    decided_at = None if by is None else now
    await connection.execute(
        update(adjustment)
        .where(adjustment.c.id.in_(ids))
        .values(
            state=state.value,
            decided_by=by,
            decided_at=decided_at,
            decision_reason=reason,
            version=adjustment.c.version + 1,
        )
    )


async def supersede_settled(connection: AsyncConnection, admdvs: str, *, now: datetime) -> None:
    """Supersede proposed adjustments whose lines, obligations or alerts have been answered otherwise since."""
    await connection.execute(_SUPERSEDE, {"admdvs": admdvs, "now": now})


async def page(
    connection: AsyncConnection,
    admdvs: str,
    *,
    state: AdjustmentState | None,
    line_id: int | None,
    after: tuple[datetime, UUID] | None,
    limit: int,
) -> list[Adjustment]:
    """The agency's adjustments, newest first, up to ``limit + 1``."""
    order = (adjustment.c.proposed_at, adjustment.c.id)
    query = _select().where(adjustment.c.admdvs == admdvs)
    if state is not None:
        query = query.where(adjustment.c.state == state)
    if line_id is not None:
        query = query.where(or_(adjustment.c.line_id == line_id, adjustment.c.other_line_id == line_id))
    if after is not None:
        query = query.where(func.row(*order) < func.row(*after))
    query = query.order_by(*(column.desc() for column in order)).limit(limit + 1)
    return [_adjustment(row) for row in await connection.execute(query)]


async def by_id(connection: AsyncConnection, admdvs: str, adjustment_id: UUID) -> Adjustment | None:
    """One adjustment of the agency."""
    query = _select().where(adjustment.c.admdvs == admdvs, adjustment.c.id == adjustment_id)
    row = (await connection.execute(query)).one_or_none()
    return None if row is None else _adjustment(row)


def _select() -> Any:
    return select(*(adjustment.c[name] for name in Adjustment.__dataclass_fields__))


def _adjustment(row: Row[Any]) -> Adjustment:
    read = {
        "kind": AdjustmentKind(row.kind),
        "state": AdjustmentState(row.state),
        "to_class": None if row.to_class is None else LineClass(row.to_class),
    }
    return Adjustment(**{**row._mapping, **read})
