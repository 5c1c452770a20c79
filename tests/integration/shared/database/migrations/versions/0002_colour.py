"""A second step."""

from alembic import op

revision = "0002"
down_revision = "0001"


def upgrade() -> None:
    """Add a column."""
    op.execute("ALTER TABLE note ADD COLUMN colour text")
