"""What the version stated that the inbound synced last: no further amount is sealed until that has moved."""

from alembic import op

revision = "outbound_0014"
down_revision = "outbound_0013"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add the columns; what has ended was synced as it stands, and a correction under way follows it."""
    op.execute(
        """
        ALTER TABLE outbound_case
            ADD COLUMN synced_amount BIGINT,
            ADD COLUMN synced_obligation_no SMALLINT NOT NULL DEFAULT 0
        """
    )
    op.execute(
        """
        UPDATE outbound_case SET synced_amount = owed_amount, synced_obligation_no = obligation_no
        WHERE completed_at IS NOT NULL
        """
    )
