"""A completed case holds what the inbound has decided about benefits and years, in short."""

from alembic import op

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add the columns."""
    op.execute("ALTER TABLE transfer_case ADD COLUMN benefits JSONB, ADD COLUMN years JSONB")
