"""A case that ends owes back under a reason of its own."""

from alembic import op

revision = "0010"
down_revision = "0009"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Let the reason in."""
    op.execute("ALTER TABLE obligation DROP CONSTRAINT ck_obligation_reason")
    op.execute(
        """ALTER TABLE obligation ADD CONSTRAINT ck_obligation_reason
            CHECK (reason IN ('balance', 'addendum', 'correction', 'termination'))"""
    )
