"""Whether the database is new enough for this code: behind refuses to start, ahead is fine (expand, then contract)."""

from pathlib import Path

from sqlalchemy import text

from shared.database.engine import Database
from shared.database.scripts import head_revision, known_revisions
from shared.errors import TransferError


class BehindRevision(TransferError):
    """The database lacks a revision that this code needs; run ``python -m <package> migrate`` first."""


async def require_revision(database: Database, package: str | Path) -> None:
    """Raise ``BehindRevision`` unless the database is at the head of ``package``'s scripts, or ahead of it.

    A revision that the scripts do not know is ahead: newer code made it.
    """
    head = head_revision(package)
    present = await _present(database)
    if head in present or (present and present.isdisjoint(known_revisions(package))):
        return
    raise BehindRevision(f"database is at {sorted(present) or 'nothing'}, {package} needs {head}")


async def _present(database: Database) -> set[str]:
    async with database.connection() as connection:
        if await connection.scalar(text("SELECT to_regclass('alembic_version')")) is None:
            return set()
        return set(await connection.scalars(text("SELECT version_num FROM alembic_version")))
