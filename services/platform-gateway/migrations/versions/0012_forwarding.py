"""A case says where it was forwarded from and to, the last time that it was."""

from alembic import op

revision = "0012"
down_revision = "0011"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add the column."""
    op.execute("ALTER TABLE transfer_case ADD COLUMN forwarding JSONB")
