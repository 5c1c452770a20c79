"""Files, statements and lines as the bank told them."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import func, insert, select, text
from sqlalchemy.dialects.postgresql import insert as upsert
from sqlalchemy.ext.asyncio import AsyncConnection

from ledger.domain.restated import ToldLine
from ledger.domain.statement import Direction, StatementHead
from ledger.repository.left import restated
from ledger.tables import bank_account, statement, statement_file, statement_line
from shared.database.copying import copy_rows

LINE_COLUMNS = (
    "file_id", "statement_id", "bank_account_id", "admdvs", "entry_no", "detail_no", "kind", "direction",
    "amount_fen", "booked_on", "value_on", "bank_ref", "end_to_end_id", "note", "counterparty_acct",
    "counterparty_name", "counterparty_admdvs", "balance_fen", "is_return", "return_reason", "rlts_traf_id",
    "obligation_no", "reference_count", "names", "foreign_currency", "line_class", "rules_version",
    "rule_name",
)  # fmt: skip
_OVERLAPPING = text(
    """
    SELECT (array_agg(file_id ORDER BY period_from DESC, id DESC))[1] AS file_id,
           min(period_from) AS period_from, max(period_to) AS period_to,
           (array_agg(opening_fen ORDER BY period_from, id))[1] AS opening_fen,
           (array_agg(closing_fen ORDER BY period_from DESC, id DESC))[1] AS closing_fen,
           sum(line_count) - 2 * (SELECT count(*) FROM restated_line r JOIN statement_line l ON l.id = r.line_id
                                  WHERE l.bank_account_id = :bank_account_id
                                    AND l.booked_on BETWEEN min(period_from) AND max(period_to)) AS line_count,
           CASE WHEN count(*) = 1 THEN min(content_digest) END AS content_digest,
           max(part_no) AS part_no
    FROM statement_now
    WHERE bank_account_id = :bank_account_id
      AND daterange(period_from, period_to, '[]') && daterange(:period_from, :period_to, '[]')
    HAVING count(*) > 0
    """
)
_SORT_IN_MEMORY = text("SELECT set_config('work_mem', '64MB', true)")
# Case by case, by its number alone (OFFSET 0): while the statistics are older than the items that wait, the planner
# takes an index that begins with the agency for as good, and would read all of them for each line.
_WAITING_CASES = text(
    """
    SELECT DISTINCT l.rlts_traf_id
    FROM statement_line l
    CROSS JOIN LATERAL (
        SELECT FROM (SELECT admdvs FROM suspense
                     WHERE rlts_traf_id = l.rlts_traf_id AND settled_on IS NULL OFFSET 0) s
        WHERE s.admdvs = l.admdvs LIMIT 1
    ) waiting
    WHERE l.file_id = :file_id AND l.rlts_traf_id IS NOT NULL
    """
)


@dataclass(frozen=True, slots=True)
class FileRow:
    """One accepted file."""

    id: UUID
    admdvs: str
    digest: str
    form: str
    size_bytes: int
    received_at: datetime
    received_by: str


@dataclass(frozen=True, slots=True)
class ToldBefore:
    """What we hold of the days that another statement tells again: of one, or of several as if they were one.

    ``file_id`` is the last one's; ``content_digest`` is ``None`` where they are several.
    """

    file_id: UUID
    period_from: date
    period_to: date
    opening_fen: int
    closing_fen: int
    line_count: int
    content_digest: str | None
    part_no: int


async def add_file(connection: AsyncConnection, row: FileRow) -> bool:
    """Keep the file's identity; false when the agency has brought these very bytes before.

    Two that bring them at once: the second waits for the first's transaction.
    """
    values = {name: getattr(row, name) for name in FileRow.__dataclass_fields__}
    added = await connection.scalar(
        upsert(statement_file).values(values).on_conflict_do_nothing().returning(statement_file.c.id)
    )
    return added is not None


async def file_by_digest(connection: AsyncConnection, admdvs: str, digest: str) -> UUID | None:
    """The id of the file with these bytes."""
    query = select(statement_file.c.id).where(statement_file.c.admdvs == admdvs, statement_file.c.digest == digest)
    found: UUID | None = await connection.scalar(query)
    return found


async def accounts_of_file(connection: AsyncConnection, file_id: UUID) -> list[str]:
    """The numbers of the accounts whose statements a file brought; none where it brought notifications."""
    query = select(bank_account.c.bankacct).where(
        bank_account.c.id.in_(select(statement.c.bank_account_id).where(statement.c.file_id == file_id))
    )
    return list((await connection.scalars(query)).all())


async def file_by_id(connection: AsyncConnection, admdvs: str, file_id: UUID) -> FileRow | None:
    """One file of the agency."""
    columns = [statement_file.c[name] for name in FileRow.__dataclass_fields__]
    query = select(*columns).where(statement_file.c.admdvs == admdvs, statement_file.c.id == file_id)
    row = (await connection.execute(query)).one_or_none()
    return None if row is None else FileRow(**row._mapping)


async def told_before(connection: AsyncConnection, bank_account_id: int, days: tuple[date, date]) -> ToldBefore | None:
    """All statements that cover one of the days, both ends included, taken together, if there are any."""
    row = (
        await connection.execute(
            _OVERLAPPING,
            {"bank_account_id": bank_account_id, "period_from": days[0], "period_to": days[1]},
        )
    ).one_or_none()
    return None if row is None else ToldBefore(**row._mapping)


async def told_lines(
    connection: AsyncConnection, bank_account_id: int, days: tuple[date, date], *, limit: int
) -> list[ToldLine]:
    """Up to ``limit`` lines that are kept of an account's days, both ends included; not what a correction reversed."""
    columns = [statement_line.c[name] for name in ToldLine.__dataclass_fields__]
    query = select(*columns).where(
        statement_line.c.bank_account_id == bank_account_id,
        statement_line.c.booked_on.between(*days),
        text(f"NOT {restated('statement_line.id')}"),
    )
    rows = await connection.execute(query.order_by(statement_line.c.id).limit(limit))
    return [ToldLine(**{**row._mapping, "direction": Direction(row.direction)}) for row in rows]


