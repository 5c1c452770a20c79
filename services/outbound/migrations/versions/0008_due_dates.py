"""The clock of the stage, so that due dates can be counted again when a year is published, and warned of."""

from alembic import op

revision = "outbound_0008"
down_revision = "outbound_0007"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add the columns; cases from before keep their dates."""
    op.execute(
        "ALTER TABLE outbound_case ADD COLUMN clock_started_on DATE, ADD COLUMN clock_days SMALLINT,"
        " ADD COLUMN total_days SMALLINT, ADD COLUMN warn_on DATE"
    )
    op.execute(
        "CREATE INDEX ix_outbound_case_to_count ON outbound_case (rlts_traf_id)"
        " WHERE is_due_provisional OR (clock_days IS NOT NULL AND warn_on IS NULL)"
    )
