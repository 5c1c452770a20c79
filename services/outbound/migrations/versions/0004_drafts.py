"""A draft says when and from which facts it was made; a correction says every box that it changed.

The columns may be empty: what was made before them is read from ``made_at`` and from the rows before and after.
"""

from alembic import op

revision = "outbound_0004"
down_revision = "outbound_0003"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add the columns."""
    op.execute("ALTER TABLE draft_sheet ADD COLUMN drafted_on date, ADD COLUMN facts_as_of timestamptz")
    op.execute("ALTER TABLE draft_correction ADD COLUMN changes jsonb")
