"""A case whose sheet the outbound recalled is returned without a decision of this agency's people."""

from alembic import op

revision = "0012"
down_revision = "0011"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Let such a case stand; a return that was decided here still names both people."""
    op.execute("ALTER TABLE inbound_case DROP CONSTRAINT ck_inbound_case_decided_by_people")
    op.execute(
        """
        ALTER TABLE inbound_case ADD CONSTRAINT ck_inbound_case_decided_by_people CHECK (
            state NOT IN ('approved', 'completed', 'returned') OR (state = 'returned' AND decision IS NULL)
            OR (submitted_by IS NOT NULL AND reviewed_by IS NOT NULL))
        """
    )
