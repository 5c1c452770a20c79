"""The figures and lists of the reports; the state of any day is told from claims, not from today's states."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import Row, text
from sqlalchemy.ext.asyncio import AsyncConnection

from ledger.domain.reconciliation import AccountDay, Section, SuspenseCheck, Tally, section_of
from ledger.domain.suspense import LineKind, SuspenseReason
from ledger.repository.answered import ANSWERED
from shared.ages import FIRST_DAYS

_ACCOUNTS = text(
    """
    SELECT b.bankacct,
           s.opening_fen + coalesce(before.net_fen, 0) AS opening_fen,
           coalesce(today.credit_fen, 0) AS credit_fen, coalesce(today.debit_fen, 0) AS debit_fen,
           coalesce(today.line_count, 0) AS line_count,
           CASE WHEN s.period_to = :day THEN s.closing_fen
                ELSE s.opening_fen + coalesce(before.net_fen, 0) + coalesce(today.credit_fen - today.debit_fen, 0)
           END AS closing_fen,
           books.balance_fen AS books_fen
    FROM bank_account b
    LEFT JOIN statement s ON s.bank_account_id = b.id AND :day BETWEEN s.period_from AND s.period_to
    LEFT JOIN LATERAL (
        SELECT sum(CASE direction WHEN 'C' THEN amount_fen ELSE -amount_fen END) AS net_fen
        FROM statement_line l WHERE l.statement_id = s.id AND l.booked_on < :day
    ) before ON true
    LEFT JOIN LATERAL (
        SELECT sum(amount_fen) FILTER (WHERE direction = 'C') AS credit_fen,
               sum(amount_fen) FILTER (WHERE direction = 'D') AS debit_fen, count(*) AS line_count
        FROM statement_line l
        WHERE l.bank_account_id = b.id AND l.booked_on = :day AND l.statement_id IS NOT NULL
    ) totals ON true
    CROSS JOIN LATERAL (
        SELECT coalesce(totals.credit_fen, 0) AS credit_fen, coalesce(totals.debit_fen, 0) AS debit_fen,
               totals.line_count
    ) today
    CROSS JOIN LATERAL (
        SELECT coalesce(sum(t.debit_fen - t.credit_fen), 0) AS balance_fen
        FROM account a JOIN account_turnover t ON t.account_id = a.id AND t.booking_date <= :day
        WHERE a.bank_account_id = b.id
    ) books
    WHERE b.admdvs = :admdvs
    ORDER BY b.bankacct
    """
)
_ACCOUNTS_OVER = text(
    """
    SELECT b.bankacct, first.opening_fen + coalesce(before.net_fen, 0) AS opening_fen,
           coalesce(totals.credit_fen, 0) AS credit_fen, coalesce(totals.debit_fen, 0) AS debit_fen, totals.line_count,
           last.closing_fen - coalesce(after.net_fen, 0) AS closing_fen, books.balance_fen AS books_fen
    FROM bank_account b
    LEFT JOIN LATERAL (
        SELECT id, opening_fen FROM statement s
        WHERE s.bank_account_id = b.id AND s.period_to >= :since AND s.period_from <= :day
        ORDER BY s.period_from LIMIT 1
    ) first ON true
    LEFT JOIN LATERAL (
        SELECT id, closing_fen FROM statement s
        WHERE s.bank_account_id = b.id AND s.period_to >= :since AND s.period_from <= :day
        ORDER BY s.period_from DESC LIMIT 1
    ) last ON true
    LEFT JOIN LATERAL (
        SELECT sum(CASE direction WHEN 'C' THEN amount_fen ELSE -amount_fen END) AS net_fen
        FROM statement_line l WHERE l.statement_id = first.id AND l.booked_on < :since
    ) before ON true
    LEFT JOIN LATERAL (
        SELECT sum(CASE direction WHEN 'C' THEN amount_fen ELSE -amount_fen END) AS net_fen
        FROM statement_line l WHERE l.statement_id = last.id AND l.booked_on > :day
    ) after ON true
    CROSS JOIN LATERAL (
        SELECT sum(amount_fen) FILTER (WHERE direction = 'C') AS credit_fen,
               sum(amount_fen) FILTER (WHERE direction = 'D') AS debit_fen, count(*) AS line_count
        FROM statement_line l
        WHERE l.bank_account_id = b.id AND l.booked_on BETWEEN :since AND :day AND l.statement_id IS NOT NULL
    ) totals
    CROSS JOIN LATERAL (
        SELECT coalesce(sum(t.debit_fen - t.credit_fen), 0) AS balance_fen
        FROM account a JOIN account_turnover t ON t.account_id = a.id AND t.booking_date <= :day
        WHERE a.bank_account_id = b.id
    ) books
    WHERE b.admdvs = :admdvs
    ORDER BY b.bankacct
    """
)
_AGE = "width_bucket(CAST(:day AS date) - {since}, CAST(:first_days AS integer[]))"
_CHECKS = text(
    f"""
    SELECT t.title,
           CASE t.title WHEN 'temporary_receipts' THEN b.credit_fen - b.debit_fen ELSE b.debit_fen - b.credit_fen END
               AS books_fen,
           coalesce(i.items_fen, 0) AS items_fen
    FROM (VALUES ('temporary_receipts', 'C'), ('temporary_payments', 'D')) AS t (title, direction)
    CROSS JOIN LATERAL (
        SELECT coalesce(sum(m.debit_fen), 0) AS debit_fen, coalesce(sum(m.credit_fen), 0) AS credit_fen
        FROM account a
        JOIN account_turnover m ON m.account_id = a.id AND m.booking_date <= :day
        WHERE a.admdvs = :admdvs AND a.title = t.title
    ) b
    LEFT JOIN (
        SELECT l.direction, sum(l.amount_fen - coalesce(a.amount_fen, 0)) AS items_fen
        FROM suspense s JOIN statement_line l ON l.id = s.line_id LEFT JOIN {ANSWERED} a ON a.line_id = s.line_id
        WHERE s.admdvs = :admdvs AND s.booked_on <= :day AND (s.settled_on IS NULL OR s.settled_on > :day)
        GROUP BY l.direction
    ) i ON i.direction = t.direction
    """  # noqa: S608  # only our own SQL is put in
)
_MONEY = text(
    f"""
    SELECT 'matched' AS reason, c.kind, l.id AS line_id, o.rlts_traf_id, o.obligation_no, c.amount_fen, l.booked_on,
           CAST(NULL AS bigint) AS difference_fen, CAST(NULL AS text) AS owner, false AS is_carried
    FROM claim c
    JOIN statement_line l ON l.id = c.line_id
    JOIN obligation o ON o.id = c.obligation_id
    WHERE c.admdvs = :admdvs AND c.claimed_on BETWEEN :since AND :day AND (c.undone_on IS NULL OR c.undone_on > :day)
    UNION ALL
    SELECT 'matched', c.kind, l.id, l.rlts_traf_id, NULL, c.amount_fen, l.booked_on, NULL, NULL, false
    FROM clearing c JOIN statement_line l ON l.id = coalesce(c.credit_line_id, c.debit_line_id)
    WHERE c.admdvs = :admdvs AND c.cleared_on BETWEEN :since AND :day
    UNION ALL
    SELECT s.reason, s.kind, l.id, l.rlts_traf_id, NULL, l.amount_fen - coalesce(a.amount_fen, 0), l.booked_on,
           s.difference_fen, s.owner, s.booked_on < :since
    FROM suspense s JOIN statement_line l ON l.id = s.line_id LEFT JOIN {ANSWERED} a ON a.line_id = s.line_id
    WHERE s.admdvs = :admdvs AND s.booked_on <= :day AND (s.settled_on IS NULL OR s.settled_on > :day)
      AND a.amount_fen IS DISTINCT FROM l.amount_fen
    ORDER BY 3 LIMIT :limit
    """  # noqa: S608  # only our own SQL is put in
)
_MONEY_TALLIES = text(
    f"""
    SELECT 'matched' AS reason, kind, CAST(NULL AS integer) AS bracket, count(*) AS item_count,
           coalesce(sum(amount_fen), 0) AS amount_fen, 0 AS carried, 0 AS carried_fen
    FROM (
        SELECT kind, amount_fen FROM claim
        WHERE admdvs = :admdvs AND claimed_on BETWEEN :since AND :day AND (undone_on IS NULL OR undone_on > :day)
        UNION ALL
        SELECT l.kind, c.amount_fen
        FROM clearing c JOIN statement_line l ON l.id = coalesce(c.credit_line_id, c.debit_line_id)
        WHERE c.admdvs = :admdvs AND c.cleared_on BETWEEN :since AND :day
    ) answered
    GROUP BY kind
    UNION ALL
    SELECT s.reason, s.kind, {_AGE.format(since="s.booked_on")}, count(*),
           sum(l.amount_fen - coalesce(a.amount_fen, 0)), count(*) FILTER (WHERE s.booked_on < :since),
           coalesce(sum(l.amount_fen - coalesce(a.amount_fen, 0)) FILTER (WHERE s.booked_on < :since), 0)
    FROM suspense s JOIN statement_line l ON l.id = s.line_id LEFT JOIN {ANSWERED} a ON a.line_id = s.line_id
    WHERE s.admdvs = :admdvs AND s.booked_on <= :day AND (s.settled_on IS NULL OR s.settled_on > :day)
      AND a.amount_fen IS DISTINCT FROM l.amount_fen
    GROUP BY 1, 2, 3
    """  # noqa: S608  # only our own SQL is put in
)
_BUSINESS = """
    FROM obligation o
    CROSS JOIN LATERAL (
        SELECT CAST(coalesce(sum(c.amount_fen) FILTER (WHERE c.kind <> 'return'), 0) AS bigint) AS covered_fen,
               coalesce(bool_or(c.kind = 'return'), false) AS is_returned
        FROM claim c
        WHERE c.obligation_id = o.id AND c.claimed_on <= :day AND (c.undone_on IS NULL OR c.undone_on > :day)
    ) c
    CROSS JOIN LATERAL (
        SELECT CASE WHEN c.is_returned THEN o.due_fen ELSE o.due_fen - c.covered_fen - CAST(coalesce(
                   (SELECT sum(amount_fen) FROM clearing WHERE obligation_id = o.id AND cleared_on <= :day), 0)
               AS bigint) END AS open_fen
    ) d
    WHERE o.admdvs = :admdvs AND o.known_on <= :day AND o.direction <> 'nothing'
      AND (o.state IN ('open', 'returned') OR o.settled_on > :day) AND d.open_fen > 0
