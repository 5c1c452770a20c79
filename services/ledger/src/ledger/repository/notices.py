"""Notifications, and which statement confirmed each of their lines."""

from collections import defaultdict
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy import TextClause, func, insert, select, text
from sqlalchemy.ext.asyncio import AsyncConnection

from ledger.domain.notice import NoticeHead
from ledger.domain.statement import Direction, Line
from ledger.repository.left import restated
from ledger.tables import bank_account, notice_line, notification
from shared.database.copying import copy_rows

LINE_COLUMNS = (
    "notification_id", "bank_account_id", "admdvs", "entry_no", "detail_no", "direction", "amount_fen", "booked_on",
    "value_on", "entry_ref", "bank_ref", "end_to_end_id", "note", "counterparty_acct", "counterparty_name", "is_return",
    "return_reason", "foreign_currency",
)  # fmt: skip
_OF_LINE = LINE_COLUMNS[3:]
# The bank's own number of the entry or of the payment tells the same; where it gives none, the payer's number with the
# same amount does, twin by twin: each line is of one. One join for each, so that neither side is read once for every
# row of the other.
_TWINS = "row_number() OVER (PARTITION BY bank_account_id, direction, end_to_end_id, amount_fen ORDER BY id) AS twin_no"
_ON = "ON l.bank_account_id = a.bank_account_id AND l.direction = a.direction AND {days}"
_CONFIRM = f"""
    WITH announced AS MATERIALIZED (
        SELECT * FROM notice_line n WHERE {{notices}}
    ), line AS MATERIALIZED (
        SELECT * FROM statement_line l WHERE {{lines}}
    ), unnumbered AS MATERIALIZED (
        SELECT *, {_TWINS} FROM announced
        WHERE entry_ref IS NULL AND bank_ref IS NULL AND end_to_end_id IS NOT NULL
    ), by_payer AS MATERIALIZED (
        SELECT *, {_TWINS} FROM line WHERE end_to_end_id IN (SELECT end_to_end_id FROM unnumbered)
    )
    SELECT a.id, l.statement_id FROM announced a JOIN line l {_ON} AND l.bank_ref = a.entry_ref
    UNION ALL
    SELECT a.id, l.statement_id FROM announced a JOIN line l {_ON} AND l.bank_ref = a.bank_ref
    UNION ALL
    SELECT a.id, l.statement_id FROM unnumbered a JOIN by_payer l {_ON}
       AND l.end_to_end_id = a.end_to_end_id AND l.amount_fen = a.amount_fen AND l.twin_no = a.twin_no
    """  # noqa: S608  # only our own SQL is put in
# The planner takes what this transaction has written for a handful of rows, and would compare each with each.
_JOIN_BY_HASH = text("SELECT set_config('enable_nestloop', :is_allowed, true)")
_NOTE = text(
    """
    UPDATE notice_line n SET statement_id = same.statement_id
    FROM unnest(CAST(:ids AS bigint[]), CAST(:statements AS bigint[])) AS same (id, statement_id)
    WHERE n.id = same.id
    """
)
_OPEN_OF_ACCOUNTS = "n.statement_id IS NULL AND n.bank_account_id = ANY(:accounts)"
_CONFIRM_BY_FILE = text(_CONFIRM.format(notices=_OPEN_OF_ACCOUNTS, lines="l.file_id = :file_id", days="true"))
_OF_GONE = "IN (SELECT statement_id FROM statement_line WHERE id = ANY(:ids))"
_BOOKED_BY_GONE = text(
    _CONFIRM.format(
        notices=f"n.statement_id {_OF_GONE}",
        lines="l.id = ANY(:ids)",
        days="l.statement_id = a.statement_id",
    )
)
_CONFIRM_BY_REST = text(
    _CONFIRM.format(
        notices=_OPEN_OF_ACCOUNTS,
        lines=f"l.statement_id {_OF_GONE} AND NOT {restated('l.id')}",
        days="true",
    )
)
_OPEN_AGAIN = text("UPDATE notice_line SET statement_id = NULL WHERE id = ANY(:ids)")
_CONFIRM_NEW = text(
    _CONFIRM.format(
        notices="""n.statement_id IS NULL
            AND n.notification_id IN (SELECT id FROM notification WHERE file_id = :file_id)""",
        lines="""l.bank_account_id = ANY(:accounts) AND l.booked_on
            BETWEEN (SELECT min(booked_on) FROM announced) - 3 AND (SELECT max(booked_on) FROM announced) + 3""",
        days="l.booked_on BETWEEN a.booked_on - 3 AND a.booked_on + 3",
    )
)


