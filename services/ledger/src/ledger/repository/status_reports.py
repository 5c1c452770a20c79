"""What banks reported of payments, and what came of each line."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import func, insert, select
from sqlalchemy.ext.asyncio import AsyncConnection

from ledger.tables import status_report, status_report_line

_CHUNK = 2000


@dataclass(frozen=True, slots=True)
class ReportRow:
    """One report; ``digest`` is SHA-256 (hex) of its bytes."""

    id: UUID
    admdvs: str
    digest: str
    message_id: str
    original_message_id: str | None
    size_bytes: int
    line_count: int
    received_at: datetime
    received_by: str


@dataclass(frozen=True, slots=True)
class ReportLine:
    """One payment of a report."""

    line_no: int
    reference: str | None
    order_id: UUID | None
    status: str
    reason_code: str | None
    reason_text: str | None
    outcome: str


async def told_before(
    connection: AsyncConnection, admdvs: str, digest: str, message_id: str, original_message_id: str
) -> tuple[UUID, str] | None:
    """Id and digest of the report with these bytes, or with this number about this file, that was brought before.

    Each bank numbers its own reports.
    """
    is_same = (status_report.c.message_id == message_id) & (status_report.c.original_message_id == original_message_id)
    query = select(status_report.c.id, status_report.c.digest).where(
        status_report.c.admdvs == admdvs,
        (status_report.c.digest == digest) | is_same,
    )
    row = (await connection.execute(query.order_by(status_report.c.digest != digest).limit(1))).one_or_none()
    return None if row is None else (row.id, row.digest)


async def add(connection: AsyncConnection, row: ReportRow, lines: Sequence[ReportLine]) -> None:
    """Keep a report with its lines."""
    await connection.execute(insert(status_report).values(_values(row)))
    for start in range(0, len(lines), _CHUNK):
        values = [_values(line) | {"report_id": row.id} for line in lines[start : start + _CHUNK]]
        await connection.execute(insert(status_report_line), values)


async def by_id(connection: AsyncConnection, admdvs: str, report_id: UUID) -> ReportRow | None:
    """One report of the agency."""
    query = _reports().where(status_report.c.admdvs == admdvs, status_report.c.id == report_id)
    row = (await connection.execute(query)).one_or_none()
    return None if row is None else ReportRow(**row._mapping)


async def totals(connection: AsyncConnection, report_id: UUID) -> list[tuple[str, int]]:
    """How many lines of a report had which outcome."""
    query = select(status_report_line.c.outcome, func.count()).where(status_report_line.c.report_id == report_id)
    rows = await connection.execute(query.group_by(status_report_line.c.outcome).order_by(status_report_line.c.outcome))
    return [(row[0], row[1]) for row in rows]


async def lines_page(
    connection: AsyncConnection, report_id: UUID, *, outcome: str | None, after: int | None, limit: int
) -> list[ReportLine]:
    """The lines of a report in its order, up to ``limit + 1``."""
    columns = [status_report_line.c[name] for name in ReportLine.__dataclass_fields__]
    query = select(*columns).where(status_report_line.c.report_id == report_id)
    if outcome is not None:
        query = query.where(status_report_line.c.outcome == outcome)
    if after is not None:
        query = query.where(status_report_line.c.line_no > after)
    rows = await connection.execute(query.order_by(status_report_line.c.line_no).limit(limit + 1))
    return [ReportLine(**row._mapping) for row in rows]


async def page(
    connection: AsyncConnection, admdvs: str, *, after: tuple[datetime, UUID] | None, limit: int
) -> list[ReportRow]:
    """The agency's reports, newest first, up to ``limit + 1``."""
    order = (status_report.c.received_at, status_report.c.id)
    query = _reports().where(status_report.c.admdvs == admdvs)
    if after is not None:
        query = query.where(func.row(*order) < func.row(*after))
    query = query.order_by(*(column.desc() for column in order)).limit(limit + 1)
    return [ReportRow(**row._mapping) for row in await connection.execute(query)]


def _reports() -> Any:
    return select(*(status_report.c[name] for name in ReportRow.__dataclass_fields__))


def _values(row: ReportRow | ReportLine) -> dict[str, Any]:
    return {name: getattr(row, name) for name in type(row).__dataclass_fields__}
