"""Corrected statements, and the lines that they take back."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from pydantic import TypeAdapter
from sqlalchemy import Row, func, insert, select, text, update
from sqlalchemy.ext.asyncio import AsyncConnection

from ledger.domain.line_classes import OTHER_THAN_TRANSFER, LineClass
from ledger.domain.restated import ToldLine
from ledger.domain.restatement import Obstacle, RestatementState
from ledger.domain.statement import Direction, Line
from ledger.repository.left import has_adjustment, has_proposal, present_class, reserved, restated
from ledger.tables import bank_account, restated_line, restatement

FOUND = (
    "form", "statement_no", "told_from", "period_from", "period_to", "part_no", "opening_fen", "closing_fen",
    "shift_fen", "gone_lines", "added_lines",
)  # fmt: skip
"""What is found by reading and comparing a file."""

_ADDED = TypeAdapter(tuple[Line, ...])
_LINES = f"""
    SELECT l.id, l.booked_on, l.value_on, l.direction, l.amount_fen, l.bank_ref, l.end_to_end_id, l.note,
           l.counterparty_acct, l.rlts_traf_id, {present_class("l")} AS line_class,
           EXISTS (SELECT FROM claim c WHERE c.line_id = l.id AND c.undone_on IS NULL)
               OR EXISTS (SELECT FROM clearing c
                          WHERE (c.credit_line_id = l.id OR c.debit_line_id = l.id) AND NOT EXISTS (
                              SELECT FROM restated_line r
                              WHERE r.line_id = l.id AND r.reversed_by IN (c.credit_line_id, c.debit_line_id)))
               OR s.returned_order_id IS NOT NULL
               OR EXISTS (SELECT FROM fund_request f WHERE f.line_id = l.id) AS is_acted_on,
           CASE WHEN {reserved("l.id")} > 0 THEN 'going-back'
                WHEN {has_adjustment("l.id")} OR {has_proposal("l.id")} THEN 'under-way'
           END AS obstacle
    FROM statement_line l
    LEFT JOIN suspense s ON s.line_id = l.id
