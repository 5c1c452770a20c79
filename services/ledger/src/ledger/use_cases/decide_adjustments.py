"""The second of two people: approve adjustments, which then take effect at once, or reject them with a reason."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncConnection

from ledger.domain.adjustments import (
    Adjustment,
    AdjustmentKind,
    AdjustmentState,
    require_offset,
    require_undecided,
    require_write_off,
)
from ledger.domain.alerts import require_open as require_alert_open
from ledger.domain.expected_money import ExpectedMoney, require_rest_write_off
from ledger.domain.reclassification import ClassedLine
from ledger.domain.suspense_items import SuspenseItem, require_open
from ledger.domain.suspense_steps import SuspenseStep
from ledger.domain.two_people import require_other_person
from ledger.repository import (
    adjustments,
    alerts,
    clearings,
    expected_money,
    periods,
    reclassification,
    suspense_items,
)
from ledger.repository.alerts import AlertRow
from ledger.repository.locks import lock_matching
from ledger.repository.reclassification import Change
from ledger.use_cases.clear_adjustments import clear_adjustments
from ledger.use_cases.note_adjustments import lines_of, note_adjustments
from ledger.use_cases.reclassify_lines import class_change, follow_moved, reclassify_lines
from ledger.use_cases.release_alerts import release_alerts
from shared.errors import DomainError, NotFound
from shared.signing.signers import Signers
from shared.web.etags import Expected

_CLEARS = frozenset({AdjustmentKind.WRITE_OFF, AdjustmentKind.OFFSET})


@dataclass(frozen=True, slots=True)
class Word:
    """The second person's word on adjustments; ``max_fen``: the most that may be written off of a line."""

    is_approved: bool
    reason: str | None
    by: str
    now: datetime
    max_fen: int


@dataclass(frozen=True, slots=True)
class _Standing:
    """What adjustments are about, as it stands under the agency's lock."""

    items: Mapping[int, SuspenseItem]
    lines: Mapping[int, ClassedLine]
    written_off: Mapping[int, int]
    expected: Mapping[int, ExpectedMoney]
    alerts: Mapping[int, AlertRow]


@dataclass(slots=True)
class _Plan:
    decided: list[Adjustment] = field(default_factory=list)
    changes: list[Change] = field(default_factory=list)
    refused: dict[UUID, DomainError] = field(default_factory=dict)


async def decide_adjustments(
    connection: AsyncConnection,
    admdvs: str,
    wanted: Sequence[tuple[UUID, Expected]],
    word: Word,
    *,
    signers: Signers,
) -> dict[UUID, DomainError]:
    """Decide each; why others were not decided.

    ``NotFound``, ``PreconditionFailed``, ``AdjustmentAlreadyDecided``, ``SamePerson``, ``SuspenseSettled``,
    ``NotAdjustable``, ``LineNotReclassifiable``, ``PeriodClosed`` and ``AlertAlreadySettled``.
    """
    await lock_matching(connection, [admdvs])
    rows = await adjustments.lock(connection, admdvs, [one for one, _ in wanted])
    standing = await _standing(connection, admdvs, list(rows.values()))
    first_open = await periods.first_open_day(connection, admdvs)
    plan = _Plan()
    for adjustment_id, expected in wanted:
        try:
            row = _decidable(rows.get(adjustment_id), expected, word)
            if word.is_approved and row.kind is AdjustmentKind.RECLASSIFICATION:
                line = standing.lines.get(row.line_id or 0)
                plan.changes.append(class_change(row, line, first_open=first_open, now=word.now))
            elif word.is_approved:
                _require_still_right(row, standing, word.max_fen)
            plan.decided.append(row)
        except DomainError as error:
            plan.refused[adjustment_id] = error
    state = AdjustmentState.APPROVED if word.is_approved else AdjustmentState.REJECTED
    ids = [row.id for row in plan.decided]
    await adjustments.decide(connection, ids, state, by=word.by, reason=word.reason, now=word.now)
    if word.is_approved:
        # Before anything is matched anew: of two debits that both fit, people may have said what either of them is.
        moved = await reclassify_lines(connection, plan.changes, now=word.now)
        clearing = [row.id for row in plan.decided if row.kind in _CLEARS]
        await clear_adjustments(connection, admdvs, clearing, signers=signers, now=word.now)
        await follow_moved(connection, admdvs, moved, signers=signers, now=word.now)
        released = {row.id: standing.alerts[row.alert_id] for row in plan.decided if row.alert_id is not None}
        await release_alerts(connection, admdvs, released, by=word.by, signers=signers, now=word.now)
    step = SuspenseStep.ADJUSTMENT_APPROVED if word.is_approved else SuspenseStep.ADJUSTMENT_REJECTED
    await note_adjustments(connection, admdvs, plan.decided, step, reason=word.reason, by=word.by, now=word.now)
    return plan.refused


async def _standing(connection: AsyncConnection, admdvs: str, rows: Sequence[Adjustment]) -> _Standing:
    ids = [line for row in rows for line in lines_of(row)]
    items = await suspense_items.lock(connection, admdvs, ids)
    lines = await reclassification.lines(connection, admdvs, ids)
    return _Standing(
        {item.line_id: item for item in items},
        {line.id: line for line in lines},
        await clearings.written_off(connection, ids),
        await expected_money.by_ids(connection, admdvs, [row.obligation_id for row in rows if row.obligation_id]),
        await alerts.by_ids(connection, admdvs, [row.alert_id for row in rows if row.alert_id]),
    )


def _decidable(row: Adjustment | None, expected: Expected, word: Word) -> Adjustment:
    if row is None:
        raise NotFound("没有这项调整")
    expected.require(row.version)
    require_undecided(row)
    require_other_person(row.proposed_by, word.by, "调整须由两人办理：提出人不能复核自己提出的调整")
    return row


def _require_still_right(row: Adjustment, standing: _Standing, max_fen: int) -> None:
    amount = row.amount_fen or 0
    if row.alert_id is not None:
        require_alert_open(standing.alerts[row.alert_id].settled_at)
        return
    if row.obligation_id is not None:
        require_rest_write_off(standing.expected[row.obligation_id], amount, max_fen)
        return
    items = [standing.items[line_id] for line_id in lines_of(row)]
    for item in items:
        require_open(item)
    if row.kind is AdjustmentKind.OFFSET:
        require_offset(items[0], items[1], amount)
        return
    require_write_off(items[0].left_fen, standing.written_off.get(items[0].line_id, 0), amount, max_fen)
