"""Keep the number under which the general ledger has taken a voucher."""

from datetime import datetime
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncConnection

from ledger.repository import vouchers
from shared.errors import NotFound
from shared.web.etags import Expected


async def record_gl_number(
    connection: AsyncConnection,
    admdvs: str,
    voucher_id: UUID,
    number: str,
    *,
    expected: Expected,
    by: str,
    now: datetime,
) -> None:
    """Set or correct the number; raises ``NotFound`` and ``PreconditionFailed``."""
    version = await vouchers.lock_version(connection, admdvs, voucher_id)
    if version is None:
        raise NotFound("没有这张凭证")
    expected.require(version)
    await vouchers.record_number(connection, admdvs, voucher_id, number, by=by, now=now)
