"""Close an alert after somebody has looked at what it is about."""

from datetime import datetime

from sqlalchemy.ext.asyncio import AsyncConnection

from ledger.domain.alerts import AlertAlreadySettled
from ledger.repository import alerts
from ledger.repository.alerts import AlertRow
from shared.errors import NotFound
from shared.web.etags import Expected


async def settle_alert(
    connection: AsyncConnection, admdvs: str, alert_id: int, *, reason: str, expected: Expected, by: str, now: datetime
) -> AlertRow:
    """The alert as settled; raises ``NotFound``, ``PreconditionFailed`` and ``AlertAlreadySettled``."""
    row = await alerts.lock(connection, admdvs, alert_id)
    if row is None:
        raise NotFound("没有这条提示")
    expected.require(row.version)
    if row.settled_at is not None:
        raise AlertAlreadySettled("这条提示已经处理过")
    await alerts.settle(connection, [alert_id], by=by, reason=reason, now=now)
    settled = await alerts.lock(connection, admdvs, alert_id)
    return settled or row
