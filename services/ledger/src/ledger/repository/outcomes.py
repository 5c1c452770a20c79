"""What became of bank lines: matched, or waiting and why."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import ARRAY, BigInteger, Boolean, Text, bindparam, func, literal_column, select, text, true
from sqlalchemy.ext.asyncio import AsyncConnection

from ledger.domain.suspense import SuspenseReason
from ledger.repository.left import cleared, has_adjustment, has_proposal, present_class, reserved
from ledger.tables import bank_account, claim, obligation, statement_line, suspense

_SUMMARY = text(
    f"""
    SELECT l.direction, coalesce(c.kind, p.kind) AS claimed_as, s.reason, k.line_class, count(*) AS line_count,
           sum(l.amount_fen) AS amount_fen
    FROM statement_line l
    LEFT JOIN claim c ON c.line_id = l.id AND c.is_exclusive AND c.undone_on IS NULL
    LEFT JOIN suspense s ON s.line_id = l.id AND s.settled_on IS NULL
    LEFT JOIN LATERAL (
        SELECT kind FROM claim
        WHERE line_id = l.id AND NOT is_exclusive AND undone_on IS NULL AND s.line_id IS NULL LIMIT 1
    ) p ON true
    CROSS JOIN LATERAL (SELECT {present_class("l")} AS line_class) k
    WHERE l.file_id = :file_id
    GROUP BY 1, 2, 3, 4
    ORDER BY 1, 2, 3, 4
    """  # noqa: S608  # only our own SQL is put in
)

_STATEMENTS = text(
    """
    SELECT b.bankacct, s.statement_no, s.period_from, s.period_to, s.opening_fen, s.closing_fen, s.line_count,
           s.credit_fen, s.debit_fen, s.is_newest_first, s.is_opening_computed, s.part_no,
           (SELECT closing_fen FROM statement_now p WHERE p.bank_account_id = s.bank_account_id
            AND (p.period_from, p.id) < (s.period_from, s.id)
            ORDER BY p.period_from DESC, p.id DESC LIMIT 1) AS previous_closing_fen,
           (SELECT opening_fen FROM statement_now n WHERE n.bank_account_id = s.bank_account_id
            AND (n.period_from, n.id) > (s.period_from, s.id)
            ORDER BY n.period_from, n.id LIMIT 1) AS next_opening_fen
    FROM statement_now s JOIN bank_account b ON b.id = s.bank_account_id
    WHERE s.file_id = :file_id
    ORDER BY s.id
    """
)


_REVERSED_BY = "(SELECT r.reversed_by FROM restated_line r WHERE r.line_id = statement_line.id)"


@dataclass(frozen=True, slots=True)
class OutcomeCount:
    """How many lines of a file had one outcome, and what they add up to (fen)."""

    direction: str
    claimed_as: str | None
    reason: str | None
    line_class: str
    line_count: int
    amount_fen: int


@dataclass(frozen=True, slots=True)
class StatementRow:
    """One statement of a file, with the balances of its neighbours where there are any."""

    bankacct: str
    statement_no: str
    period_from: date
    period_to: date
    opening_fen: int
    closing_fen: int
    line_count: int
    credit_fen: int
    debit_fen: int
    is_newest_first: bool
    is_opening_computed: bool
    part_no: int
    previous_closing_fen: int | None
    next_opening_fen: int | None


@dataclass(frozen=True, slots=True)
class LineRow:
    """One line with what became of it, and whether something about it waits for a second person."""

    id: int
    bankacct: str
    entry_no: int
    detail_no: int
    direction: str
    amount_fen: int
    booked_on: date
    value_on: date
    bank_ref: str | None
    end_to_end_id: str | None
    note: str | None
    counterparty_acct: str | None
    counterparty_name: str | None
    rlts_traf_id: str | None
    kind: str
    line_class: str
    rule_name: str | None
    foreign_currency: str | None
    return_reason: str | None
    obligation_no: str | None
    reason: str | None
    difference_fen: int | None
    owner: str | None
    opened_at: datetime | None
    assigned_to: str | None
    claimed_fen: int | None
    cleared_fen: int
    reserved_fen: int
    has_adjustment: bool
    has_proposal: bool
    reversed_by: int | None

    @property
    def left_fen(self) -> int:
        """Of a line that waits: what nothing answers and nothing is on its way for."""
        return self.amount_fen - (self.claimed_fen or 0) - self.cleared_fen - self.reserved_fen


async def statements_of_file(connection: AsyncConnection, file_id: UUID) -> list[StatementRow]:
    """The statements in a file, in its order."""
    rows = await connection.execute(_STATEMENTS, {"file_id": file_id})
    return [StatementRow(**row._mapping) for row in rows]


async def summary_of_file(connection: AsyncConnection, file_id: UUID) -> list[OutcomeCount]:
    """How many lines of a file had which outcome."""
    rows = await connection.execute(_SUMMARY, {"file_id": file_id})
    return [OutcomeCount(**{**row._mapping, "amount_fen": int(row.amount_fen)}) for row in rows]


async def lines_of_file(connection: AsyncConnection, file_id: UUID, after: int | None, limit: int) -> list[LineRow]:
    """The lines of a file in its order, up to ``limit + 1``."""
    query = _lines().where(statement_line.c.file_id == file_id).order_by(statement_line.c.id).limit(limit + 1)
    if after is not None:
        query = query.where(statement_line.c.id > after)
    return [LineRow(**row._mapping) for row in await connection.execute(query)]


async def line_by_id(connection: AsyncConnection, admdvs: str, line_id: int) -> LineRow | None:
    """One line of the agency."""
    query = _lines().where(statement_line.c.admdvs == admdvs, statement_line.c.id == line_id)
    row = (await connection.execute(query)).one_or_none()
    return None if row is None else LineRow(**row._mapping)


async def open_suspense(
    connection: AsyncConnection,
    admdvs: str,
    *,
    reason: str | None,
    rlts_traf_id: str | None,
    assigned_to: str | None,
    after: int | None,
    limit: int,
) -> list[LineRow]:
    """What waits at an agency, oldest first, up to ``limit + 1``."""
    filters = {"reason": reason, "rlts_traf_id": rlts_traf_id, "assigned_to": assigned_to}
    wanted = {name: value for name, value in filters.items() if value is not None}
    page = _waiting(wanted, admdvs, after or 0, limit + 1).subquery()
    query = _lines().where(statement_line.c.id.in_(select(page.c.line_id))).order_by(statement_line.c.id)
    return [LineRow(**row._mapping) for row in await connection.execute(query)]


async def open_suspense_totals(connection: AsyncConnection) -> list[tuple[str, str, int]]:
    """Kind, reason and number of everything that waits, for the gauges."""
    query = select(suspense.c.kind, suspense.c.reason, func.count()).where(suspense.c.settled_on.is_(None))
    rows = await connection.execute(query.group_by(suspense.c.kind, suspense.c.reason))
    return [(row[0], row[1], row[2]) for row in rows]


def _waiting(wanted: dict[str, str], admdvs: str, after: int, limit: int) -> Any:
    """The lines of a page. Of all that waits, the first of each reason, so that an index has the order."""
    query = select(suspense.c.line_id).where(
        suspense.c.admdvs == admdvs, suspense.c.settled_on.is_(None), suspense.c.line_id > after
    )
    query = query.where(*(suspense.c[name] == value for name, value in wanted.items()))
    if not wanted:
        reasons = (
            func.unnest(bindparam("reasons", list(SuspenseReason), ARRAY(Text))).table_valued("reason").render_derived()
        )
        each = query.where(suspense.c.reason == reasons.c.reason).order_by(suspense.c.line_id).limit(limit).lateral()
        query = select(each.c.line_id).select_from(reasons).join(each, true())
    return query.order_by("line_id").limit(limit)


def _lines() -> Any:
    own = [
        statement_line.c[name]
        for name in LineRow.__dataclass_fields__
        if name in statement_line.c and name not in ("obligation_no", "line_class")
    ]
    names = ("reason", "difference_fen", "owner", "opened_at", "assigned_to", "claimed_fen")
    waiting = [suspense.c[name] for name in names]
    joined = (
        statement_line.join(bank_account, bank_account.c.id == statement_line.c.bank_account_id)
        .outerjoin(
            claim,
            (claim.c.line_id == statement_line.c.id) & claim.c.is_exclusive & claim.c.undone_on.is_(None),
        )
        .outerjoin(obligation, obligation.c.id == claim.c.obligation_id)
        .outerjoin(suspense, (suspense.c.line_id == statement_line.c.id) & suspense.c.settled_on.is_(None))
    )
    line_class = literal_column(present_class("statement_line"), Text).label("line_class")
    answered = (
        literal_column(cleared("statement_line.id"), BigInteger).label("cleared_fen"),
        literal_column(reserved("statement_line.id"), BigInteger).label("reserved_fen"),
        literal_column(has_adjustment("statement_line.id"), Boolean).label("has_adjustment"),
        literal_column(has_proposal("statement_line.id"), Boolean).label("has_proposal"),
        literal_column(_REVERSED_BY, BigInteger).label("reversed_by"),
    )
    columns = (*own, line_class, bank_account.c.bankacct, obligation.c.obligation_no, *waiting, *answered)
    return select(*columns).select_from(joined)
