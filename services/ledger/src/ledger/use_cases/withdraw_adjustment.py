"""Who proposed an adjustment takes it back before anybody has decided it."""

from datetime import datetime
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncConnection

from ledger.domain.adjustments import AdjustmentState, require_proposer, require_undecided
from ledger.domain.suspense_steps import SuspenseStep
from ledger.repository import adjustments
from ledger.repository.locks import lock_matching
from ledger.use_cases.note_adjustments import note_adjustments
from shared.errors import NotFound
from shared.web.etags import Expected


async def withdraw_adjustment(
    connection: AsyncConnection,
    admdvs: str,
    adjustment_id: UUID,
    *,
    expected: Expected,
    reason: str | None,
    by: str,
    now: datetime,
) -> None:
    """Raises ``NotFound``, ``PreconditionFailed``, ``AdjustmentAlreadyDecided`` and ``SamePerson``."""
    await lock_matching(connection, [admdvs])
    row = (await adjustments.lock(connection, admdvs, [adjustment_id])).get(adjustment_id)
    if row is None:
        raise NotFound("没有这项调整")
    expected.require(row.version)
    require_undecided(row)
    require_proposer(row, by)
    await adjustments.decide(connection, [row.id], AdjustmentState.WITHDRAWN, by=None, reason=reason, now=now)
    await note_adjustments(connection, admdvs, [row], SuspenseStep.ADJUSTMENT_WITHDRAWN, reason=reason, by=by, now=now)
