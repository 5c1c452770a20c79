"""Creates the tables of the agency records; called by the first migration of outbound and inbound."""

from shared.agency.tables import APPEND_ONLY, WRITABLE, metadata
from shared.database import grants
from shared.database.operations import Operations


def create(op: Operations) -> None:
    """Create every table of ``shared.agency`` and grant the app role what it needs, and no more."""
    metadata.create_all(op.get_bind())
    for table in WRITABLE:
        grants.writable(op, table.name)
    for table in APPEND_ONLY:
        grants.append_only(op, table.name)
