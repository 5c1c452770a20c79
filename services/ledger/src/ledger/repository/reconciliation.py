"""The figures of the reports; the state of any day is told from claims, not from today's states."""

from bisect import bisect_right
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from sqlalchemy import Row, text
from sqlalchemy.ext.asyncio import AsyncConnection

from ledger.domain.reconciliation import AccountDay, ReportPeriod
from ledger.domain.report_lists import Section, Tally, moved_to, section_of
from ledger.domain.suspense import LineKind, SuspenseReason
from ledger.domain.titles import Title
from ledger.repository.standing import OWED, OWED_WITH, WAITING, WAITING_WITH
from shared.ages import FIRST_DAYS

_SUSPENSE = {Title.TEMPORARY_RECEIPTS: 1, Title.TEMPORARY_PAYMENTS: -1}
# An account that was opened later is in no report of the days before.
_ACCOUNTS = text(
    """
    SELECT b.bankacct,
           s.opening_fen + coalesce(before.net_fen, 0) AS opening_fen,
           coalesce(today.credit_fen, 0) AS credit_fen, coalesce(today.debit_fen, 0) AS debit_fen,
           coalesce(today.line_count, 0) AS line_count,
           CASE WHEN last.period_to = :day THEN last.closing_fen
                ELSE s.opening_fen + coalesce(before.net_fen, 0) + coalesce(today.credit_fen - today.debit_fen, 0)
           END AS closing_fen,
           books.balance_fen AS books_fen
    FROM bank_account b
    LEFT JOIN LATERAL (
        SELECT id, period_from, opening_fen FROM statement_now
        WHERE bank_account_id = b.id AND period_from <= :day AND period_to >= :day ORDER BY period_from, id LIMIT 1
    ) s ON true
    LEFT JOIN LATERAL (
        SELECT period_to, closing_fen FROM statement_now
        WHERE bank_account_id = b.id AND period_from <= :day AND period_to >= :day
        ORDER BY period_from DESC, id DESC LIMIT 1
    ) last ON true
    LEFT JOIN LATERAL (
        SELECT sum(CASE direction WHEN 'C' THEN amount_fen ELSE -amount_fen END) AS net_fen
        FROM statement_line l
        WHERE l.bank_account_id = b.id AND l.booked_on >= s.period_from AND l.booked_on < :day
          AND l.statement_id IS NOT NULL
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
    WHERE b.admdvs = :admdvs AND (b.valid_from <= :day OR s.id IS NOT NULL OR books.balance_fen <> 0)
    ORDER BY b.bankacct
    """
)
# Statements say what their own lines add up to (an import proves it): lines are read only of those that reach beyond.
_ACCOUNTS_OVER = text(
    """
    SELECT b.bankacct, told.opening_fen + beyond.before_fen AS opening_fen,
           told.credit_fen - beyond.credit_fen AS credit_fen, told.debit_fen - beyond.debit_fen AS debit_fen,
           told.line_count - beyond.line_count AS line_count, told.closing_fen - beyond.after_fen AS closing_fen,
           books.balance_fen AS books_fen
    FROM bank_account b
    CROSS JOIN LATERAL (
        SELECT (array_agg(opening_fen ORDER BY period_from, id))[1] AS opening_fen,
               (array_agg(closing_fen ORDER BY period_from DESC, id DESC))[1] AS closing_fen,
               coalesce(sum(credit_fen), 0) AS credit_fen, coalesce(sum(debit_fen), 0) AS debit_fen,
               coalesce(sum(line_count), 0) AS line_count
        FROM statement_now s
        WHERE s.bank_account_id = b.id AND s.period_to >= :since AND s.period_from <= :day
    ) told
    CROSS JOIN LATERAL (
        SELECT coalesce(sum(l.amount_fen) FILTER (WHERE l.direction = 'C'), 0) AS credit_fen,
               coalesce(sum(l.amount_fen) FILTER (WHERE l.direction = 'D'), 0) AS debit_fen, count(*) AS line_count,
               coalesce(sum(v.fen) FILTER (WHERE l.booked_on < :since), 0) AS before_fen,
               coalesce(sum(v.fen) FILTER (WHERE l.booked_on > :day), 0) AS after_fen
        FROM statement s
        CROSS JOIN LATERAL (
            SELECT direction, amount_fen, booked_on FROM statement_line
            WHERE statement_id = s.id AND (booked_on < :since OR booked_on > :day) OFFSET 0
        ) l
        CROSS JOIN LATERAL (
            SELECT CASE l.direction WHEN 'C' THEN l.amount_fen ELSE -l.amount_fen END AS fen
        ) v
        WHERE s.bank_account_id = b.id AND s.period_to >= :since AND s.period_from <= :day
          AND (s.period_from < :since OR s.period_to > :day)
    ) beyond
    CROSS JOIN LATERAL (
        SELECT coalesce(sum(t.debit_fen - t.credit_fen), 0) AS balance_fen
        FROM account a JOIN account_turnover t ON t.account_id = a.id AND t.booking_date <= :day
        WHERE a.bank_account_id = b.id
    ) books
    WHERE b.admdvs = :admdvs AND (b.valid_from <= :day OR told.line_count > 0 OR books.balance_fen <> 0)
    ORDER BY b.bankacct
    """
)
_STOOD = "{claim}.claimed_on BETWEEN :since AND :day AND ({claim}.undone_on IS NULL OR {claim}.undone_on > :day)"
# One statement, since each costs more to send and to plan than to answer. What was paid before the period and came back
# in it is only open again.
_MOVED = text(
    f"""
    SELECT 'matched' AS what, kind, true AS is_due, count(*) AS item_count, sum(amount_fen) AS amount_fen
    FROM claim c WHERE admdvs = :admdvs AND {_STOOD.format(claim="c")}
    GROUP BY kind
    UNION ALL
    SELECT 'matched', l.kind, false, count(*), sum(c.amount_fen)
    FROM clearing c JOIN statement_line l ON l.id = coalesce(c.credit_line_id, c.debit_line_id)
    WHERE c.admdvs = :admdvs AND c.cleared_on BETWEEN :since AND :day
    GROUP BY l.kind
    UNION ALL
    SELECT 'came_back', NULL, NULL, count(*), coalesce(sum(least(r.amount_fen, paid.amount_fen)), 0)
    FROM (
        SELECT r.obligation_id, r.order_id, sum(r.amount_fen) AS amount_fen FROM claim r
        WHERE r.admdvs = :admdvs AND r.kind = 'return' AND {_STOOD.format(claim="r")}
        GROUP BY r.obligation_id, r.order_id
    ) r
    CROSS JOIN LATERAL (
        SELECT coalesce(sum(p.amount_fen), 0) AS amount_fen FROM claim p
        WHERE p.obligation_id = r.obligation_id AND p.order_id = r.order_id AND p.kind = 'payment'
          AND {_STOOD.format(claim="p")}
    ) paid
    UNION ALL
    SELECT 'written_off', NULL, NULL, count(*), coalesce(sum(amount_fen), 0) FROM clearing
    WHERE admdvs = :admdvs AND cleared_on BETWEEN :since AND :day AND obligation_id IS NOT NULL
    UNION ALL
    SELECT a.title, NULL, NULL, 0, sum(m.credit_fen - m.debit_fen)
    FROM account a JOIN account_turnover m ON m.account_id = a.id AND m.booking_date <= :day
    WHERE a.admdvs = :admdvs AND a.title = ANY(:titles)
    GROUP BY a.title
    """  # noqa: S608  # only our own SQL is put in
)
# How many and how much at the end, at the beginning, at both, and how much more of each at the end.
_COUNTED = ", ".join(
    f"CAST(sum({name}) AS bigint) AS {name}"
    for name in ("item_count", "amount_fen", "brought_count", "brought_fen", "stayed_count", "added_fen")
)
_WAITING = text(
    f"""
    WITH {WAITING_WITH}
    SELECT reason, reason_before, kind, step, {_COUNTED}
    FROM {WAITING} w GROUP BY 1, 2, 3, 4
    """  # noqa: S608  # only our own SQL is put in
)
_OWED = text(
    f"""
    WITH {OWED_WITH}
    SELECT kind, step, {_COUNTED}
    FROM {OWED} w GROUP BY 1, 2
    """  # noqa: S608  # only our own SQL is put in
)


