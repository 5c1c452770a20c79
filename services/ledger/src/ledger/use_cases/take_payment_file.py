"""Hand a payment file out: once, and once more whenever another person has permitted it."""

from datetime import datetime
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncConnection

from ledger.domain.payment_file import AlreadyDownloaded, PaymentFileOutdated, require_all_released
from ledger.domain.two_people import require_other_person
from ledger.repository import batches, payment_files
from ledger.repository.locks import lock_matching
from ledger.repository.payment_files import DownloadRow, PaymentFileRow
from ledger.use_cases.let_leave import let_leave
from shared.errors import NotFound
from shared.law import design
from shared.registry.registry import Registry


@design("a payment file is handed out once; again only by two people")
async def take_payment_file(
    connection: AsyncConnection,
    admdvs: str,
    file_id: UUID,
    *,
    registry: Registry,
    is_repeat: bool,
    by: str,
    now: datetime,
) -> PaymentFileRow:
    """Note that ``by`` takes the file away; nothing where he asks for his own download once more (``is_repeat``).

    Raises ``NotFound``, ``PaymentFileOutdated``, ``PaymentFileHeld``, ``AlreadyOnStatement``, ``AlreadyDownloaded``
    and ``SamePerson``.
    """
    await lock_matching(connection, [admdvs])
    row = await require_file(connection, admdvs, file_id)
    await _require_payable(connection, row, registry, now)
    if not is_repeat:
        await _note(connection, file_id, by, now)
    return row


async def _note(connection: AsyncConnection, file_id: UUID, by: str, now: datetime) -> None:
    before = await payment_files.downloads(connection, [file_id])
    if not before:
        await payment_files.add_download(connection, DownloadRow(file_id, 1, None, None, None, by, now))
        return
    last = before[-1]
    if last.downloaded_by is not None:
        raise AlreadyDownloaded("文件已经下载过；确需再次下载的，须由另一人批准")
    require_other_person(last.permitted_by, by, "批准再次下载的人不能自己下载")
    await payment_files.use_permission(connection, last, by=by, now=now)


async def _require_payable(connection: AsyncConnection, row: PaymentFileRow, registry: Registry, now: datetime) -> None:
    """Returns while the bank has answered for none of the file and nothing holds it."""
    if await payment_files.is_renewed(connection, row.id):
        raise PaymentFileOutdated("其中的支付单已写入重新生成的文件，请下载新的文件")
    states = await payment_files.order_states(connection, row.id)
    require_all_released(states.values())
    places = await batches.places_in(connection, row.batch_id)
    orders = {order_id: places[order_id] for order_id in states}
    await let_leave(connection, row.admdvs, orders, registry=registry, now=now)


async def require_file(connection: AsyncConnection, admdvs: str, file_id: UUID) -> PaymentFileRow:
    """The file; raises ``NotFound``."""
    row = await payment_files.by_id(connection, admdvs, file_id)
    if row is None:
        raise NotFound("没有这个支付文件")
    return row
