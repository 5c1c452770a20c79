"""One PostgreSQL database per service: SQLAlchemy 2 Core on asyncpg, no ORM."""

from shared.database.engine import Database
from shared.database.metadata import new_metadata
from shared.database.revision import BehindRevision, require_revision

__all__ = ["BehindRevision", "Database", "new_metadata", "require_revision"]