@dataclass(frozen=True, slots=True)
class Moved:
    """What moved in a period, in fen: what was matched, what of the payments came back, what was given up of what was
    to be received. ``suspense_books``: what 暂收款 and 暂付款 stand at after it, each on its normal side.
    """

    matched: Sequence[Tally]
    came_back_fen: int
    written_off_fen: int
    suspense_books: Mapping[Title, int]


async def account_days(connection: AsyncConnection, admdvs: str, day: date) -> list[AccountDay]:
    """Every bank account of the agency on one day."""
    return _accounts(await connection.execute(_ACCOUNTS, {"admdvs": admdvs, "day": day}))


async def accounts_over(connection: AsyncConnection, period: ReportPeriod) -> list[AccountDay]:
    """Every bank account of the agency over the period, as far as statements tell."""
    values = {"admdvs": period.admdvs, "since": period.since, "day": period.on}
    return _accounts(await connection.execute(_ACCOUNTS_OVER, values))


def _accounts(rows: Iterable[Row[Any]]) -> list[AccountDay]:
    return [
        AccountDay(
            bankacct=row.bankacct,
            opening_fen=None if row.opening_fen is None else int(row.opening_fen),
            credit_fen=int(row.credit_fen),
            debit_fen=int(row.debit_fen),
            line_count=int(row.line_count),
            closing_fen=None if row.closing_fen is None else int(row.closing_fen),
            books_fen=int(row.books_fen),
        )
        for row in rows
    ]


