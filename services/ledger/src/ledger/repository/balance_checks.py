"""Comparing what the journal's trigger has summed up with the journal itself, account by account."""

from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncConnection

_NEXT = text(
    """
    SELECT a.id FROM account a LEFT JOIN balance_check c ON c.account_id = a.id
    WHERE c.checked_at IS NULL OR c.checked_at <= :before
    ORDER BY c.checked_at NULLS FIRST, a.id LIMIT 1
    """
)
_CHECK = text(
    """
    WITH summed AS (
        SELECT booking_date, sum(debit_fen) AS debit_fen, sum(credit_fen) AS credit_fen
        FROM (
            SELECT booking_date, amount_fen AS debit_fen, 0 AS credit_fen FROM posting WHERE debit_account = :account
            UNION ALL
            SELECT booking_date, 0, amount_fen FROM posting WHERE credit_account = :account
        ) side
        GROUP BY booking_date
    ), broken AS (
        SELECT booking_date
        FROM summed s FULL JOIN (SELECT * FROM account_turnover WHERE account_id = :account) t USING (booking_date)
        WHERE (s.debit_fen, s.credit_fen) IS DISTINCT FROM (t.debit_fen, t.credit_fen)
    )
    INSERT INTO balance_check (account_id, checked_at, break_count, first_break_on)
    SELECT :account, :now, count(*), min(booking_date) FROM broken
    ON CONFLICT (account_id) DO UPDATE
    SET checked_at = excluded.checked_at, break_count = excluded.break_count, first_break_on = excluded.first_break_on
    RETURNING break_count
    """
)
_CHECKED = text(
    """
    SELECT a.id AS account_id, a.admdvs, c.checked_at, coalesce(c.break_count, 0) AS break_count, c.first_break_on
    FROM account a LEFT JOIN balance_check c ON c.account_id = a.id
    WHERE a.admdvs = :admdvs ORDER BY a.id
    """
)
_BREAKS = text("SELECT coalesce(sum(break_count), 0) FROM balance_check")


@dataclass(frozen=True, slots=True)
class CheckedAccount:
    """An account with the last comparison: ``None`` where there has been none yet; instants are UTC."""

    account_id: int
    admdvs: str
    checked_at: datetime | None
    break_count: int
    first_break_on: date | None


async def next_account(connection: AsyncConnection, before: datetime) -> int | None:
    """The account that has waited longest for its check, none where all were checked after ``before``."""
    found: int | None = await connection.scalar(_NEXT, {"before": before})
    return found


async def check(connection: AsyncConnection, account_id: int, now: datetime) -> int:
    """Compare one account day by day and keep the outcome; on how many days it differs."""
    return int((await connection.execute(_CHECK, {"account": account_id, "now": now})).scalar_one())


async def checked(connection: AsyncConnection, admdvs: str) -> list[CheckedAccount]:
    """Every account of an agency with its last comparison."""
    rows = await connection.execute(_CHECKED, {"admdvs": admdvs})
    return [CheckedAccount(**row._mapping) for row in rows]


async def count_breaks(connection: AsyncConnection) -> int:
    """Days that differ, over all accounts (the gauge of the metrics)."""
    return int(await connection.scalar(_BREAKS) or 0)
