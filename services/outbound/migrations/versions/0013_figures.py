"""The daily report of figures to the platform, and the indexes by which it finds its cases."""

from alembic import op

from shared.figures import schema

revision = "outbound_0013"
down_revision = "outbound_0012"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Histories are written in the order of time, so that a block range index finds a day's lines for nothing."""
    schema.create(op)
    op.create_index("ix_outbound_case_number", "outbound_case", ["admdvs", "rlts_traf_id"])
    op.create_index("ix_case_history_at", "case_history", ["at"], postgresql_using="brin")
