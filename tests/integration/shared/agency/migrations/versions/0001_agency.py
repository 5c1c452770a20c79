"""The tables of the agency records alone."""

from alembic import op

from shared.agency import schema

revision = "0001"
down_revision = None


def upgrade() -> None:
    """Create them."""
    schema.create(op)
