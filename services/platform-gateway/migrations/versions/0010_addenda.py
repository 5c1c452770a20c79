"""Addenda to the sheet, as they were sealed and countersigned."""

from alembic import op

from shared.database import grants

revision = "0010"
down_revision = "0009"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add the table."""
    op.execute(
        """
        CREATE TABLE addendum (
            rlts_traf_id VARCHAR(20) NOT NULL,
            addendum_no INTEGER NOT NULL,
            sealed_addendum TEXT NOT NULL,
            digest VARCHAR(64) NOT NULL,
            arrival TEXT NOT NULL,
            arrived_at TIMESTAMP WITH TIME ZONE NOT NULL,
            amount BIGINT NOT NULL,
            cause VARCHAR(24) NOT NULL,
            message_id UUID NOT NULL,
            CONSTRAINT pk_addendum PRIMARY KEY (rlts_traf_id, addendum_no),
            CONSTRAINT fk_addendum_rlts_traf_id FOREIGN KEY(rlts_traf_id) REFERENCES transfer_case (rlts_traf_id)
        )
        """
    )
    grants.append_only(op, "addendum")
