"""Clocks that stopped while their dates were provisional are counted anew as well."""

from alembic import op

revision = "0018"
down_revision = "0017"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """The same name over more rows."""
    op.execute("DROP INDEX ix_deadline_provisional")
    op.execute("CREATE INDEX ix_deadline_provisional ON deadline (started_on) WHERE is_provisional")
