"""An addendum of a case on paper may come on paper as well."""

from alembic import op

from shared.database import grants

revision = "0017"
down_revision = "0016"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add the table."""
    op.execute(
        """
        CREATE TABLE paper_addendum (
            entry_id UUID NOT NULL,
            rlts_traf_id TEXT NOT NULL,
            addendum_no INTEGER NOT NULL,
            cause TEXT NOT NULL,
            reason TEXT NOT NULL,
            amount BIGINT NOT NULL,
            amount_cn TEXT NOT NULL,
            opter_name TEXT NOT NULL,
            issued_on DATE NOT NULL,
            received_on DATE NOT NULL,
            scan_digest TEXT NOT NULL,
            paper_number TEXT,
            payer_account JSONB,
            entered_by TEXT NOT NULL,
            entered_name TEXT NOT NULL,
            entered_at TIMESTAMP WITH TIME ZONE NOT NULL,
            state TEXT NOT NULL,
            decided_by TEXT,
            decided_name TEXT,
            decided_at TIMESTAMP WITH TIME ZONE,
            review_reason TEXT,
            CONSTRAINT pk_paper_addendum PRIMARY KEY (entry_id),
            CONSTRAINT ck_paper_addendum_state_known CHECK (state IN ('entered', 'confirmed', 'rejected')),
            CONSTRAINT ck_paper_addendum_amount_positive CHECK (amount > 0),
            CONSTRAINT ck_paper_addendum_decided_by_somebody CHECK ((state = 'entered') = (decided_by IS NULL)),
            CONSTRAINT ck_paper_addendum_two_people CHECK (decided_by IS NULL OR decided_by <> entered_by)
        )
        """
    )
    op.execute("COMMENT ON COLUMN paper_addendum.reason IS 'as it stands on the paper'")
    op.execute("COMMENT ON COLUMN paper_addendum.amount IS 'fen'")
    op.execute("CREATE INDEX ix_paper_addendum_case ON paper_addendum (rlts_traf_id, entry_id)")
    op.execute("CREATE UNIQUE INDEX ux_paper_addendum_open ON paper_addendum (rlts_traf_id) WHERE state = 'entered'")
    grants.writable(op, "paper_addendum")
