"""The inbound service's first tables.

Revision ID: 0001
"""

from alembic import op

from shared.agency import schema as agency
from shared.database import grants
from shared.messaging import schema as messaging
from shared.registry import schema as registry
from shared.web import schema as web

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None

_CREATE = (
    """
    CREATE TABLE accepted_application (
        rlts_traf_id TEXT NOT NULL,
        accepted JSONB NOT NULL,
        recorded_at TIMESTAMP WITH TIME ZONE NOT NULL,
        CONSTRAINT pk_accepted_application PRIMARY KEY (rlts_traf_id)
    )
    """,
    "COMMENT ON COLUMN accepted_application.accepted IS 'TransferAccepted as it came: application, facts, dates'",
    """
    CREATE TABLE balance_match (
        rlts_traf_id TEXT NOT NULL,
        obligation_no TEXT NOT NULL,
        amount BIGINT NOT NULL,
        receipt_no TEXT NOT NULL,
        matched_at TIMESTAMP WITH TIME ZONE NOT NULL,
        recorded_at TIMESTAMP WITH TIME ZONE NOT NULL,
        CONSTRAINT pk_balance_match PRIMARY KEY (rlts_traf_id, obligation_no),
        CONSTRAINT uq_balance_match_amount UNIQUE (rlts_traf_id, obligation_no, amount)
    )
    """,
    "COMMENT ON COLUMN balance_match.amount IS 'fen'",
    """
    CREATE TABLE case_history (
        position BIGINT GENERATED ALWAYS AS IDENTITY,
        rlts_traf_id TEXT NOT NULL,
        what TEXT NOT NULL,
        from_state TEXT,
        to_state TEXT NOT NULL,
        sheet_version INTEGER NOT NULL,
        opter_id TEXT NOT NULL,
        opter_name TEXT NOT NULL,
        reason TEXT,
        message_id UUID,
        occurred_at TIMESTAMP WITH TIME ZONE NOT NULL,
        CONSTRAINT pk_case_history PRIMARY KEY (position)
    )
    """,
    "CREATE INDEX ix_case_history_case ON case_history (rlts_traf_id, position)",
    """
    CREATE TABLE inbound_case (
        rlts_traf_id TEXT NOT NULL,
        trafin_admdvs TEXT NOT NULL,
        trafout_admdvs TEXT NOT NULL,
        trafin_insutype TEXT NOT NULL,
        trafout_insutype TEXT NOT NULL,
        psn_name TEXT NOT NULL,
        psn_cert_type TEXT NOT NULL,
        certno TEXT NOT NULL,
        trafin_psn_no TEXT,
        trafin_rlts_id TEXT,
        state TEXT NOT NULL,
        acct_disposition TEXT NOT NULL,
        accepted_at TIMESTAMP WITH TIME ZONE NOT NULL,
        total_due_on DATE,
        version INTEGER NOT NULL,
        sheet_version INTEGER NOT NULL,
        sheet_amount BIGINT NOT NULL,
        obligation_no INTEGER NOT NULL,
        is_payable BOOLEAN NOT NULL,
        error_count INTEGER NOT NULL,
        difference_count INTEGER NOT NULL,
        received_at TIMESTAMP WITH TIME ZONE,
        inbound_due_on DATE,
        is_due_provisional BOOLEAN NOT NULL,
        decision TEXT,
        reasons JSONB NOT NULL,
        memo TEXT,
        submitted_by TEXT,
        submitted_name TEXT,
        submitted_at TIMESTAMP WITH TIME ZONE,
        reviewed_by TEXT,
        reviewed_name TEXT,
        reviewed_at TIMESTAMP WITH TIME ZONE,
        needs_two_people BOOLEAN NOT NULL,
        is_automatic BOOLEAN NOT NULL,
        completed_at TIMESTAMP WITH TIME ZONE,
        core_failure TEXT,
        CONSTRAINT pk_inbound_case PRIMARY KEY (rlts_traf_id),
        CONSTRAINT ck_inbound_case_state_known CHECK (state IN ('announced', 'received',
            'submitted', 'approved', 'completed', 'returned', 'withdrawn')),
        CONSTRAINT ck_inbound_case_two_people CHECK (reviewed_by IS NULL OR is_automatic OR NOT
            needs_two_people OR reviewed_by <> submitted_by),
        CONSTRAINT ck_inbound_case_automatic_only_without_difference CHECK (NOT is_automatic OR
            difference_count = 0),
        CONSTRAINT ck_inbound_case_decided_by_people CHECK (state NOT IN ('approved', 'completed',
            'returned') OR (submitted_by IS NOT NULL AND reviewed_by IS NOT NULL)),
        CONSTRAINT ck_inbound_case_completed_has_time CHECK (state <> 'completed' OR completed_at IS NOT NULL)
    )
    """,
    """
    CREATE INDEX ix_inbound_case_agency
        ON inbound_case (trafin_admdvs, coalesce(inbound_due_on, '9999-12-31'), rlts_traf_id)
    """,
    "CREATE INDEX ix_inbound_case_worklist ON inbound_case (trafin_admdvs, state, inbound_due_on, rlts_traf_id)",
    "COMMENT ON COLUMN inbound_case.sheet_amount IS 'fen'",
    """
    CREATE TABLE received_sheet (
        rlts_traf_id TEXT NOT NULL,
        sheet_version INTEGER NOT NULL,
        sealed_sheet TEXT NOT NULL,
        arrival TEXT NOT NULL,
        sheet_digest TEXT NOT NULL,
        sheet JSONB NOT NULL,
        findings JSONB NOT NULL,
        differences JSONB NOT NULL,
        received_at TIMESTAMP WITH TIME ZONE NOT NULL,
        CONSTRAINT pk_received_sheet PRIMARY KEY (rlts_traf_id, sheet_version)
    )
    """,
    "COMMENT ON COLUMN received_sheet.sealed_sheet IS 'JWS text exactly as signed'",
    "COMMENT ON COLUMN received_sheet.arrival IS 'the platform''s countersignature'",
    "COMMENT ON COLUMN received_sheet.sheet IS 'what the seal covers, parsed for queries and pages'",
    """
    CREATE TABLE balance_credit (
        rlts_traf_id TEXT NOT NULL,
        obligation_no TEXT NOT NULL,
        amount BIGINT NOT NULL,
        opened_at TIMESTAMP WITH TIME ZONE NOT NULL,
        credited_on DATE,
        core_ref TEXT,
        core_failure TEXT,
        CONSTRAINT pk_balance_credit PRIMARY KEY (rlts_traf_id, obligation_no),
        CONSTRAINT fk_balance_credit_match FOREIGN KEY(rlts_traf_id, obligation_no, amount)
            REFERENCES balance_match (rlts_traf_id, obligation_no, amount)
    )
    """,
    "COMMENT ON COLUMN balance_credit.amount IS 'fen'",
)


def upgrade() -> None:
    """Create what this service kept at first."""
    for part in (messaging, web, registry, agency):
        part.create(op)
    for statement in _CREATE:
        op.execute(statement)
    grants.writable(op, "inbound_case", "balance_credit")
    grants.append_only(op, "accepted_application", "received_sheet", "case_history", "balance_match")
