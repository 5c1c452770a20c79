"""A completed case shows where the correction of its sheet stands."""

from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add the correction's state and when it was last synced."""
    op.execute("ALTER TABLE transfer_case ADD COLUMN correction_state VARCHAR(12)")
    op.execute("ALTER TABLE transfer_case ADD COLUMN corrected_at TIMESTAMP WITH TIME ZONE")
