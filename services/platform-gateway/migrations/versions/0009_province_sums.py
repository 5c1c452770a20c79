"""Sums for the nation and for provinces: whatever was counted without them is counted anew."""

from alembic import op

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Forget every sum and mark every case."""
    for statement in (
        "DELETE FROM statistic_month",
        "DELETE FROM statistic_standing",
        "DELETE FROM statistic_case",
        "INSERT INTO statistic_due (rlts_traf_id, marked_at) SELECT rlts_traf_id, now() FROM transfer_case",
    ):
        op.execute(statement)
