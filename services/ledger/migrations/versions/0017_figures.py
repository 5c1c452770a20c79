"""The daily report of figures to the platform, and the indexes by which it finds its cases."""

from alembic import op

from shared.figures import schema

revision = "0017"
down_revision = "0016"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Obligations are written in the order of time, so that a block range index finds a day's for nothing."""
    schema.create(op)
    op.create_index("ix_obligation_number", "obligation", ["admdvs", "rlts_traf_id"])
    op.create_index("ix_obligation_known_at", "obligation", ["known_at"], postgresql_using="brin")
