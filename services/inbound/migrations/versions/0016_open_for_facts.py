"""A decision may stay open for facts that have not come, with no payment allowed for the interruption."""

from alembic import op

revision = "0016"
down_revision = "0015"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Whatever was open before was open for a payment."""
    op.execute("ALTER TABLE open_benefits ADD COLUMN may_back_pay BOOLEAN NOT NULL DEFAULT true")
