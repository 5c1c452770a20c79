"""What every service's first migration does for its copy of the registry."""

from alembic import op

from shared.registry import schema

revision = "0001"
down_revision = None


def upgrade() -> None:
    schema.create(op)
