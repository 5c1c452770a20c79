"""A case on paper may be terminated, by what both sides agreed in writing."""

from alembic import op

revision = "outbound_0015"
down_revision = "outbound_0014"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add cause and money path of a termination, and let the kind stand."""
    op.execute(
        """
        ALTER TABLE paper_step
            ADD COLUMN cause TEXT,
            ADD COLUMN money_path TEXT,
            DROP CONSTRAINT ck_paper_step_kind_known,
            ADD CONSTRAINT ck_paper_step_kind_known
                CHECK (kind IN ('dispatch', 'completion', 'return', 'withdrawal', 'termination')),
            ADD CONSTRAINT ck_paper_step_end_has_cause
                CHECK ((kind = 'termination') = (cause IS NOT NULL AND money_path IS NOT NULL))
        """
    )
    op.execute("COMMENT ON COLUMN paper_step.cause IS 'of a termination'")
