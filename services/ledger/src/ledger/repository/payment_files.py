"""Files of payments as they were made, and who took them away."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import insert, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from ledger.tables import payment_download, payment_file, payment_file_item, payment_order


@dataclass(frozen=True, slots=True)
class PaymentFileRow:
    """One file without its bytes; ``digest`` is SHA-256 (hex) of them, ``amount_fen`` in fen."""

    id: UUID
    admdvs: str
    batch_id: UUID
    payer_bankacct: str
    form: str
    name: str
    media_type: str
    digest: str
    order_count: int
    amount_fen: int
    made_by: str
    made_at: datetime


@dataclass(frozen=True, slots=True)
class DownloadRow:
    """One time that a file was handed out, or may be: ``downloaded_by`` is ``None`` while a permission is unused."""

    file_id: UUID
    download_no: int
    permitted_by: str | None
    permitted_at: datetime | None
    reason: str | None
    downloaded_by: str | None
    downloaded_at: datetime | None


def version_of(downloads: Sequence[DownloadRow]) -> int:
    """What an ``ETag`` of a file stands on: it grows with every permission and every download."""
    return 1 + sum(1 + (one.downloaded_by is not None) for one in downloads)


async def add(connection: AsyncConnection, row: PaymentFileRow, content: bytes, order_ids: Sequence[UUID]) -> None:
    """Keep a file, and which orders it holds."""
    values = {name: getattr(row, name) for name in PaymentFileRow.__dataclass_fields__}
    await connection.execute(insert(payment_file).values(**values, content=content))
    items = [{"file_id": row.id, "order_id": order_id} for order_id in order_ids]
    await connection.execute(insert(payment_file_item), items)


async def of_batch(connection: AsyncConnection, admdvs: str, batch_id: UUID) -> list[PaymentFileRow]:
    """The files of an agency's batch, by payer account."""
    query = _files().where(payment_file.c.admdvs == admdvs, payment_file.c.batch_id == batch_id)
    rows = await connection.execute(query.order_by(payment_file.c.payer_bankacct))
    return [PaymentFileRow(**row._mapping) for row in rows]


async def by_id(connection: AsyncConnection, admdvs: str, file_id: UUID) -> PaymentFileRow | None:
    """One file of the agency."""
    query = _files().where(payment_file.c.admdvs == admdvs, payment_file.c.id == file_id)
    row = (await connection.execute(query)).one_or_none()
    return None if row is None else PaymentFileRow(**row._mapping)


async def content_of(connection: AsyncConnection, file_id: UUID) -> bytes:
    """The very bytes that were made."""
    return bytes(
        (await connection.execute(select(payment_file.c.content).where(payment_file.c.id == file_id))).scalar_one()
    )


async def order_states(connection: AsyncConnection, file_id: UUID) -> dict[UUID, str]:
    """The present states of the orders that a file holds, the orders locked."""
    query = (
        select(payment_order.c.id, payment_order.c.state)
        .join(payment_file_item, payment_file_item.c.order_id == payment_order.c.id)
        .where(payment_file_item.c.file_id == file_id)
        .order_by(payment_order.c.id)
        .with_for_update(of=payment_order)
    )
    return {row.id: row.state for row in await connection.execute(query)}


async def downloads(connection: AsyncConnection, file_ids: Sequence[UUID]) -> list[DownloadRow]:
    """Who took the files, and who permitted it, in order."""
    columns = [payment_download.c[name] for name in DownloadRow.__dataclass_fields__]
    query = select(*columns).where(payment_download.c.file_id.in_(file_ids))
    rows = await connection.execute(query.order_by(payment_download.c.file_id, payment_download.c.download_no))
    return [DownloadRow(**row._mapping) for row in rows]


async def add_download(connection: AsyncConnection, row: DownloadRow) -> None:
    """Keep a first download, or a permission for one more."""
    values = {name: getattr(row, name) for name in DownloadRow.__dataclass_fields__}
    await connection.execute(insert(payment_download).values(values))


async def use_permission(connection: AsyncConnection, row: DownloadRow, *, by: str, now: datetime) -> None:
    """Note who used a permission; the database refuses who gave it."""
    await connection.execute(
        update(payment_download)
        .where(payment_download.c.file_id == row.file_id, payment_download.c.download_no == row.download_no)
        .values(downloaded_by=by, downloaded_at=now)
    )


def _files() -> Any:
    return select(*(payment_file.c[name] for name in PaymentFileRow.__dataclass_fields__))
