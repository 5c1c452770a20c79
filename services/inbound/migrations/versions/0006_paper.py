"""Sheets that came on paper, and where a case came from.

Revision ID: 0006
"""

from alembic import op

from inbound.tables import paper_entry
from shared.database import grants

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add the table, the column, and an index to find a person's cases by."""
    op.execute("ALTER TABLE inbound_case ADD COLUMN IF NOT EXISTS origin TEXT NOT NULL DEFAULT 'electronic'")
    op.execute("CREATE INDEX IF NOT EXISTS ix_inbound_case_person ON inbound_case (trafin_admdvs, trafin_psn_no)")
    paper_entry.create(op.get_bind(), checkfirst=True)
    grants.writable(op, "paper_entry")
