"""Addenda to the sheet: money that came after sealing.

Revision ID: 0008
"""

from alembic import op

from shared.database import grants

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None

_CREATE = (
    """
    CREATE TABLE received_addendum (
        rlts_traf_id TEXT NOT NULL,
        addendum_no INTEGER NOT NULL,
        sealed_addendum TEXT NOT NULL,
        arrival TEXT NOT NULL,
        digest TEXT NOT NULL,
        amount BIGINT NOT NULL,
        cause TEXT NOT NULL,
        reason TEXT NOT NULL,
        received_at TIMESTAMP WITH TIME ZONE NOT NULL,
        CONSTRAINT pk_received_addendum PRIMARY KEY (rlts_traf_id, addendum_no)
    )
    """,
    "COMMENT ON COLUMN received_addendum.sealed_addendum IS 'JWS text exactly as signed'",
    "COMMENT ON COLUMN received_addendum.arrival IS 'the platform''s countersignature'",
    "COMMENT ON COLUMN received_addendum.amount IS 'fen'",
)


def upgrade() -> None:
    """Add the table and what a case's addenda add up to."""
    op.execute("ALTER TABLE inbound_case ADD COLUMN IF NOT EXISTS addenda_amount BIGINT NOT NULL DEFAULT 0")
    op.execute("COMMENT ON COLUMN inbound_case.addenda_amount IS 'fen'")
    for statement in _CREATE:
        op.execute(statement)
    grants.append_only(op, "received_addendum")
