"""A core may say with a task that an interruption has been paid for; the outbound keeps the same tables of tasks."""

from alembic import op

from shared.agency import schema

revision = "outbound_0006"
down_revision = "outbound_0005"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add the columns."""
    schema.report_back_payments(op)
