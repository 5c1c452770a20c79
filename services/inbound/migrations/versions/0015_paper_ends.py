"""A case on paper may be terminated, by what both sides agreed in writing."""

from alembic import op

from shared.database import grants

revision = "0015"
down_revision = "0014"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add the table."""
    op.execute(
        """
        CREATE TABLE paper_end (
            end_id UUID NOT NULL,
            rlts_traf_id TEXT NOT NULL,
            cause TEXT NOT NULL,
            money_path TEXT NOT NULL,
            note TEXT NOT NULL,
            scan_digest TEXT NOT NULL,
            entered_by TEXT NOT NULL,
            entered_name TEXT NOT NULL,
            entered_at TIMESTAMP WITH TIME ZONE NOT NULL,
            state TEXT NOT NULL,
            decided_by TEXT,
            decided_name TEXT,
            decided_at TIMESTAMP WITH TIME ZONE,
            reason TEXT,
            CONSTRAINT pk_paper_end PRIMARY KEY (end_id),
            CONSTRAINT ck_paper_end_state_known CHECK (state IN ('entered', 'approved', 'rejected')),
            CONSTRAINT ck_paper_end_decided_by_somebody CHECK ((state = 'entered') = (decided_by IS NULL)),
            CONSTRAINT ck_paper_end_two_people CHECK (decided_by IS NULL OR decided_by <> entered_by)
        )
        """
    )
    op.execute("CREATE INDEX ix_paper_end_case ON paper_end (rlts_traf_id, end_id)")
    op.execute("CREATE UNIQUE INDEX ux_paper_end_open ON paper_end (rlts_traf_id) WHERE state = 'entered'")
    grants.writable(op, "paper_end")