@dataclass(frozen=True, slots=True)
class NoticeRow:
    """One announced line; ``statement_id`` is that of the statement that booked it, ``None`` until then."""

    id: int
    bankacct: str
    notice_no: str
    direction: str
    amount_fen: int
    booked_on: date
    bank_ref: str | None
    end_to_end_id: str | None
    note: str | None
    counterparty_acct: str | None
    counterparty_name: str | None
    foreign_currency: str | None
    statement_id: int | None


@dataclass(frozen=True, slots=True)
class NoticeTotals:
    """How much a file announces (fen), and how much of it a statement has booked since."""

    line_count: int
    credit_fen: int
    debit_fen: int
    confirmed_count: int


async def told_before(
    connection: AsyncConnection, keys: Sequence[tuple[int, str]]
) -> dict[tuple[int, str], tuple[UUID, str]]:
    """File and content digest of the notifications that are kept, by account and number."""
    accounts, numbers = [account for account, _ in keys], [number for _, number in keys]
    columns = [notification.c[name] for name in ("bank_account_id", "notice_no", "file_id", "content_digest")]
    query = select(*columns).where(notification.c.bank_account_id.in_(accounts), notification.c.notice_no.in_(numbers))
    return {(row[0], row[1]): (row[2], row[3]) for row in await connection.execute(query) if (row[0], row[1]) in keys}


async def add(connection: AsyncConnection, file_id: UUID, bank_account_id: int, head: NoticeHead) -> int:
    """Keep one notification; its id."""
    values = {
        "file_id": file_id,
        "bank_account_id": bank_account_id,
        "notice_no": head.notice_no,
        "line_count": head.totals.line_count,
        "credit_fen": head.totals.credit_fen,
        "debit_fen": head.totals.debit_fen,
        "content_digest": head.totals.content_digest,
    }
    added = await connection.scalar(insert(notification).values(values).returning(notification.c.id))
    return int(added or 0)


async def copy_lines(connection: AsyncConnection, rows: Sequence[tuple[Any, ...]]) -> None:
    """Add lines by COPY, in the order of ``LINE_COLUMNS``."""
    await copy_rows(connection, notice_line, LINE_COLUMNS, rows)


def line_row(notification_id: int, bank_account_id: int, admdvs: str, line: Line) -> tuple[Any, ...]:
    """The row in the order of ``LINE_COLUMNS``."""
    return (notification_id, bank_account_id, admdvs, *(getattr(line, name) for name in _OF_LINE))


async def has_open(connection: AsyncConnection, bank_account_ids: Collection[int]) -> bool:
    """Whether anything is announced for these accounts that no statement has booked yet."""
    query = select(notice_line.c.id).where(
        notice_line.c.bank_account_id.in_(bank_account_ids), notice_line.c.statement_id.is_(None)
    )
    return await connection.scalar(query.limit(1)) is not None


