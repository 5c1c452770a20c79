"""Sheets that came on paper, and where a case came from.

Revision ID: 0006
"""

from alembic import op

from shared.database import grants

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None

_CREATE = (
    """
    CREATE TABLE paper_entry (
        entry_id UUID NOT NULL,
        admdvs TEXT NOT NULL,
        rlts_traf_id TEXT NOT NULL,
        trafout_admdvs TEXT NOT NULL,
        trafout_insutype TEXT NOT NULL,
        sheet JSONB NOT NULL,
        applied_on DATE NOT NULL,
        received_on DATE NOT NULL,
        scan_digest TEXT NOT NULL,
        paper_number TEXT,
        payer_account JSONB,
        refs JSONB NOT NULL,
        trafin_psn_no TEXT NOT NULL,
        entered_by TEXT NOT NULL,
        entered_name TEXT NOT NULL,
        entered_at TIMESTAMP WITH TIME ZONE NOT NULL,
        state TEXT NOT NULL,
        decided_by TEXT,
        decided_name TEXT,
        decided_at TIMESTAMP WITH TIME ZONE,
        reason TEXT,
        row_version INTEGER NOT NULL,
        CONSTRAINT pk_paper_entry PRIMARY KEY (entry_id),
        CONSTRAINT ck_paper_entry_state_known CHECK (state IN ('entered', 'confirmed', 'rejected')),
        CONSTRAINT ck_paper_entry_decided_by_somebody CHECK ((state = 'entered') = (decided_by IS NULL)),
        CONSTRAINT ck_paper_entry_two_people CHECK (decided_by IS NULL OR decided_by <> entered_by)
    )
    """,
    "CREATE INDEX ix_paper_entry_agency ON paper_entry (admdvs, state, entry_id)",
    "CREATE INDEX ix_paper_entry_person ON paper_entry (admdvs, trafin_psn_no)",
    "CREATE INDEX ix_paper_entry_refs ON paper_entry USING gin (refs)",
    "COMMENT ON COLUMN paper_entry.sheet IS 'the 信息表 as typed from paper'",
)


def upgrade() -> None:
    """Add the table, the column, and an index to find a person's cases by."""
    op.execute("ALTER TABLE inbound_case ADD COLUMN IF NOT EXISTS origin TEXT NOT NULL DEFAULT 'electronic'")
    op.execute("COMMENT ON COLUMN inbound_case.origin IS 'electronic or paper'")
    op.execute("CREATE INDEX IF NOT EXISTS ix_inbound_case_person ON inbound_case (trafin_admdvs, trafin_psn_no)")
    for statement in _CREATE:
        op.execute(statement)
    grants.writable(op, "paper_entry")
