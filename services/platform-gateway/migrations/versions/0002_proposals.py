"""Proposals that another person confirms, and the money path of a terminated case."""

from alembic import op

from shared.database import grants

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None

_CHANGES = (
    "ALTER TABLE transfer_case ADD COLUMN money_path VARCHAR(24)",
    """
    CREATE TABLE case_proposal (
        proposal_id UUID NOT NULL,
        rlts_traf_id VARCHAR(20) NOT NULL,
        kind VARCHAR(12) NOT NULL,
        content JSONB NOT NULL,
        state VARCHAR(10) NOT NULL,
        proposed_by TEXT NOT NULL,
        proposed_for VARCHAR(6) NOT NULL,
        proposed_at TIMESTAMP WITH TIME ZONE NOT NULL,
        decided_by TEXT,
        decided_for VARCHAR(6),
        decided_at TIMESTAMP WITH TIME ZONE,
        CONSTRAINT pk_case_proposal PRIMARY KEY (proposal_id),
        CONSTRAINT ck_case_proposal_two_people CHECK (decided_by IS NULL OR decided_by <> proposed_by),
        CONSTRAINT ck_case_proposal_confirmed_by_somebody CHECK (state <> 'confirmed' OR decided_by IS NOT NULL),
        CONSTRAINT fk_case_proposal_rlts_traf_id FOREIGN KEY(rlts_traf_id) REFERENCES transfer_case (rlts_traf_id)
    )
    """,
    "CREATE UNIQUE INDEX ux_case_proposal_pending ON case_proposal (rlts_traf_id) WHERE state = 'pending'",
    "CREATE INDEX ix_case_proposal_of_case ON case_proposal (rlts_traf_id, proposed_at)",
)


def upgrade() -> None:
    """Add the table and the column."""
    for statement in _CHANGES:
        op.execute(statement)
    grants.writable(op, "case_proposal")
