"""What was told of each case last, so that the daily report tells whatever has changed since."""

from alembic import op

from shared.figures import told_schema

revision = "0042"
down_revision = "0041"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """The first report after it tells every case once."""
    told_schema.create(op)
