"""Vouchers: made from the postings that none holds yet, listed, and given the general ledger's number."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import func, select, text
from sqlalchemy.ext.asyncio import AsyncConnection

from ledger.tables import voucher

# The caller holds the agency's matching lock, under which all its postings are written: what is visible is complete.
_DRAW = text(
    """
    WITH run AS (
        INSERT INTO voucher_run AS present (admdvs, through_posting, ran_on)
        SELECT :admdvs, coalesce(max(id), 0), :today FROM posting WHERE admdvs = :admdvs
        ON CONFLICT (admdvs) DO UPDATE
        SET through_posting = greatest(present.through_posting, excluded.through_posting), ran_on = excluded.ran_on
        RETURNING through_posting
    ), pair AS (
        SELECT fund, booking_date, debit_account, credit_account, sum(amount_fen) AS amount_fen,
               count(*) AS posting_count
        FROM posting
        WHERE admdvs = :admdvs AND id > coalesce((SELECT through_posting FROM voucher_run WHERE admdvs = :admdvs), 0)
        GROUP BY fund, booking_date, debit_account, credit_account
    ), made AS (
        INSERT INTO voucher (id, admdvs, fund, booking_date, voucher_no, made_at)
        SELECT gen_random_uuid(), :admdvs, d.fund, d.booking_date,
               1 + (SELECT count(*) FROM voucher v
                    WHERE v.admdvs = :admdvs AND v.fund = d.fund AND v.booking_date = d.booking_date), :now
        FROM (SELECT DISTINCT fund, booking_date FROM pair) d
        WHERE EXISTS (SELECT FROM run)
        RETURNING id, fund, booking_date
    )
    INSERT INTO voucher_line (voucher_id, line_no, debit_account, credit_account, amount_fen, posting_count)
    SELECT m.id, row_number() OVER (PARTITION BY m.id ORDER BY p.debit_account, p.credit_account), p.debit_account,
           p.credit_account, p.amount_fen, p.posting_count
    FROM pair p JOIN made m USING (fund, booking_date)
    RETURNING voucher_id
    """
)
_RAN_ON = text("SELECT ran_on FROM voucher_run WHERE admdvs = :admdvs")
_LINES = text(
    """
    SELECT l.voucher_id, l.line_no, l.amount_fen, l.posting_count,
           d.title AS debit_title, dn.official_code AS debit_code, db.bankacct AS debit_bankacct,
           c.title AS credit_title, cn.official_code AS credit_code, cb.bankacct AS credit_bankacct
    FROM voucher_line l
    JOIN account d ON d.id = l.debit_account JOIN account_title dn ON dn.title = d.title
    LEFT JOIN bank_account db ON db.id = d.bank_account_id
    JOIN account c ON c.id = l.credit_account JOIN account_title cn ON cn.title = c.title
    LEFT JOIN bank_account cb ON cb.id = c.bank_account_id
    WHERE l.voucher_id = ANY(CAST(:ids AS uuid[]))
    ORDER BY l.voucher_id, l.line_no
    """
)
_RECORD = text(
    """
    WITH recorded AS (
        UPDATE voucher SET gl_voucher_no = :number, gl_recorded_by = :by, gl_recorded_at = :now, version = version + 1
        WHERE admdvs = :admdvs AND id = :id
        RETURNING id, version
    )
    INSERT INTO voucher_number (voucher_id, version, gl_voucher_no, recorded_by, recorded_at)
    SELECT id, version, :number, :by, :now FROM recorded
    """
)
_LOCK = text("SELECT version, gl_voucher_no FROM voucher WHERE admdvs = :admdvs AND id = :id FOR UPDATE")
_NUMBERS = text(
    """
    SELECT gl_voucher_no, recorded_by, recorded_at FROM voucher_number WHERE voucher_id = :id ORDER BY version
    """
)


_PLACE = (voucher.c.booking_date, voucher.c.fund, voucher.c.voucher_no)

VoucherKey = tuple[date, str, int]
"""Booking day, fund and number: a voucher's place in the list."""


