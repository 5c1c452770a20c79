"""How money of an obligation would go back, kept with it: a payment that was overtaken may turn it round."""

from alembic import op

revision = "0019"
down_revision = "0018"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add the column; what was recorded before is for clerks."""
    op.execute("ALTER TABLE obligation ADD COLUMN way_back JSONB")
    op.execute(
        "COMMENT ON COLUMN obligation.way_back IS"
        " 'the accounts, as registered when it arrived, for money that goes back'"
    )
