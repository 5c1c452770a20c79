"""The first of two people: propose that the orders which an alert holds go on."""

from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncConnection

from ledger.domain.adjustments import AdjustmentKind, AdjustmentUnderWay
from ledger.domain.alerts import require_holding
from ledger.repository import adjustments
from ledger.repository.locks import lock_matching
from ledger.use_cases.propose_adjustments import Proposer
from ledger.use_cases.settle_alert import open_alert
from shared.web.etags import Expected


async def propose_release(
    connection: AsyncConnection, admdvs: str, alert_id: int, proposer: Proposer, *, expected: Expected
) -> UUID:
    """The adjustment that waits for its second person; until then nothing goes on.

    Raises ``NotFound``, ``PreconditionFailed``, ``AlertAlreadySettled``, ``AlertHoldsNothing``, ``AdjustmentUnderWay``.
    """
    await lock_matching(connection, [admdvs])
    alert = await open_alert(connection, admdvs, alert_id, expected)
    require_holding(alert.kind, is_holding=True)
    if alert.release_id is not None:
        raise AdjustmentUnderWay("这条提示已有待复核的解除")
    row = proposer.adjustment(AdjustmentKind.RELEASE, alert_id=alert_id)
    await adjustments.add(connection, admdvs, [row])
    return row.id
