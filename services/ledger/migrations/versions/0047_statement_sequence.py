"""How the bank counts the statements of an account: a number that is left out shows one that is missing."""

from alembic import op

revision = "0047"
down_revision = "0046"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Statements that were kept before have none."""
    op.execute("ALTER TABLE statement ADD COLUMN sequence_no BIGINT")