async def moved(connection: AsyncConnection, period: ReportPeriod) -> Moved:
    """What moved in the period, and the suspense accounts at its end."""
    values = {"admdvs": period.admdvs, "since": period.since, "day": period.on, "titles": list(_SUSPENSE)}
    rows = (await connection.execute(_MOVED, values)).all()
    sums = {row.what: int(row.amount_fen) for row in rows}
    return Moved(
        [_matched(row) for row in rows if row.what == "matched"],
        sums["came_back"],
        sums["written_off"],
        {title: sign * sums.get(title, 0) for title, sign in _SUSPENSE.items()},
    )


def _matched(row: Row[Any]) -> Tally:
    return Tally(
        Section.MATCHED, None, LineKind(row.kind), None, False, row.item_count, int(row.amount_fen), row.is_due
    )


async def waiting(connection: AsyncConnection, period: ReportPeriod) -> list[Tally]:
    """The bank lines that waited at the end of the period or at its beginning, by list, reason, kind and age."""
    found, stepped = [], _stepped(period)
    for row in await connection.execute(_WAITING, stepped):
        reason, before = SuspenseReason(row[0]), SuspenseReason(row[1])
        tally = _open(section_of(reason), reason, row, period, stepped["steps"])
        moved_over = section_of(before) is not tally.section
        found += moved_to(tally, section_of(before), before) if moved_over else [tally]
    return found


async def owed(connection: AsyncConnection, period: ReportPeriod) -> list[Tally]:
    """The obligations that no money had answered at the end of the period or at its beginning, by kind and age."""
    stepped = _stepped(period)
    rows = await connection.execute(_OWED, stepped)
    return [_open(Section.BUSINESS_WITHOUT_MONEY, None, row, period, stepped["steps"]) for row in rows]


def _stepped(period: ReportPeriod) -> dict[str, Any]:
    steps = _steps(period)
    return {
        "admdvs": period.admdvs,
        "since": period.since,
        "day": period.on,
        "steps": steps,
        "first_days": [*(period.on - timedelta(days=following - 1) for following in steps[1:]), date.min],
        "last_days": [period.on - timedelta(days=step) for step in steps],
    }


def _steps(period: ReportPeriod) -> list[int]:
    """From how many days on an item is of the next age, or older than the period."""
    return sorted({*FIRST_DAYS, _days(period)})


def _days(period: ReportPeriod) -> int:
    return (period.on - period.since).days + 1


def _open(
    section: Section, reason: SuspenseReason | None, row: Sequence[Any], period: ReportPeriod, steps: Sequence[int]
) -> Tally:
    kind, step, item_count, amount_fen, brought_count, brought_fen, stayed_count, added_fen = row[-8:]
    first_day = steps[step - 1]
    return Tally(
        section,
        reason,
        LineKind(kind),
        bisect_right(FIRST_DAYS, first_day),
        first_day >= _days(period),
        item_count,
        amount_fen,
        is_due=reason is None,
        brought=brought_count,
        brought_fen=brought_fen,
        added=item_count - stayed_count,
        added_fen=added_fen,
    )
