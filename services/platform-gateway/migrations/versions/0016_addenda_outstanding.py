"""What an addendum adds is outstanding as well: the cases that have one are counted anew."""

from alembic import op

revision = "0016"
down_revision = "0015"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Mark them."""
    op.execute(
        "INSERT INTO statistic_due (rlts_traf_id, marked_at)"
        " SELECT rlts_traf_id, now() FROM addendum GROUP BY rlts_traf_id"
    )
