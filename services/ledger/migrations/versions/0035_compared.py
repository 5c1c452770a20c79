"""A proposal keeps what was compared when it was made, for who decides it and for ever after."""

from alembic import op

revision = "0035"
down_revision = "0034"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Proposals from before have none."""
    op.execute("ALTER TABLE proposal_part ADD COLUMN evidence JSONB")
