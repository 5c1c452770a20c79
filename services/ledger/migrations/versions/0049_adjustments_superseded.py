"""What was proposed for money that was answered otherwise meanwhile is outdated by itself, with the reason."""

from alembic import op

revision = "0049"
down_revision = "0048"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Widen the states."""
    op.execute(
        """
        ALTER TABLE adjustment
        DROP CONSTRAINT ck_adjustment_state, DROP CONSTRAINT ck_adjustment_rejection_has_reason,
        ADD CONSTRAINT ck_adjustment_state
            CHECK (state IN ('proposed', 'approved', 'rejected', 'withdrawn', 'superseded')),
        ADD CONSTRAINT ck_adjustment_rejection_has_reason
            CHECK (state NOT IN ('rejected', 'superseded') OR decision_reason IS NOT NULL)
        """
    )
