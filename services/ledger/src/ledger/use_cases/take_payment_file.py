"""Hand a payment file out: once, and once more whenever another person has permitted it."""

from datetime import datetime
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncConnection

from ledger.domain.payment_file import AlreadyDownloaded, require_all_released
from ledger.domain.two_people import require_other_person
from ledger.repository import payment_files
from ledger.repository.locks import lock_matching
from ledger.repository.payment_files import DownloadRow, PaymentFileRow
from ledger.use_cases.let_leave import let_leave
from shared.errors import NotFound
from shared.law import design
from shared.registry.registry import Registry


@design("a payment file is handed out once; again only by two people")
async def take_payment_file(
    connection: AsyncConnection, admdvs: str, file_id: UUID, *, registry: Registry, by: str, now: datetime
) -> None:
    """Note that ``by`` takes the file away.

    Raises ``NotFound``, ``PaymentFileOutdated``, ``PaymentFileHeld``, ``AlreadyDownloaded`` and ``SamePerson``.
    """
    await require_payable_file(connection, admdvs, file_id, registry=registry, now=now)
    before = await payment_files.downloads(connection, [file_id])
    if not before:
        await payment_files.add_download(connection, DownloadRow(file_id, 1, None, None, None, by, now))
        return
    last = before[-1]
    if last.downloaded_by is not None:
        raise AlreadyDownloaded("文件已经下载过；确需再次下载的，须由另一人批准")
    require_other_person(last.permitted_by, by, "批准再次下载的人不能自己下载")
    await payment_files.use_permission(connection, last, by=by, now=now)


async def require_payable_file(
    connection: AsyncConnection, admdvs: str, file_id: UUID, *, registry: Registry, now: datetime
) -> None:
    """Returns while the bank has answered for none of the file and nothing holds it: also before the same bytes leave
    again.

    Raises ``NotFound``, ``PaymentFileOutdated`` and ``PaymentFileHeld``.
    """
    await lock_matching(connection, [admdvs])
    await require_file(connection, admdvs, file_id)
    states = await payment_files.order_states(connection, file_id)
    require_all_released(states.values())
    await let_leave(connection, admdvs, list(states), registry=registry, now=now)


async def require_file(connection: AsyncConnection, admdvs: str, file_id: UUID) -> PaymentFileRow:
    """The file; raises ``NotFound``."""
    row = await payment_files.by_id(connection, admdvs, file_id)
    if row is None:
        raise NotFound("没有这个支付文件")
    return row
