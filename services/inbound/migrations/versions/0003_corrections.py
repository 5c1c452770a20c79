"""A sheet may be corrected after the completion: periods of a case come in versions, and the case says when.

Revision ID: 0003
"""

from alembic import op

from shared.agency import schema

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add the version and the time of the last correction."""
    schema.version_periods(op)
    op.execute("ALTER TABLE inbound_case ADD COLUMN IF NOT EXISTS corrected_at TIMESTAMP WITH TIME ZONE")
