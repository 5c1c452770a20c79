"""A case may end as ``terminated``.

Revision ID: 0002
"""

from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Let the state in."""
    op.execute("ALTER TABLE inbound_case DROP CONSTRAINT ck_inbound_case_state_known")
    op.execute(
        """ALTER TABLE inbound_case ADD CONSTRAINT ck_inbound_case_state_known CHECK (state IN (
            'announced', 'received', 'submitted', 'approved', 'completed', 'returned', 'withdrawn', 'terminated'))"""
    )
