"""How far an import of people has come, and what was wrong with which line."""

import json
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncConnection

from shared.agency.repository.persons import UpsertOutcome
from shared.errors import FieldError

_COLUMNS = """import_id, state, lines_done, prefix_digest, created, updated, unchanged, ignored_older, failed,
    started_at, finished_at"""

_START = text("""
INSERT INTO person_import (admdvs, import_id, state, prefix_digest, started_at)
VALUES (:admdvs, :import_id, 'open', :digest, :now) ON CONFLICT DO NOTHING
""")
_LOAD = text(f"SELECT {_COLUMNS} FROM person_import WHERE admdvs = :admdvs AND import_id = :import_id")  # noqa: S608

_ADVANCE = text("""
UPDATE person_import SET lines_done = :lines_done, prefix_digest = :digest, created = created + :created,
    updated = updated + :updated, unchanged = unchanged + :unchanged,
    ignored_older = ignored_older + :ignored_older, failed = failed + :failed
WHERE admdvs = :admdvs AND import_id = :import_id AND lines_done = :expected AND state = 'open'
""")
_NOTE = text("""
INSERT INTO person_import_line (admdvs, import_id, line, pointer, code, message)
SELECT :admdvs, :import_id, l.line, l.pointer, l.code, l.message
FROM jsonb_to_recordset(CAST(:rows AS jsonb)) AS l(line bigint, pointer text, code text, message text)
WHERE (SELECT count(*) FROM person_import_line WHERE admdvs = :admdvs AND import_id = :import_id) < :kept
ON CONFLICT DO NOTHING
""")
_FINISH = text("""
UPDATE person_import SET state = 'done', finished_at = :now
WHERE admdvs = :admdvs AND import_id = :import_id AND state = 'open' AND lines_done = :expected RETURNING started_at
""")
_LINES = text("""
SELECT line, pointer, code, message FROM person_import_line
WHERE admdvs = :admdvs AND import_id = :import_id ORDER BY line, pointer LIMIT :limit
""")


@dataclass(frozen=True, slots=True)
class ImportState:
    """An import as it stands: ``lines_done`` lines are kept, whose SHA-256 is ``prefix_digest``."""

    import_id: str
    state: str
    lines_done: int
    prefix_digest: str
    created: int
    updated: int
    unchanged: int
    ignored_older: int
    failed: int
    started_at: datetime
    finished_at: datetime | None


@dataclass(frozen=True, slots=True)
class LineError:
    """What is wrong with one line (from 1)."""

    line: int
    error: FieldError


async def start_import(
    connection: AsyncConnection, admdvs: str, import_id: str, *, digest: str, now: datetime
) -> ImportState:
    """The import of that id, begun now unless it was before."""
    key = {"admdvs": admdvs, "import_id": import_id}
    await connection.execute(_START, key | {"digest": digest, "now": now})
    return ImportState(**(await connection.execute(_LOAD, key)).mappings().one())


async def find_import(connection: AsyncConnection, admdvs: str, import_id: str) -> ImportState | None:
    """The import of that id, if the agency has begun it."""
    row = (await connection.execute(_LOAD, {"admdvs": admdvs, "import_id": import_id})).mappings().first()
    return ImportState(**row) if row else None


async def advance_import(
    connection: AsyncConnection,
    admdvs: str,
    import_id: str,
    *,
    expected: int,
    lines_done: int,
    digest: str,
    outcomes: Counter[UpsertOutcome],
    errors: Sequence[LineError],
    failed: int,
    kept_errors: int,
) -> bool:
    """Record a batch; ``False`` when somebody else has moved the import on from ``expected`` lines."""
    key = {"admdvs": admdvs, "import_id": import_id}
    counts = {outcome.value: outcomes[outcome] for outcome in UpsertOutcome}
    moved = await connection.execute(
        _ADVANCE, key | counts | {"expected": expected, "lines_done": lines_done, "digest": digest, "failed": failed}
    )
    if errors:
        rows = [
            {"line": each.line, "pointer": each.error.pointer, "code": each.error.code, "message": each.error.message}
            for each in errors
        ]
        await connection.execute(_NOTE, key | {"rows": json.dumps(rows), "kept": kept_errors})
    return moved.rowcount == 1


async def finish_import(
    connection: AsyncConnection, admdvs: str, import_id: str, *, expected: int, now: datetime
) -> datetime | None:
    """Close the import; when it was begun, or ``None`` if somebody else moved or closed it."""
    key = {"admdvs": admdvs, "import_id": import_id, "expected": expected, "now": now}
    started_at: datetime | None = (await connection.execute(_FINISH, key)).scalar()
    return started_at


async def import_errors(connection: AsyncConnection, admdvs: str, import_id: str, *, limit: int) -> list[LineError]:
    """What was wrong, by line; at most ``limit``."""
    rows = await connection.execute(_LINES, {"admdvs": admdvs, "import_id": import_id, "limit": limit})
    return [LineError(row.line, FieldError(row.pointer, row.code, row.message)) for row in rows]
