"""For which last day the agency has been warned, and told that it has passed."""

from alembic import op

revision = "outbound_0010"
down_revision = "outbound_0009"
branch_labels = None
depends_on = None

_RUNNING = "state IN ('accepted','drafting','submitted','approved','issued','returned') AND correction_kind IS NULL"


def upgrade() -> None:
    """Add the columns, and an index of the clocks that run."""
    op.execute("ALTER TABLE outbound_case ADD COLUMN warned_for DATE, ADD COLUMN overdue_for DATE")
    op.execute(f"CREATE INDEX ix_outbound_case_to_warn ON outbound_case (warn_on) WHERE {_RUNNING}")
