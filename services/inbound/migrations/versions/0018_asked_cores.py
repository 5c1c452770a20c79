"""A core that does not push is asked again, once a day, while a decision on benefits is open."""

from alembic import op

revision = "0018"
down_revision = "0017"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """None has been asked for anybody yet."""
    op.execute("ALTER TABLE open_benefits ADD COLUMN asked_at TIMESTAMP WITH TIME ZONE")