"""  # noqa: S608  # only our own SQL is put in
_STANDING = text(
    _LINES  # only our own SQL is put in
    + f"""
    WHERE l.bank_account_id = :bank_account_id AND l.booked_on BETWEEN :since AND :until AND l.statement_id IS NOT NULL
      AND NOT {restated("l.id")}
    ORDER BY l.id LIMIT :limit
    """
)
_BY_ID = text(_LINES + "WHERE l.admdvs = :admdvs AND l.id = ANY(:ids) ORDER BY l.id")
_NEIGHBOURS = text(
    """
    SELECT told.latest_from, before.closing_fen AS previous_closing_fen, after.period_from AS next_from,
           after.opening_fen AS next_opening_fen
    FROM (SELECT max(period_from) AS latest_from FROM statement
          WHERE bank_account_id = :bank_account_id AND period_from <= :until AND period_to >= :since) told
    LEFT JOIN LATERAL (
        SELECT closing_fen FROM statement_now WHERE bank_account_id = :bank_account_id AND period_to < :since
        ORDER BY period_from DESC, id DESC LIMIT 1
    ) before ON true
    LEFT JOIN LATERAL (
        SELECT period_from, opening_fen FROM statement_now
        WHERE bank_account_id = :bank_account_id AND period_from > :until ORDER BY period_from, id LIMIT 1
    ) after ON true
    """
)
_SHIFT = text(
    """
    INSERT INTO statement_shift (statement_id, restatement_id, shift_fen)
    SELECT id, :restatement_id, :shift_fen FROM statement
    WHERE bank_account_id = :bank_account_id AND period_from <= :until AND period_to >= :since
    """
)
_ENTRIES = text("SELECT entry_no, id FROM statement_line WHERE statement_id = :statement_id")


@dataclass(frozen=True, slots=True)
class Restatement:
    """One corrected statement; its period, balances and ``part_no`` are those of the statement that corrects.

    ``told_from``: the first day that was told again; ``shift_fen``: by how much corrections of earlier days have moved
    the balances since.
    """

    id: UUID
    admdvs: str
    bank_account_id: int
    bankacct: str
    digest: str
    form: str
    size_bytes: int
    statement_no: str
    told_from: date
    period_from: date
    period_to: date
    part_no: int
    opening_fen: int
    closing_fen: int
    shift_fen: int
    gone_lines: tuple[int, ...]
    added_lines: tuple[Line, ...]
    state: RestatementState
    received_by: str
    received_at: datetime
    reason: str | None
    proposed_by: str | None
    proposed_at: datetime | None
    decided_by: str | None
    decided_at: datetime | None
    decision_reason: str | None
    file_id: UUID | None
    version: int


@dataclass(frozen=True, slots=True)
class Neighbours:
    """What stands around some days of an account: amounts in fen, as they are after all corrections.

    ``latest_from`` is the first day of the last statement that covers these days; the others are ``None`` where no
    statement comes before, or after.
    """

    latest_from: date | None
    previous_closing_fen: int | None
    next_from: date | None
    next_opening_fen: int | None


@dataclass(frozen=True, slots=True)
class StandingLine:
    """A kept line of days that are told otherwise now.

    ``is_acted_on``: it was matched, given back, written off, set off, or taken for a request's allotment; ``obstacle``
    is what stands in the way of reversing it.
    """

    id: int
    told: ToldLine
    value_on: date
    line_class: LineClass
    rlts_traf_id: str | None
    is_acted_on: bool
    obstacle: Obstacle | None

    @property
    def is_free(self) -> bool:
        """Whether nothing was done with it, and nothing is under way."""
        return not self.is_acted_on and self.obstacle is None

    @property
    def is_other(self) -> bool:
        """Whether it is no transfer, and stands in no suspense."""
        return self.line_class in OTHER_THAN_TRANSFER


async def standing(
    connection: AsyncConnection, bank_account_id: int, days: tuple[date, date], *, limit: int
) -> list[StandingLine]:
    """Up to ``limit`` lines of an account's days, both ends included, that no correction has taken back."""
    values = {"bank_account_id": bank_account_id, "since": days[0], "until": days[1], "limit": limit}
    return [_line(row) for row in await connection.execute(_STANDING, values)]


async def lines(connection: AsyncConnection, admdvs: str, ids: Sequence[int]) -> list[StandingLine]:
    """The agency's lines among ``ids``, in order."""
    return [_line(row) for row in await connection.execute(_BY_ID, {"admdvs": admdvs, "ids": list(ids)})]


async def neighbours(connection: AsyncConnection, bank_account_id: int, days: tuple[date, date]) -> Neighbours:
    """What stands around an account's days, both ends included."""
    values = {"bank_account_id": bank_account_id, "since": days[0], "until": days[1]}
    return Neighbours(**(await connection.execute(_NEIGHBOURS, values)).one()._mapping)


async def shift(connection: AsyncConnection, row: Restatement) -> None:
    """Move the balances of the statements that told the days before, where corrections of earlier days have."""
    if row.shift_fen:
        values = {"restatement_id": row.id, "shift_fen": row.shift_fen, "bank_account_id": row.bank_account_id}
        await connection.execute(_SHIFT, values | {"since": row.told_from, "until": row.period_to})


async def add(connection: AsyncConnection, row: Restatement) -> None:
    """Keep what differs."""
    values = {name: getattr(row, name) for name in Restatement.__dataclass_fields__ if name in restatement.c}
    await connection.execute(insert(restatement).values(values | _differing(row)))


async def renew(connection: AsyncConnection, restatement_id: UUID, row: Restatement) -> None:
    """Keep what is read and what differs now, where other lines have come since, or it was read by another mapping."""
    await change(connection, restatement_id, {name: getattr(row, name) for name in FOUND} | _differing(row))


