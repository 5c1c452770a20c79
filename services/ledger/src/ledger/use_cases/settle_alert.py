"""Close an alert after somebody has looked at what it is about."""

from datetime import datetime

from sqlalchemy.ext.asyncio import AsyncConnection

from ledger.domain.alerts import HOLDS_ORDERS, AlertAlreadySettled, AlertKind
from ledger.repository import alerts, order_blocks
from ledger.repository.alerts import AlertRow
from ledger.repository.locks import lock_matching
from ledger.use_cases.settle_doubts import settle_doubts
from ledger.use_cases.settle_states import settle_states
from shared.errors import NotFound
from shared.signing.signers import Signers
from shared.web.etags import Expected


async def settle_alert(
    connection: AsyncConnection,
    admdvs: str,
    alert_id: int,
    *,
    reason: str,
    expected: Expected,
    by: str,
    signers: Signers,
    now: datetime,
) -> AlertRow:
    """The alert as settled; orders that were held for it go on, and so does an old item that is no duplicate.

    Raises ``NotFound``, ``PreconditionFailed`` and ``AlertAlreadySettled``.
    """
    await lock_matching(connection, [admdvs])
    row = await alerts.lock(connection, admdvs, alert_id)
    if row is None:
        raise NotFound("没有这条提示")
    expected.require(row.version)
    if row.settled_at is not None:
        raise AlertAlreadySettled("这条提示已经处理过")
    await alerts.settle(connection, [alert_id], by=by, reason=reason, now=now)
    if row.kind in HOLDS_ORDERS:
        lifted = await order_blocks.lift(connection, admdvs, row.subject, by=by, now=now)
        await settle_states(connection, lifted)
    if row.kind == AlertKind.OPENING_DUPLICATE:
        await settle_doubts(connection, admdvs, subjects=[row.subject], by=by, reason=reason, signers=signers, now=now)
    settled = await alerts.lock(connection, admdvs, alert_id)
    return settled or row
