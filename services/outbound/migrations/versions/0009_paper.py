"""What paper says of a case, noted by two people; where a case came from."""

from alembic import op

from shared.database import grants

revision = "outbound_0009"
down_revision = "outbound_0008"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add the table and the column."""
    op.execute("ALTER TABLE outbound_case ADD COLUMN origin TEXT NOT NULL DEFAULT 'electronic'")
    op.execute("COMMENT ON COLUMN outbound_case.origin IS 'electronic or paper'")
    op.execute(
        """
        CREATE TABLE paper_step (
            step_id UUID NOT NULL,
            rlts_traf_id TEXT NOT NULL,
            kind TEXT NOT NULL,
            sheet_version SMALLINT NOT NULL,
            "on" DATE NOT NULL,
            note TEXT NOT NULL,
            entered_by TEXT NOT NULL,
            entered_name TEXT NOT NULL,
            entered_at TIMESTAMP WITH TIME ZONE NOT NULL,
            scan_digest TEXT,
            payee_account JSONB,
            trafin_psn_no TEXT,
            reasons JSONB NOT NULL,
            state TEXT NOT NULL,
            decided_by TEXT,
            decided_name TEXT,
            decided_at TIMESTAMP WITH TIME ZONE,
            reason TEXT,
            CONSTRAINT pk_paper_step PRIMARY KEY (step_id),
            CONSTRAINT fk_paper_step_rlts_traf_id FOREIGN KEY (rlts_traf_id) REFERENCES outbound_case (rlts_traf_id),
            CONSTRAINT ck_paper_step_kind_known CHECK (kind IN ('dispatch', 'completion', 'return', 'withdrawal')),
            CONSTRAINT ck_paper_step_state_known CHECK (state IN ('entered', 'approved', 'rejected')),
            CONSTRAINT ck_paper_step_decided_by_somebody CHECK ((state = 'entered') = (decided_by IS NULL)),
            CONSTRAINT ck_paper_step_two_people CHECK (decided_by IS NULL OR decided_by <> entered_by)
        )
        """
    )
    op.execute("CREATE INDEX ix_paper_step_case ON paper_step (rlts_traf_id, step_id)")
    op.execute("CREATE UNIQUE INDEX ux_paper_step_open ON paper_step (rlts_traf_id) WHERE state = 'entered'")
    grants.writable(op, "paper_step")