async def add_statement(connection: AsyncConnection, file_id: UUID, bank_account_id: int, head: StatementHead) -> int:
    """Keep one statement; its id."""
    values = {
        "file_id": file_id,
        "bank_account_id": bank_account_id,
        "statement_no": head.statement_no,
        "period_from": head.period_from,
        "period_to": head.period_to,
        "opening_fen": head.opening_fen,
        "closing_fen": head.closing_fen,
        "line_count": head.totals.line_count,
        "credit_fen": head.totals.credit_fen,
        "debit_fen": head.totals.debit_fen,
        "is_newest_first": head.is_newest_first,
        "content_digest": head.totals.content_digest,
        "is_opening_computed": head.is_opening_computed,
        "part_no": head.part_no,
        "sequence_no": head.sequence_no,
    }
    added = await connection.scalar(insert(statement).values(values).returning(statement.c.id))
    return int(added or 0)


async def expect_many(connection: AsyncConnection) -> None:
    """Let this transaction sort a large file's lines in memory rather than on disk."""
    await connection.execute(_SORT_IN_MEMORY)


async def copy_lines(connection: AsyncConnection, rows: Sequence[tuple[Any, ...]]) -> None:
    """Add lines by COPY, in the order of ``LINE_COLUMNS``."""
    await copy_rows(connection, statement_line, LINE_COLUMNS, rows)


async def waiting_cases_of_file(connection: AsyncConnection, file_id: UUID) -> list[str]:
    """Every case that a line of the file names while other money for it waits."""
    return list((await connection.scalars(_WAITING_CASES, {"file_id": file_id})).all())


async def files_of_agency(
    connection: AsyncConnection, admdvs: str, after: tuple[datetime, UUID] | None, limit: int
) -> list[FileRow]:
    """The agency's files, newest first, up to ``limit + 1``."""
    order = (statement_file.c.received_at, statement_file.c.id)
    query = select(*(statement_file.c[name] for name in FileRow.__dataclass_fields__))
    query = query.where(statement_file.c.admdvs == admdvs)
    if after is not None:
        query = query.where(func.row(*order) < func.row(*after))
    query = query.order_by(*(column.desc() for column in order)).limit(limit + 1)
    return [FileRow(**row._mapping) for row in await connection.execute(query)]
