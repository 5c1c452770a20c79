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
    """Set or correct the number, which stays as it is when it is the same; raises ``NotFound``, ``PreconditionFailed``.

    A number that is replaced is kept with who recorded it.
    """
    found = await vouchers.lock(connection, admdvs, voucher_id)
    if found is None:
        raise NotFound("没有这张凭证")
    version, present = found
    expected.require(version)
    if present == number:
        return
    await vouchers.record_number(connection, admdvs, voucher_id, number, by=by, now=now)
