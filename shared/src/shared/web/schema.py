"""The HTTP side's table, for a service's first migration."""

from shared.database import grants
from shared.database.operations import Operations
from shared.web.tables import metadata


def create(op: Operations) -> None:
    """Create the tables and grant the app role its rights."""
    metadata.create_all(op.get_bind())
    grants.writable(op, *metadata.tables)
