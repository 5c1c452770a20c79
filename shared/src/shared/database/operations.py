"""What a migration may ask of the database, as far as our shared steps need it."""

from typing import Protocol

from alembic.runtime.migration import MigrationContext
from sqlalchemy import Connection


class Operations(Protocol):
    """The module ``alembic.op`` as a migration script hands it on; to a type checker a module is no Alembic class."""

    def execute(self, sqltext: str) -> None:
        """Run one SQL statement in the migration's transaction."""

    def get_bind(self) -> Connection:
        """The migration's connection."""

    def get_context(self) -> MigrationContext:
        """What the migration runs with, the configuration included."""
