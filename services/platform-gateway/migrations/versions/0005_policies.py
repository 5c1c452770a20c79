"""The policies of regions and the calendar years that operators load; both only ever added to. Readings of clocks."""

from alembic import op

from shared.database import grants

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None

_CHANGES = (
    "ALTER TABLE deadline ADD COLUMN readings JSONB NOT NULL DEFAULT '[]'",
    """
    CREATE TABLE policy_version (
        region VARCHAR(6) NOT NULL,
        revision INTEGER NOT NULL,
        digest VARCHAR(64) NOT NULL,
        document JSONB NOT NULL,
        text TEXT NOT NULL,
        loaded_at TIMESTAMP WITH TIME ZONE NOT NULL,
        loaded_by TEXT NOT NULL,
        CONSTRAINT pk_policy_version PRIMARY KEY (region, revision)
    )
    """,
    """
    CREATE TABLE calendar_year (
        year INTEGER NOT NULL,
        revision INTEGER NOT NULL,
        document JSONB NOT NULL,
        loaded_at TIMESTAMP WITH TIME ZONE NOT NULL,
        loaded_by TEXT NOT NULL,
        CONSTRAINT pk_calendar_year PRIMARY KEY (year, revision)
    )
    """,
)


def upgrade() -> None:
    """Add the tables and the column."""
    for statement in _CHANGES:
        op.execute(statement)
    grants.append_only(op, "policy_version", "calendar_year")
