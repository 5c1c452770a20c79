"""An accepted sheet may be recalled before the completion: who asks, why, and when the platform was asked."""

from alembic import op

revision = "outbound_0011"
down_revision = "outbound_0010"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add the columns."""
    op.execute(
        """
        ALTER TABLE outbound_case
            ADD COLUMN recall_reason TEXT,
            ADD COLUMN recall_by TEXT,
            ADD COLUMN recall_asked_at TIMESTAMP WITH TIME ZONE,
            ADD CONSTRAINT ck_outbound_case_recall_asked_by_somebody CHECK (
                recall_asked_at IS NULL OR recall_by IS NOT NULL)
        """
    )
