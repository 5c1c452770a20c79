"""The second person's word: a payment file may be handed out once more."""

from datetime import datetime
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncConnection

from ledger.domain.payment_file import NotDownloadedYet, require_all_released
from ledger.repository import payment_files
from ledger.repository.locks import lock_matching
from ledger.repository.payment_files import DownloadRow, version_of
from ledger.use_cases.take_payment_file import require_file
from shared.web.etags import Expected


async def permit_download(
    connection: AsyncConnection,
    admdvs: str,
    file_id: UUID,
    *,
    reason: str,
    expected: Expected,
    by: str,
    now: datetime,
) -> None:
    """Permit one more download by somebody else; the same bytes are handed out.

    Raises ``NotFound``, ``PreconditionFailed``, ``PaymentFileOutdated`` and ``NotDownloadedYet``.
    """
    await lock_matching(connection, [admdvs])
    await require_file(connection, admdvs, file_id)
    before = await payment_files.downloads(connection, [file_id])
    expected.require(version_of(before))
    require_all_released((await payment_files.order_states(connection, file_id)).values())
    if not before or before[-1].downloaded_by is None:
        raise NotDownloadedYet("文件还可以下载，不需要批准")
    permission = DownloadRow(file_id, before[-1].download_no + 1, by, now, reason, None, None)
    await payment_files.add_download(connection, permission)
