"""Creates the table of the registry's copy; called by every service's first migration."""

from shared.database import grants
from shared.database.operations import Operations
from shared.registry.tables import metadata, registry_copy


def create(op: Operations) -> None:
    """Create the table and grant the app role its rights on it."""
    metadata.create_all(op.get_bind())
    grants.writable(op, registry_copy.name)
