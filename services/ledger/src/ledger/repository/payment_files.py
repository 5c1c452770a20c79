"""Files of payments as they were made, and who took them away."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import insert, select, text, update
from sqlalchemy.ext.asyncio import AsyncConnection

from ledger.domain.rejections import BY_BANK
from ledger.tables import payment_download, payment_file, payment_file_item, payment_order

_ADD_ITEMS = text(
    """
    INSERT INTO payment_file_item (file_id, order_id, attempt_no)
    SELECT :file_id, o.id, 1 + coalesce(
        (SELECT max(attempt_no) FROM payment_file_item i WHERE i.order_id = o.id), 0)
    FROM unnest(CAST(:order_ids AS uuid[])) AS o (id)
    """
)
_LATER = "SELECT FROM payment_file_item l WHERE l.order_id = {item}.order_id AND l.attempt_no > {item}.attempt_no"
_TO_RENEW = text(
    f"""
    SELECT i.order_id FROM payment_file f
    JOIN payment_file_item i ON i.file_id = f.id
    JOIN payment_order o ON o.id = i.order_id AND o.state = 'released'
    CROSS JOIN LATERAL (
        SELECT bool_or(p.state <> 'released' OR EXISTS ({_LATER.format(item="j")})) AS is_outdated,
               bool_or(p.state <> 'released' AND (p.state <> 'rejected' OR p.rejected_by = :bank)
                       AND NOT EXISTS ({_LATER.format(item="j")})) AS is_answered
        FROM payment_file_item j JOIN payment_order p ON p.id = j.order_id WHERE j.file_id = f.id
    ) whole
    WHERE f.batch_id = :batch_id AND whole.is_outdated AND NOT whole.is_answered
      AND NOT EXISTS ({_LATER.format(item="i")})
      AND NOT EXISTS (SELECT FROM payment_download d WHERE d.file_id = f.id)
    """  # noqa: S608  # only our own SQL is put in
)
_IS_RENEWED = text(
    f"SELECT EXISTS (SELECT FROM payment_file_item i WHERE i.file_id = :file_id"  # noqa: S608  # the same
    f" AND EXISTS ({_LATER.format(item='i')}))"
)


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
    await connection.execute(_ADD_ITEMS, {"file_id": row.id, "order_ids": list(order_ids)})


async def to_renew(connection: AsyncConnection, batch_id: UUID) -> set[UUID]:
    """The released orders of a batch whose file nobody has taken, and nobody can take, only because people have noted
    that others in it were refused; not so once a bank has answered for any.
    """
    values = {"batch_id": batch_id, "bank": BY_BANK}
    return set((await connection.scalars(_TO_RENEW, values)).all())


async def is_renewed(connection: AsyncConnection, file_id: UUID) -> bool:
    """Whether orders of a file stand in a later one."""
    return bool(await connection.scalar(_IS_RENEWED, {"file_id": file_id}))


async def of_batch(connection: AsyncConnection, admdvs: str, batch_id: UUID) -> list[PaymentFileRow]:
    """The files of an agency's batch, by payer account, the oldest first."""
    query = _files().where(payment_file.c.admdvs == admdvs, payment_file.c.batch_id == batch_id)
    rows = await connection.execute(query.order_by(payment_file.c.payer_bankacct, payment_file.c.made_at))
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
