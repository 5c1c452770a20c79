"""Indexes by which lists stay fast beside millions of rows: an obligation's orders, an agency's newest obligations."""

from alembic import op

revision = "0024"
down_revision = "0023"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Create them."""
    op.execute("CREATE INDEX ix_payment_order_obligation ON payment_order (obligation_id, attempt)")
    op.execute("CREATE INDEX ix_obligation_recent ON obligation (admdvs, id)")