"""
_BUSINESS_ITEMS = text(
    "SELECT o.side, o.direction, o.rlts_traf_id, o.obligation_no, d.open_fen AS amount_fen, o.known_on,"
    " o.known_on < :since AS is_carried" + _BUSINESS + " ORDER BY o.id LIMIT :limit"
)
# The payer pays and the payee returns; otherwise we wait for money.
_BUSINESS_TALLIES = text(
    "SELECT CASE WHEN (o.side = 'payer') = (o.direction = 'pay') THEN 'payment' ELSE 'receipt' END AS kind, "
    + _AGE.format(since="o.known_on")
    + " AS bracket, count(*) AS item_count, sum(d.open_fen) AS amount_fen,"
    " count(*) FILTER (WHERE o.known_on < :since) AS carried,"
    " coalesce(sum(d.open_fen) FILTER (WHERE o.known_on < :since), 0) AS carried_fen" + _BUSINESS + " GROUP BY 1, 2"
)


@dataclass(frozen=True, slots=True)
class MoneyItem:
    """A bank line in the report; ``reason`` is ``matched`` or why it waits."""

    reason: str
    kind: str
    line_id: int
    rlts_traf_id: str | None
    obligation_no: str | None
    amount_fen: int
    booked_on: date
    difference_fen: int | None
    owner: str | None
    is_carried: bool


@dataclass(frozen=True, slots=True)
class BusinessItem:
    """An obligation that no money answers yet."""

    side: str
    direction: str
    rlts_traf_id: str
    obligation_no: str
    amount_fen: int
    known_on: date
    is_carried: bool


async def account_days(connection: AsyncConnection, admdvs: str, day: date) -> list[AccountDay]:
    """Every bank account of the agency on one day."""
    return _accounts(await connection.execute(_ACCOUNTS, {"admdvs": admdvs, "day": day}))


async def accounts_over(connection: AsyncConnection, admdvs: str, since: date, day: date) -> list[AccountDay]:
    """Every bank account of the agency from ``since`` to ``day``, as far as statements tell."""
    return _accounts(await connection.execute(_ACCOUNTS_OVER, {"admdvs": admdvs, "since": since, "day": day}))


def _accounts(rows: Iterable[Row[Any]]) -> list[AccountDay]:
    return [
        AccountDay(
            bankacct=row.bankacct,
            opening_fen=None if row.opening_fen is None else int(row.opening_fen),
            credit_fen=int(row.credit_fen),
            debit_fen=int(row.debit_fen),
            line_count=row.line_count,
            closing_fen=None if row.closing_fen is None else int(row.closing_fen),
            books_fen=int(row.books_fen),
        )
        for row in rows
    ]


async def suspense_checks(connection: AsyncConnection, admdvs: str, day: date) -> list[SuspenseCheck]:
    """暂收款 and 暂付款 against the open items of the day."""
    rows = await connection.execute(_CHECKS, {"admdvs": admdvs, "day": day})
    return [SuspenseCheck(row.title, int(row.books_fen), int(row.items_fen)) for row in rows]


async def tallies(connection: AsyncConnection, admdvs: str, since: date, day: date) -> list[Tally]:
    """What was matched from ``since`` to ``day``, and what stood open at its end, by list, kind and age."""
    values = {"admdvs": admdvs, "since": since, "day": day, "first_days": list(FIRST_DAYS)}
    found = [_tally(_section(row.reason), row) for row in await connection.execute(_MONEY_TALLIES, values)]
    business = await connection.execute(_BUSINESS_TALLIES, values)
    return found + [_tally(Section.BUSINESS_WITHOUT_MONEY, row) for row in business]


async def money_items(
    connection: AsyncConnection, admdvs: str, since: date, day: date, limit: int
) -> list[tuple[Section, MoneyItem]]:
    """Bank lines matched from ``since`` to ``day``, and those that waited at its end, with the list they stand in."""
    values = {"admdvs": admdvs, "since": since, "day": day, "limit": limit}
    items = [MoneyItem(**row._mapping) for row in await connection.execute(_MONEY, values)]
    return [(_section(item.reason), item) for item in items]


async def business_items(
    connection: AsyncConnection, admdvs: str, since: date, day: date, limit: int
) -> list[BusinessItem]:
    """Each obligation that no money answered at the end of the day."""
    values = {"admdvs": admdvs, "since": since, "day": day, "limit": limit}
    return [BusinessItem(**row._mapping) for row in await connection.execute(_BUSINESS_ITEMS, values)]


def _section(reason: str) -> Section:
    return Section.MATCHED if reason == Section.MATCHED else section_of(SuspenseReason(reason))


def _tally(section: Section, row: Row[Any]) -> Tally:
    return Tally(
        section, LineKind(row.kind), row.bracket, row.item_count, int(row.amount_fen), row.carried, int(row.carried_fen)
    )
