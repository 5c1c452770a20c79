"""Close an alert that holds no order, after somebody has looked at what it is about."""

from datetime import datetime

from sqlalchemy.ext.asyncio import AsyncConnection

from ledger.domain.alerts import require_holding, require_open
from ledger.repository import alerts
from ledger.repository.alerts import AlertRow
from ledger.repository.locks import lock_matching
from shared.errors import NotFound
from shared.web.etags import Expected


async def settle_alert(
    connection: AsyncConnection,
    admdvs: str,
    alert_id: int,
    *,
    reason: str,
    expected: Expected,
    by: str,
    now: datetime,
) -> AlertRow:
    """The alert as settled.

    Raises ``NotFound``, ``PreconditionFailed``, ``AlertAlreadySettled`` and ``AlertNeedsTwo``.
    """
    await lock_matching(connection, [admdvs])
    row = await open_alert(connection, admdvs, alert_id, expected)
    require_holding(row.kind, is_holding=False)
    await alerts.settle(connection, alert_id, by=by, reason=reason, now=now)
    return (await alerts.by_ids(connection, admdvs, [alert_id]))[alert_id]


async def open_alert(connection: AsyncConnection, admdvs: str, alert_id: int, expected: Expected) -> AlertRow:
    """The alert, locked, as it was seen; raises ``NotFound``, ``PreconditionFailed`` and ``AlertAlreadySettled``."""
    row = (await alerts.by_ids(connection, admdvs, [alert_id])).get(alert_id)
    if row is None:
        raise NotFound("没有这条提示")
    expected.require(row.version)
    require_open(row.settled_at)
    return row
