"""The daily report of figures to the platform, and the indexes by which it finds its cases."""

from alembic import op

from shared.figures import schema

revision = "0014"
down_revision = "0013"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """A fresh database has the indexes from the first migration, which makes the tables as they are now."""
    schema.create(op)
    op.create_index("ix_inbound_case_number", "inbound_case", ["trafin_admdvs", "rlts_traf_id"], if_not_exists=True)
    # Written in the order of time: a block range index finds a day's lines for nothing.
    op.create_index(
        "ix_case_history_occurred_at", "case_history", ["occurred_at"], postgresql_using="brin", if_not_exists=True
    )
