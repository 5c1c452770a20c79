"""What is sent again on request is sent piece by piece: how far each request has come."""

from alembic import op

from shared.messaging import schema

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make the table."""
    schema.add_resends(op)
