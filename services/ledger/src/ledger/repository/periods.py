"""How far an agency's books are closed, who closed and opened them, and what stands open at a month's end."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy import insert, select, text
from sqlalchemy.dialects.postgresql import insert as upsert
from sqlalchemy.ext.asyncio import AsyncConnection

from ledger.domain.periods import CheckCode, CheckItem, Closing
from ledger.repository.left import present_class, restated
from ledger.tables import book_closing, period_event
from shared.months import month_of

_FIRST_DAY = text(
    """
    SELECT min(s.period_from) FROM statement s JOIN bank_account b ON b.id = s.bank_account_id
    WHERE b.admdvs = :admdvs
    """
)
# As the index over the few obligations of which it is true has it. Nothing else stands beside it: a plan for any day
# would read all that was ever settled instead.
_CORE_DIFFERS = """
    side = 'payee' AND credited_on IS NOT NULL AND (state <> 'credited' OR credited_fen <> due_fen)
"""
_OPEN = text(
    f"""
    WITH lines AS (
        SELECT count(*) AS item_count, sum(amount_fen) AS amount_fen FROM statement_line
        WHERE bank_account_id IN (SELECT id FROM bank_account WHERE admdvs = :admdvs)
          AND booked_on BETWEEN :since AND :until AND line_class = 'unclassified'
          AND NOT EXISTS (SELECT FROM claim c WHERE c.line_id = statement_line.id AND c.undone_on IS NULL)
          AND NOT {restated("statement_line.id")}
          AND {present_class("statement_line")} = 'unclassified'
    )
    SELECT 'statements_missing' AS code, count(*) AS item_count, CAST(NULL AS numeric) AS amount_fen
    FROM bank_account b
    WHERE b.admdvs = :admdvs AND b.valid_from <= :until AND coalesce(b.valid_to, :until) >= :since
      AND NOT EXISTS (SELECT FROM statement s WHERE s.bank_account_id = b.id AND s.period_to >= :until)
      -- Of an account that pays the bank has something to tell, though nobody has ever brought a statement of it.
      AND (EXISTS (SELECT FROM statement s WHERE s.bank_account_id = b.id)
           OR EXISTS (SELECT FROM payment_order o
                      WHERE o.admdvs = b.admdvs AND o.state = 'released' AND o.payer_bankacct = b.bankacct
                        AND o.released_at < :ended_at))
    UNION ALL SELECT 'open_alerts', count(*), NULL FROM alert WHERE admdvs = :admdvs AND settled_at IS NULL
    UNION ALL SELECT 'unclassified_lines', item_count, amount_fen FROM lines
    UNION ALL SELECT 'unfunded_orders', count(*), sum(amount_fen) FROM payment_order
        WHERE admdvs = :admdvs AND state = 'awaiting_funds'
    UNION ALL SELECT 'messages_without_receipt', count(*), NULL FROM (
        SELECT FROM outbox WHERE sender = 'ledger.' || :admdvs AND recorded_at < :ended_at
        UNION ALL
        SELECT FROM untold WHERE admdvs = :admdvs AND found_at < :ended_at
    ) unanswered
    UNION ALL SELECT 'core_entries_differ', count(*), sum(due_fen) FROM (
        SELECT due_fen, direction, origin FROM obligation
        WHERE admdvs = :admdvs AND side = 'payee' AND state = 'matched' AND settled_on <= :until
        UNION ALL
        -- What was credited otherwise, or though nothing was matched with it (N9).
        SELECT due_fen, direction, origin
        FROM (SELECT * FROM obligation WHERE admdvs = :admdvs AND {_CORE_DIFFERS} OFFSET 0) d
        WHERE state <> 'matched' AND CASE state WHEN 'credited' THEN settled_on ELSE credited_on END <= :until
    ) differing
    WHERE direction = 'pay' AND origin <> 'opening'
    UNION ALL SELECT 'balance_breaks', coalesce(sum(c.break_count), 0), NULL
        FROM account a JOIN balance_check c ON c.account_id = a.id WHERE a.admdvs = :admdvs
    """  # noqa: S608  # only our own SQL is put in
)


@dataclass(frozen=True, slots=True)
class PeriodEvent:
    """Who closed or opened a month, when (UTC), why, and what stood open then."""

    period: str
    what: str
    opter_id: str
    occurred_at: datetime
    reason: str | None
    checklist: list[dict[str, Any]]


async def closing_of(connection: AsyncConnection, admdvs: str) -> Closing:
    """How far the agency's books are closed."""
    query = select(book_closing).where(book_closing.c.admdvs == admdvs)
    row = (await connection.execute(query)).one_or_none()
    return Closing() if row is None else Closing(row.closed_through, row.closed_by, row.version)


async def first_open_day(connection: AsyncConnection, admdvs: str) -> date:
    """The first day that takes postings; the beginning of time where nothing was ever closed."""
    closed_through = (await closing_of(connection, admdvs)).closed_through
    return date.min if closed_through is None else closed_through + timedelta(days=1)


async def save_closing(connection: AsyncConnection, admdvs: str, closing: Closing) -> None:
    """Set how far the books are closed; the caller holds the agency's matching lock."""
    values = {
        "closed_through": closing.closed_through,
        "closed_by": closing.closed_by,
        "version": closing.version,
    }
    statement = upsert(book_closing).values(admdvs=admdvs, **values)
    await connection.execute(statement.on_conflict_do_update(index_elements=["admdvs"], set_=values))


async def add_event(connection: AsyncConnection, admdvs: str, event: PeriodEvent) -> None:
    """Keep who closed or opened a month."""
    names = ("period", "what", "opter_id", "occurred_at", "reason", "checklist")
    values = {name: getattr(event, name) for name in names}
    await connection.execute(insert(period_event).values(admdvs=admdvs, **values))


async def events_of(connection: AsyncConnection, admdvs: str, period: str) -> list[PeriodEvent]:
    """Every closing and opening of a month, oldest first."""
    query = (
        select(*(period_event.c[name] for name in PeriodEvent.__dataclass_fields__))
        .where(period_event.c.admdvs == admdvs, period_event.c.period == period)
        .order_by(period_event.c.id)
    )
    return [PeriodEvent(**row._mapping) for row in await connection.execute(query)]


async def closer_of(connection: AsyncConnection, admdvs: str, period: str) -> str | None:
    """Who closed the month last, ``None`` where nobody has."""
    query = select(period_event.c.opter_id).where(
        period_event.c.admdvs == admdvs, period_event.c.period == period, period_event.c.what == "closed"
    )
    found: str | None = await connection.scalar(query.order_by(period_event.c.id.desc()).limit(1))
    return found


async def first_period(connection: AsyncConnection, admdvs: str) -> str | None:
    """The month of the first statement that is in the books, ``None`` for empty books."""
    first: date | None = await connection.scalar(_FIRST_DAY, {"admdvs": admdvs})
    return None if first is None else month_of(first)


async def open_points(
    connection: AsyncConnection, admdvs: str, since: date, until: date, ended_at: datetime
) -> Sequence[CheckItem]:
    """What besides suspense stands open at the end of ``until``; ``ended_at`` is the instant at which it was over."""
    values = {"admdvs": admdvs, "since": since, "until": until, "ended_at": ended_at}
    return [
        CheckItem(CheckCode(row.code), int(row.item_count), None if row.amount_fen is None else int(row.amount_fen))
        for row in await connection.execute(_OPEN, values)
    ]