@dataclass(frozen=True, slots=True)
class VoucherRow:
    """One voucher of a fund's day; instants are UTC."""

    id: UUID
    fund: str
    booking_date: date
    voucher_no: int
    made_at: datetime
    gl_voucher_no: str | None
    gl_recorded_by: str | None
    gl_recorded_at: datetime | None
    version: int


@dataclass(frozen=True, slots=True)
class VoucherLineRow:
    """The postings of one pair of accounts, summed, in fen."""

    voucher_id: UUID
    line_no: int
    amount_fen: int
    posting_count: int
    debit_title: str
    debit_code: str
    debit_bankacct: str | None
    credit_title: str
    credit_code: str
    credit_bankacct: str | None


@dataclass(frozen=True, slots=True)
class NumberRow:
    """A number that the general ledger gave a voucher, who recorded it and when (UTC)."""

    gl_voucher_no: str
    recorded_by: str
    recorded_at: datetime


async def draw(connection: AsyncConnection, admdvs: str, *, today: date, now: datetime) -> int:
    """Make a voucher for every fund and day with postings that none holds yet; how many were made."""
    rows = await connection.execute(_DRAW, {"admdvs": admdvs, "today": today, "now": now})
    return len({row.voucher_id for row in rows})


async def ran_on(connection: AsyncConnection, admdvs: str) -> date | None:
    """The day on which vouchers were last drawn."""
    found: date | None = await connection.scalar(_RAN_ON, {"admdvs": admdvs})
    return found


async def vouchers(
    connection: AsyncConnection,
    admdvs: str,
    *,
    day: date | None,
    is_numbered: bool | None,
    after: VoucherKey | None,
    limit: int,
) -> list[VoucherRow]:
    """The vouchers of a booking day or of all, oldest first, up to ``limit + 1``: those with the general ledger's
    number, those without, or both.
    """
    query = _select().where(voucher.c.admdvs == admdvs).order_by(*_PLACE).limit(limit + 1)
    if day is not None:
        query = query.where(voucher.c.booking_date == day)
    if is_numbered is not None:
        query = query.where(voucher.c.gl_voucher_no.is_not(None) if is_numbered else voucher.c.gl_voucher_no.is_(None))
    if after is not None:
        query = query.where(func.row(*_PLACE) > func.row(*after))
    return [VoucherRow(**row._mapping) for row in await connection.execute(query)]


async def find(connection: AsyncConnection, admdvs: str, voucher_id: UUID) -> VoucherRow | None:
    """A voucher of the agency; ``None`` where it has no such."""
    query = _select().where(voucher.c.admdvs == admdvs, voucher.c.id == voucher_id)
    row = (await connection.execute(query)).one_or_none()
    return None if row is None else VoucherRow(**row._mapping)


def _select() -> Any:
    return select(*(voucher.c[name] for name in VoucherRow.__dataclass_fields__))


async def lines_of(connection: AsyncConnection, ids: Sequence[UUID]) -> list[VoucherLineRow]:
    """Their lines, in order."""
    return [VoucherLineRow(**row._mapping) for row in await connection.execute(_LINES, {"ids": list(ids)})]


async def numbers_of(connection: AsyncConnection, voucher_id: UUID) -> list[NumberRow]:
    """Every number that a voucher was given, oldest first."""
    return [NumberRow(**row._mapping) for row in await connection.execute(_NUMBERS, {"id": voucher_id})]


async def lock(connection: AsyncConnection, admdvs: str, voucher_id: UUID) -> tuple[int, str | None] | None:
    """Version and general ledger's number of a voucher of the agency, locked; ``None`` where it has no such."""
    row = (await connection.execute(_LOCK, {"admdvs": admdvs, "id": voucher_id})).one_or_none()
    return None if row is None else (row.version, row.gl_voucher_no)


async def record_number(
    connection: AsyncConnection, admdvs: str, voucher_id: UUID, number: str, *, by: str, now: datetime
) -> None:
    """Keep the general ledger's number of a voucher."""
    await connection.execute(_RECORD, {"admdvs": admdvs, "id": voucher_id, "number": number, "by": by, "now": now})