async def details(
    connection: AsyncConnection, bank_account_id: int, references: Collection[str], *, is_open: bool, limit: int
) -> dict[str, list[Line]]:
    """What is announced for entries with these references of the bank, in order: all, or what is not booked yet."""
    query = select(*(notice_line.c[name] for name in _OF_LINE)).where(
        notice_line.c.bank_account_id == bank_account_id, notice_line.c.entry_ref.in_(references)
    )
    if is_open:
        query = query.where(notice_line.c.statement_id.is_(None))
    found: dict[str, list[Line]] = defaultdict(list)
    for row in await connection.execute(query.order_by(notice_line.c.id).limit(limit)):
        found[row.entry_ref].append(Line(**{**row._mapping, "direction": Direction(row.direction)}))
    return found


async def confirm_by_file(connection: AsyncConnection, bank_account_ids: Collection[int], file_id: UUID) -> None:
    """Note which announced lines a new file of statements books."""
    await _confirm(connection, _CONFIRM_BY_FILE, {"accounts": list(bank_account_ids), "file_id": file_id})


async def confirm_new(connection: AsyncConnection, bank_account_ids: Collection[int], file_id: UUID) -> None:
    """Note which lines that ``file_id`` announces a statement of the same days has booked already."""
    await _confirm(connection, _CONFIRM_NEW, {"accounts": list(bank_account_ids), "file_id": file_id})


async def open_again(connection: AsyncConnection, bank_account_id: int, line_ids: Sequence[int]) -> None:
    """Let what only lines that a correction takes back have booked be announced as if no statement showed it."""
    rows = await connection.execute(_BOOKED_BY_GONE, {"ids": list(line_ids)})
    announced = sorted({row.id for row in rows})
    if announced:
        await connection.execute(_OPEN_AGAIN, {"ids": announced})
        await _confirm(connection, _CONFIRM_BY_REST, {"accounts": [bank_account_id], "ids": list(line_ids)})


async def totals_of_file(connection: AsyncConnection, file_id: UUID) -> NoticeTotals:
    """What a file announces."""
    amount, direction = notice_line.c.amount_fen, notice_line.c.direction
    query = (
        select(
            func.count(),
            func.coalesce(func.sum(amount).filter(direction == "C"), 0),
            func.coalesce(func.sum(amount).filter(direction == "D"), 0),
            func.count(notice_line.c.statement_id),
        )
        .select_from(notice_line.join(notification))
        .where(notification.c.file_id == file_id)
    )
    row = (await connection.execute(query)).one()
    return NoticeTotals(row[0], int(row[1]), int(row[2]), row[3])


async def page(
    connection: AsyncConnection,
    admdvs: str,
    *,
    file_id: UUID | None,
    is_confirmed: bool | None,
    after: int | None,
    limit: int,
) -> list[NoticeRow]:
    """Announced lines of an agency, newest first, up to ``limit + 1``."""
    own = [notice_line.c[name] for name in NoticeRow.__dataclass_fields__ if name in notice_line.c]
    query = (
        select(*own, bank_account.c.bankacct, notification.c.notice_no)
        .select_from(
            notice_line.join(notification).join(bank_account, bank_account.c.id == notice_line.c.bank_account_id)
        )
        .where(notice_line.c.admdvs == admdvs)
        .order_by(notice_line.c.id.desc())
        .limit(limit + 1)
    )
    if file_id is not None:
        query = query.where(notification.c.file_id == file_id)
    if is_confirmed is not None:
        booked = notice_line.c.statement_id
        query = query.where(booked.is_not(None) if is_confirmed else booked.is_(None))
    if after is not None:
        query = query.where(notice_line.c.id < after)
    return [NoticeRow(**row._mapping) for row in await connection.execute(query)]


async def _confirm(connection: AsyncConnection, pairs: TextClause, values: dict[str, Any]) -> None:
    await connection.execute(_JOIN_BY_HASH, {"is_allowed": "off"})
    found = {row[0]: row[1] for row in await connection.execute(pairs, values)}
    await connection.execute(_JOIN_BY_HASH, {"is_allowed": "on"})
    if found:
        await connection.execute(_NOTE, {"ids": list(found), "statements": list(found.values())})
