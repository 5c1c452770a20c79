"""A case may end as ``terminated``."""

from alembic import op

revision = "outbound_0002"
down_revision = "outbound_0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Let the state in."""
    op.execute("ALTER TABLE outbound_case DROP CONSTRAINT ck_outbound_case_state_known")
    op.execute(
        """ALTER TABLE outbound_case ADD CONSTRAINT ck_outbound_case_state_known CHECK (state IN (
            'accepted', 'drafting', 'submitted', 'approved', 'issued', 'sheet_accepted', 'returned', 'ended',
            'withdrawn', 'terminated'))"""
    )
