"""The clock of the stage, so that due dates can be counted again when a year is published, and warned of."""

from alembic import op

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add the columns; cases from before keep their dates."""
    for column in ("clock_started_on DATE", "clock_days SMALLINT", "total_days SMALLINT", "warn_on DATE"):
        op.execute(f"ALTER TABLE inbound_case ADD COLUMN IF NOT EXISTS {column}")
    op.execute(
        "CREATE INDEX IF NOT EXISTS ix_inbound_case_to_count ON inbound_case (rlts_traf_id)"
        " WHERE is_due_provisional OR (clock_days IS NOT NULL AND warn_on IS NULL)"
    )
