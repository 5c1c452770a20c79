"""Hand a payment file out: once, and once more whenever another person has permitted it."""

from datetime import datetime
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncConnection

from ledger.domain.batches import require_other_person
from ledger.domain.payment_file import AlreadyDownloaded, NotDownloadedYet, require_all_released
from ledger.repository import payment_files
from ledger.repository.locks import lock_matching
from ledger.repository.payment_files import DownloadRow, PaymentFileRow
from shared.errors import NotFound
from shared.law import design
from shared.web.etags import Expected


@design("a payment file is handed out once; again only by two people")
async def take_payment_file(connection: AsyncConnection, admdvs: str, file_id: UUID, *, by: str, now: datetime) -> None:
    """Note that ``by`` takes the file away.

    Raises ``NotFound``, ``PaymentFileOutdated``, ``AlreadyDownloaded`` and ``SamePerson``.
    """
    await lock_matching(connection, [admdvs])
    await _require_file(connection, admdvs, file_id)
    require_all_released(await payment_files.order_states(connection, file_id))
    before = await payment_files.downloads(connection, [file_id])
    if not before:
        await payment_files.add_download(connection, DownloadRow(file_id, 1, None, None, None, by, now))
        return
    last = before[-1]
    if last.downloaded_by is not None:
        raise AlreadyDownloaded("文件已经下载过；确需再次下载的，须由另一人批准")
    require_other_person(last.permitted_by or "", by)
    await payment_files.use_permission(connection, last, by=by, now=now)


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
    await _require_file(connection, admdvs, file_id)
    before = await payment_files.downloads(connection, [file_id])
    expected.require(version_of(before))
    require_all_released(await payment_files.order_states(connection, file_id))
    if not before or before[-1].downloaded_by is None:
        raise NotDownloadedYet("文件还可以下载，不需要批准")
    permission = DownloadRow(file_id, before[-1].download_no + 1, by, now, reason, None, None)
    await payment_files.add_download(connection, permission)


def version_of(downloads: list[DownloadRow]) -> int:
    """What an ``ETag`` of a file stands on: it changes with every permission and every download."""
    return sum(1 + (one.downloaded_by is not None) for one in downloads) + 1


async def _require_file(connection: AsyncConnection, admdvs: str, file_id: UUID) -> PaymentFileRow:
    row = await payment_files.by_id(connection, admdvs, file_id)
    if row is None:
        raise NotFound("没有这个支付文件")
    return row
