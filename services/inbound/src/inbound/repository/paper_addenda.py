"""Addenda on paper as clerks entered them."""

from collections.abc import Sequence
from dataclasses import fields
from uuid import UUID

from pydantic import TypeAdapter
from sqlalchemy import RowMapping, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from inbound.domain.paper_addendum import AddendumEntry
from inbound.tables import paper_addendum
from shared.database.rowset import ROWS, insert_rows

_ENTRY = TypeAdapter(AddendumEntry)
_ADD = insert_rows(paper_addendum, tuple(field.name for field in fields(AddendumEntry)))
_DECIDED = ("decided_by", "decided_name", "decided_at", "review_reason")


async def add_entry(connection: AsyncConnection, entry: AddendumEntry) -> None:
    """Keep an entry; raises the database's integrity error while another one of the case is open."""
    await connection.execute(_ADD, {ROWS: [_ENTRY.dump_python(entry, mode="json")]})


async def save_entry(connection: AsyncConnection, entry: AddendumEntry) -> None:
    """Keep what the second clerk said."""
    values = {name: getattr(entry, name) for name in _DECIDED} | {"state": entry.state.value}
    await connection.execute(update(paper_addendum).where(paper_addendum.c.entry_id == entry.entry_id).values(values))


async def load_entry(connection: AsyncConnection, rlts_traf_id: str, entry_id: UUID) -> AddendumEntry | None:
    """An entry of a case, locked."""
    query = select(paper_addendum).where(
        paper_addendum.c.rlts_traf_id == rlts_traf_id, paper_addendum.c.entry_id == entry_id
    )
    row = (await connection.execute(query.with_for_update())).mappings().first()
    return _to_entry(row) if row else None


async def entries_of(connection: AsyncConnection, rlts_traf_id: str) -> Sequence[AddendumEntry]:
    """All entries of a case, oldest first."""
    query = select(paper_addendum).where(paper_addendum.c.rlts_traf_id == rlts_traf_id)
    rows = await connection.execute(query.order_by(paper_addendum.c.entry_id))
    return [_to_entry(row) for row in rows.mappings()]


def _to_entry(row: RowMapping) -> AddendumEntry:
    return _ENTRY.validate_python(dict(row))
