"""Notes that a case on paper ends."""

from collections.abc import Sequence
from dataclasses import fields
from uuid import UUID

from pydantic import TypeAdapter
from sqlalchemy import RowMapping, insert, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from inbound.domain.paper_end import PaperEnd
from inbound.tables import paper_end

_END = TypeAdapter(PaperEnd)
_DECIDED = ("decided_by", "decided_name", "decided_at", "reason")


async def add_end(connection: AsyncConnection, end: PaperEnd) -> None:
    """Keep a note; raises the database's integrity error while another one of the case is open."""
    values = {field.name: getattr(end, field.name) for field in fields(PaperEnd)}
    await connection.execute(insert(paper_end).values(values))


async def save_end(connection: AsyncConnection, end: PaperEnd) -> None:
    """Keep what the second clerk said."""
    values = {name: getattr(end, name) for name in _DECIDED} | {"state": end.state.value}
    await connection.execute(update(paper_end).where(paper_end.c.end_id == end.end_id).values(values))


async def load_end(connection: AsyncConnection, rlts_traf_id: str, end_id: UUID) -> PaperEnd | None:
    """A note of a case, locked."""
    query = select(paper_end).where(paper_end.c.rlts_traf_id == rlts_traf_id, paper_end.c.end_id == end_id)
    row = (await connection.execute(query.with_for_update())).mappings().first()
    return _to_end(row) if row else None


async def ends_of(connection: AsyncConnection, rlts_traf_id: str) -> Sequence[PaperEnd]:
    """All notes of a case, oldest first."""
    query = select(paper_end).where(paper_end.c.rlts_traf_id == rlts_traf_id).order_by(paper_end.c.end_id)
    return [_to_end(row) for row in (await connection.execute(query)).mappings()]


def _to_end(row: RowMapping) -> PaperEnd:
    return _END.validate_python(dict(row))