async def by_digest(connection: AsyncConnection, admdvs: str, bank_account_id: int, digest: str) -> Restatement | None:
    """What these bytes have made as a statement of the account, unless it was rejected; locked."""
    query = _select().where(
        restatement.c.admdvs == admdvs,
        restatement.c.bank_account_id == bank_account_id,
        restatement.c.digest == digest,
        restatement.c.state != RestatementState.REJECTED.value,
    )
    row = (await connection.execute(query.with_for_update(of=restatement))).one_or_none()
    return None if row is None else _restatement(row)


async def by_id(
    connection: AsyncConnection, admdvs: str, restatement_id: UUID, *, is_locked: bool = False
) -> Restatement | None:
    """One of the agency, locked on demand."""
    query = _select().where(restatement.c.admdvs == admdvs, restatement.c.id == restatement_id)
    if is_locked:
        query = query.with_for_update(of=restatement)
    row = (await connection.execute(query)).one_or_none()
    return None if row is None else _restatement(row)


async def page(
    connection: AsyncConnection,
    admdvs: str,
    *,
    state: RestatementState | None,
    after: tuple[datetime, UUID] | None,
    limit: int,
) -> list[Restatement]:
    """The agency's, newest first, up to ``limit + 1``."""
    order = (restatement.c.received_at, restatement.c.id)
    query = _select().where(restatement.c.admdvs == admdvs)
    if state is not None:
        query = query.where(restatement.c.state == state.value)
    if after is not None:
        query = query.where(func.row(*order) < func.row(*after))
    query = query.order_by(*(column.desc() for column in order)).limit(limit + 1)
    return [_restatement(row) for row in await connection.execute(query)]


async def change(connection: AsyncConnection, restatement_id: UUID, values: dict[str, Any]) -> None:
    """Keep the next step of one."""
    await connection.execute(
        update(restatement)
        .where(restatement.c.id == restatement_id)
        .values(**values, version=restatement.c.version + 1)
    )


async def add_reversed(
    connection: AsyncConnection, restatement_id: UUID, statement_id: int, entries: Sequence[tuple[int, int]]
) -> dict[int, int]:
    """Note by which new lines old ones are reversed; ``entries``: old line and entry number. The new lines' ids."""
    ids = {row.entry_no: row.id for row in await connection.execute(_ENTRIES, {"statement_id": statement_id})}
    found = {line_id: ids[entry_no] for line_id, entry_no in entries}
    rows = [
        {"line_id": line_id, "reversed_by": reversed_by, "restatement_id": restatement_id}
        for line_id, reversed_by in found.items()
    ]
    if rows:
        await connection.execute(insert(restated_line), rows)
    return found


def _differing(row: Restatement) -> dict[str, Any]:
    return {"gone_lines": list(row.gone_lines), "added_lines": _ADDED.dump_python(row.added_lines, mode="json")}


def _select() -> Any:
    own = [restatement.c[name] for name in Restatement.__dataclass_fields__ if name in restatement.c]
    return select(*own, bank_account.c.bankacct).select_from(restatement.join(bank_account))


def _restatement(row: Row[Any]) -> Restatement:
    read = {
        "gone_lines": tuple(row.gone_lines),
        "added_lines": _ADDED.validate_python(row.added_lines),
        "state": RestatementState(row.state),
    }
    return Restatement(**{**row._mapping, **read})


def _line(row: Row[Any]) -> StandingLine:
    names = ToldLine.__dataclass_fields__
    told = ToldLine(**{**{name: getattr(row, name) for name in names}, "direction": Direction(row.direction)})
    obstacle = None if row.obstacle is None else Obstacle(row.obstacle)
    line_class = LineClass(row.line_class)
    return StandingLine(row.id, told, row.value_on, line_class, row.rlts_traf_id, row.is_acted_on, obstacle)
