"""For which last day the agency has been warned, and told that it has passed."""

from alembic import op

revision = "0011"
down_revision = "0010"
branch_labels = None
depends_on = None

_RUNNING = "state IN ('received', 'submitted', 'approved')"


def upgrade() -> None:
    """Add the columns, and an index of the clocks that run."""
    for column in ("warned_for DATE", "overdue_for DATE"):
        op.execute(f"ALTER TABLE inbound_case ADD COLUMN IF NOT EXISTS {column}")
    op.execute(f"CREATE INDEX IF NOT EXISTS ix_inbound_case_to_warn ON inbound_case (warn_on) WHERE {_RUNNING}")
