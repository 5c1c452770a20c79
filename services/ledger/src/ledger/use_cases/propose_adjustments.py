"""The first of two people: propose to write off what is left of lines, or to set one off against another."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID, uuid4

from sqlalchemy.ext.asyncio import AsyncConnection

from ledger.domain.adjustments import (
    Adjustment,
    AdjustmentKind,
    AdjustmentState,
    AdjustmentUnderWay,
    NotAdjustable,
    require_offset,
    require_write_off,
)
from ledger.domain.line_classes import LineClass
from ledger.domain.suspense_items import SuspenseItem
from ledger.domain.suspense_steps import SuspenseStep
from ledger.repository import adjustments, clearings
from ledger.use_cases.choose_items import Chosen, Wanted, choose_items
from ledger.use_cases.note_adjustments import note_adjustments


@dataclass(frozen=True, slots=True)
class Proposer:
    """Who proposes, when (UTC), and why."""

    by: str
    now: datetime
    reason: str

    def adjustment(
        self,
        kind: AdjustmentKind,
        line_id: int | None = None,
        amount_fen: int | None = None,
        *,
        other_line_id: int | None = None,
        obligation_id: int | None = None,
        alert_id: int | None = None,
        to_class: LineClass | None = None,
    ) -> Adjustment:
        """A new one; it waits for its second person."""
        return Adjustment(
            id=uuid4(),
            kind=kind,
            line_id=line_id,
            other_line_id=other_line_id,
            obligation_id=obligation_id,
            alert_id=alert_id,
            to_class=to_class,
            amount_fen=amount_fen,
            reason=self.reason,
            state=AdjustmentState.PROPOSED,
            proposed_by=self.by,
            proposed_at=self.now,
            decided_by=None,
            decided_at=None,
            decision_reason=None,
            version=1,
        )


async def propose_write_offs(
    connection: AsyncConnection,
    admdvs: str,
    wanted: Sequence[Wanted],
    proposer: Proposer,
    *,
    amount_fen: int | None,
    max_fen: int,
) -> tuple[Chosen, dict[int, UUID]]:
    """Propose to write off ``amount_fen`` of each item, all that is left by default; the adjustments by line.

    Refusals besides those of ``choose_items``: ``AdjustmentUnderWay``, ``NotAdjustable``.
    """
    chosen = await choose_items(connection, admdvs, wanted)
    written_off = await clearings.written_off(connection, chosen.line_ids)

    def write_off(item: SuspenseItem) -> Adjustment:
        amount = item.left_fen if amount_fen is None else amount_fen
        if amount <= 0:
            raise NotAdjustable("这笔款项没有尚未处理的金额：已经匹配，或退回支付单在办理")
        require_write_off(item.left_fen, written_off.get(item.line_id, 0), amount, max_fen)
        return proposer.adjustment(AdjustmentKind.WRITE_OFF, item.line_id, amount)

    return await _propose(connection, admdvs, chosen, write_off, proposer)


async def propose_offset(
    connection: AsyncConnection,
    admdvs: str,
    wanted: Wanted,
    other: Wanted,
    proposer: Proposer,
    *,
    amount_fen: int | None,
) -> UUID:
    """Propose to set an item off against another, over what both have left by default; the adjustment's id.

    Raises what ``choose_items`` refuses for, ``AdjustmentUnderWay`` and ``NotAdjustable``.
    """
    chosen = await choose_items(connection, admdvs, [wanted, other])
    chosen.require_all()
    items = {item.line_id: item for item in chosen.items}
    against = items[other.line_id]

    def offset(item: SuspenseItem) -> Adjustment:
        amount = min(item.left_or_sent_fen, against.left_or_sent_fen) if amount_fen is None else amount_fen
        if amount <= 0:
            raise NotAdjustable("其中一笔没有尚未处理的金额：已经匹配，或退回支付单尚未放行")
        require_offset(item, against, amount)
        return proposer.adjustment(AdjustmentKind.OFFSET, item.line_id, amount, other_line_id=against.line_id)

    open_lines = await adjustments.open_lines(connection, [against.line_id])
    if open_lines:
        raise AdjustmentUnderWay("另一笔款项已有待复核的调整：先由另一人复核，或由提出人撤回")
    one = Chosen([items[wanted.line_id]], {})
    chosen, made = await _propose(connection, admdvs, one, offset, proposer)
    chosen.require_all()
    return made[wanted.line_id]


async def _propose(
    connection: AsyncConnection,
    admdvs: str,
    chosen: Chosen,
    rule: Callable[[SuspenseItem], Adjustment],
    proposer: Proposer,
) -> tuple[Chosen, dict[int, UUID]]:
    under_way = await adjustments.open_lines(connection, chosen.line_ids)

    def once(item: SuspenseItem) -> Adjustment:
        if item.line_id in under_way:
            raise AdjustmentUnderWay("这笔款项已有待复核的调整：先由另一人复核，或由提出人撤回")
        return rule(item)

    chosen, rows = chosen.narrowed(once)
    await adjustments.add(connection, admdvs, rows)
    await note_adjustments(
        connection,
        admdvs,
        rows,
        SuspenseStep.ADJUSTMENT_PROPOSED,
        reason=proposer.reason,
        by=proposer.by,
        now=proposer.now,
    )
    return chosen, {row.line_id: row.id for row in rows if row.line_id is not None}
