"""An ordinary table, an append-only one, and one by the month."""

from alembic import op

from shared.database import grants

revision = "0001"
down_revision = None


def upgrade() -> None:
    """Make the tables and grant the app role its rights."""
    op.execute("CREATE TABLE note (id int PRIMARY KEY, body jsonb)")
    op.execute("CREATE TABLE evidence (id int PRIMARY KEY)")
    op.execute("CREATE TABLE monthly (id int, at timestamptz NOT NULL) PARTITION BY RANGE (at)")
    op.execute("CREATE TABLE monthly_default PARTITION OF monthly DEFAULT")
    grants.writable(op, "note")
    grants.append_only(op, "evidence", "monthly")
