"""The first of two people: propose that lines are about something else than the rules said."""

from collections.abc import Sequence
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncConnection

from ledger.domain.adjustments import Adjustment, AdjustmentKind, AdjustmentUnderWay
from ledger.domain.line_classes import LineClass
from ledger.domain.reclassification import ClassedLine, require_reclassifiable
from ledger.domain.suspense_steps import SuspenseStep
from ledger.repository import adjustments, reclassification
from ledger.repository.locks import lock_matching
from ledger.use_cases.choose_items import Wanted
from ledger.use_cases.note_adjustments import note_adjustments
from ledger.use_cases.propose_adjustments import Proposer
from shared.errors import DomainError, NotFound


async def propose_reclassifications(
    connection: AsyncConnection, admdvs: str, wanted: Sequence[tuple[Wanted, LineClass]], proposer: Proposer
) -> tuple[dict[int, UUID], dict[int, DomainError]]:
    """Propose a class for each line as its class was seen; the adjustments by line, and why others were refused.

    Refusals: ``NotFound``, ``PreconditionFailed``, ``LineNotReclassifiable``, ``AdjustmentUnderWay``.
    """
    await lock_matching(connection, [admdvs])
    ids = [one.line_id for one, _ in wanted]
    present = {line.id: line for line in await reclassification.lines(connection, admdvs, ids)}
    under_way = await adjustments.open_lines(connection, ids)
    rows: list[Adjustment] = []
    refused: dict[int, DomainError] = {}
    for one, to in wanted:
        try:
            line = _judged(present.get(one.line_id), one, to, under_way)
        except DomainError as error:
            refused[one.line_id] = error
        else:
            rows.append(proposer.adjustment(AdjustmentKind.RECLASSIFICATION, line.id, to_class=to))
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
    return {row.line_id: row.id for row in rows if row.line_id is not None}, refused


def _judged(line: ClassedLine | None, wanted: Wanted, to: LineClass, under_way: set[int]) -> ClassedLine:
    if line is None:
        raise NotFound("没有这笔流水")
    wanted.expected.require(line.version)
    if line.id in under_way:
        raise AdjustmentUnderWay("这笔流水已有待复核的调整：先由另一人复核，或由提出人撤回")
    require_reclassifiable(line, to)
    return line
