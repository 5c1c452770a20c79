"""Whether an obligation rests on an electronic document or on paper."""

from alembic import op

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add the column."""
    op.execute("ALTER TABLE obligation ADD COLUMN origin TEXT NOT NULL DEFAULT 'electronic'")
    op.execute("COMMENT ON COLUMN obligation.origin IS 'electronic or paper: what its document is'")
