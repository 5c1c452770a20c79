"""Entries of paper sheets, and what is open of the same relation already."""

from collections.abc import Collection, Sequence
from dataclasses import fields
from uuid import UUID

from pydantic import TypeAdapter
from sqlalchemy import RowMapping, select, text, update
from sqlalchemy.ext.asyncio import AsyncConnection

from inbound.domain.paper import EntryState, PaperEntry
from inbound.tables import paper_entry
from shared.database.rowset import ROWS, insert_rows, rowset
from shared.web.line_imports import KeptRow

_ENTRY = TypeAdapter(PaperEntry)
_NAMES = tuple(field.name for field in fields(PaperEntry))
_ADD = insert_rows(paper_entry, (*_NAMES, "trafout_admdvs", "trafout_insutype"))
_DECIDED = ("state", "decided_by", "decided_name", "decided_at", "reason", "row_version")
_GIVEN = rowset(paper_entry, ("entry_id", *_DECIDED))
_DECIDE = (
    update(paper_entry)
    .where(paper_entry.c.entry_id == _GIVEN.c.entry_id)
    .values({name: _GIVEN.c[name] for name in _DECIDED})
)
_OPEN = text(
    """
    SELECT r.place, c.rlts_traf_id
    FROM jsonb_to_recordset(CAST(:rows AS jsonb))
        AS r (place int, psn_no text, trafout_admdvs text, trafout_insutype text, refs jsonb, own text, version int,
              entry_id uuid)
    CROSS JOIN LATERAL (
        SELECT rlts_traf_id, false AS is_same_version FROM inbound_case
        WHERE trafin_admdvs = :admdvs AND trafin_psn_no = r.psn_no AND trafout_admdvs = r.trafout_admdvs
          AND trafout_insutype = r.trafout_insutype AND state NOT IN ('completed', 'withdrawn', 'terminated')
        UNION ALL
        SELECT rlts_traf_id, state = 'entered' AND CAST(sheet ->> 'version' AS int) = r.version FROM paper_entry
        WHERE admdvs = :admdvs AND state <> 'rejected' AND entry_id <> r.entry_id AND (
            (state = 'entered' AND trafin_psn_no = r.psn_no AND trafout_admdvs = r.trafout_admdvs
                AND trafout_insutype = r.trafout_insutype)
            OR (jsonb_array_length(r.refs) > 0 AND refs @> r.refs))
    ) c
    WHERE c.rlts_traf_id IS DISTINCT FROM r.own OR c.is_same_version
    """
)


async def add_entries(connection: AsyncConnection, entries: Sequence[PaperEntry]) -> None:
    """Keep new entries."""
    if entries:
        await connection.execute(_ADD, {ROWS: [_to_row(entry) for entry in entries]})


async def lock_entries(connection: AsyncConnection, admdvs: str, ids: Collection[UUID]) -> dict[UUID, PaperEntry]:
    """Entries of an agency, locked in the order of their ids."""
    query = select(*(paper_entry.c[name] for name in _NAMES)).where(
        paper_entry.c.admdvs == admdvs, paper_entry.c.entry_id.in_(sorted(set(ids)))
    )
    rows = await connection.execute(query.order_by(paper_entry.c.entry_id).with_for_update())
    return {row["entry_id"]: _to_entry(row) for row in rows.mappings()}


async def list_entries(
    connection: AsyncConnection,
    admdvs: str,
    state: EntryState | None,
    after: UUID | None,
    limit: int,
    *,
    entry_id: UUID | None = None,
) -> list[PaperEntry]:
    """Up to ``limit`` entries that follow ``after``, oldest first; or the one of ``entry_id``."""
    query = select(*(paper_entry.c[name] for name in _NAMES)).where(paper_entry.c.admdvs == admdvs)
    if state is not None:
        query = query.where(paper_entry.c.state == state.value)
    if entry_id is not None:
        query = query.where(paper_entry.c.entry_id == entry_id)
    if after is not None:
        query = query.where(paper_entry.c.entry_id > after)
    rows = await connection.execute(query.order_by(paper_entry.c.entry_id).limit(limit))
    return [_to_entry(row) for row in rows.mappings()]


async def save_decided(connection: AsyncConnection, entries: Sequence[PaperEntry]) -> None:
    """Keep what the second clerk said of locked entries."""
    if entries:
        await connection.execute(_DECIDE, {ROWS: [_to_row(entry) for entry in entries]})


async def rows_of_import(
    connection: AsyncConnection, admdvs: str, import_key: str, lines: Sequence[int]
) -> dict[int, KeptRow[UUID]]:
    """By line: the entries that an earlier attempt at this import has kept."""
    columns = (paper_entry.c.import_line, paper_entry.c.entry_id, paper_entry.c.row_digest)
    query = select(*columns).where(
        paper_entry.c.admdvs == admdvs,
        paper_entry.c.import_key == import_key,
        paper_entry.c.import_line.in_(lines),
    )
    return {row[0]: KeptRow(row[1], row[2]) for row in await connection.execute(query)}


async def open_of_same(connection: AsyncConnection, admdvs: str, entries: Sequence[PaperEntry]) -> dict[int, str]:
    """By place in ``entries``: the number of an open case of the same relation, or of the same paper."""
    rows = [
        {
            "place": place,
            "psn_no": entry.trafin_psn_no,
            "trafout_admdvs": entry.sheet.trafout_admdvs,
            "trafout_insutype": entry.sheet.trafout_insutype,
            "refs": [each.model_dump() for each in entry.refs],
            "own": entry.rlts_traf_id,
            "version": entry.sheet.version,
            "entry_id": str(entry.entry_id),
        }
        for place, entry in enumerate(entries)
    ]
    found = await connection.execute(_OPEN, {"rows": _JSON.dump_json(rows).decode(), "admdvs": admdvs})
    return {row.place: row.rlts_traf_id for row in found}


_JSON = TypeAdapter(list[dict[str, object]])


def _to_row(entry: PaperEntry) -> dict[str, object]:
    row: dict[str, object] = _ENTRY.dump_python(entry, mode="json")
    return row | {"trafout_admdvs": entry.sheet.trafout_admdvs, "trafout_insutype": entry.sheet.trafout_insutype}


def _to_entry(row: RowMapping) -> PaperEntry:
    return _ENTRY.validate_python(dict(row))
