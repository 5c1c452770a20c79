"""Addenda to the sheet: money that came after sealing.

Revision ID: 0008
"""

from alembic import op

from inbound.tables import received_addendum
from shared.database import grants

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add the table and what a case's addenda add up to."""
    op.execute("ALTER TABLE inbound_case ADD COLUMN IF NOT EXISTS addenda_amount BIGINT NOT NULL DEFAULT 0")
    received_addendum.create(op.get_bind(), checkfirst=True)
    grants.append_only(op, "received_addendum")
