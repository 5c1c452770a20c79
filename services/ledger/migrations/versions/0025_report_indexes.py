"""Indexes for what a report or a list leaves out: obligations settled later than its day, orders in order of time."""

from alembic import op

revision = "0025"
down_revision = "0024"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Create them."""
    op.execute("CREATE INDEX ix_obligation_settled ON obligation (admdvs, settled_on)")
    op.execute("CREATE INDEX ix_payment_order_recent ON payment_order (admdvs, created_at, id)")
