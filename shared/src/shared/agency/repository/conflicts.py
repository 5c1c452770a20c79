"""Where pushed records disagreed with our own holds."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncConnection

_LIST = text("""
SELECT position, psn_no, code, psn_insu_rlts_id, rid, noticed_at FROM record_conflict
WHERE admdvs = :admdvs AND position > :after ORDER BY position LIMIT :limit
""")


@dataclass(frozen=True, slots=True)
class NotedConflict:
    """One conflict as it was noticed (UTC)."""

    position: int
    psn_no: str
    code: str
    psn_insu_rlts_id: str | None
    rid: str
    noticed_at: datetime


async def list_conflicts(connection: AsyncConnection, admdvs: str, *, after: int, limit: int) -> list[NotedConflict]:
    """Conflicts of an agency after a position."""
    rows = await connection.execute(_LIST, {"admdvs": admdvs, "after": after, "limit": limit})
    return [NotedConflict(**row) for row in rows.mappings()]
