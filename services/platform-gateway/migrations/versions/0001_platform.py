"""The platform's tables: cases with history, clocks, sheets and money; the registry with its versions.

Written out, and not made from ``platform_gateway.tables``, since this is history: a later change is a further
migration. A test proves that both agree.
"""

from alembic import op

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
    CREATE TABLE agency_key (
        kid VARCHAR(64) NOT NULL,
        owner VARCHAR(20) NOT NULL,
        admdvs VARCHAR(6),
        purpose VARCHAR(10) NOT NULL,
        algorithm VARCHAR(12) NOT NULL,
        public_key TEXT NOT NULL,
        valid_from TIMESTAMP WITH TIME ZONE NOT NULL,
        valid_to TIMESTAMP WITH TIME ZONE,
        revoked_at TIMESTAMP WITH TIME ZONE,
        revocation_reason TEXT,
        CONSTRAINT pk_agency_key PRIMARY KEY (kid),
        CONSTRAINT ck_agency_key_revocation_has_reason CHECK ((revoked_at IS NULL) = (revocation_reason IS NULL))
    )
    """,
    "CREATE INDEX ix_agency_key_admdvs ON agency_key (admdvs)",
    """
    CREATE TABLE application_batch (
        batch_id UUID NOT NULL,
        lodged_by TEXT NOT NULL,
        lodged_at TIMESTAMP WITH TIME ZONE NOT NULL,
        items JSONB NOT NULL,
        CONSTRAINT pk_application_batch PRIMARY KEY (batch_id)
    )
    """,
    """
    CREATE TABLE area (
        admdvs VARCHAR(6) NOT NULL,
        document JSONB NOT NULL,
        row_version INTEGER NOT NULL,
        updated_at TIMESTAMP WITH TIME ZONE NOT NULL,
        updated_by TEXT NOT NULL,
        CONSTRAINT pk_area PRIMARY KEY (admdvs)
    )
    """,
    """
    CREATE TABLE bank_account (
        account_no BIGINT GENERATED ALWAYS AS IDENTITY,
        admdvs VARCHAR(6) NOT NULL,
        use VARCHAR(10) NOT NULL,
        document JSONB NOT NULL,
        valid_from DATE NOT NULL,
        valid_to DATE,
        change_id UUID NOT NULL,
        CONSTRAINT pk_bank_account PRIMARY KEY (account_no),
        CONSTRAINT uq_bank_account_change_id UNIQUE (change_id)
    )
    """,
    "CREATE INDEX ix_bank_account_admdvs ON bank_account (admdvs, use, valid_from)",
    """
    CREATE TABLE bank_account_change (
        change_id UUID NOT NULL,
        admdvs VARCHAR(6) NOT NULL,
        document JSONB NOT NULL,
        jws TEXT NOT NULL,
        digest VARCHAR(64) NOT NULL,
        state VARCHAR(10) NOT NULL,
        proposed_by TEXT NOT NULL,
        proposed_at TIMESTAMP WITH TIME ZONE NOT NULL,
        decided_by TEXT,
        decided_at TIMESTAMP WITH TIME ZONE,
        decision_reason TEXT,
        row_version INTEGER NOT NULL,
        CONSTRAINT pk_bank_account_change PRIMARY KEY (change_id),
        CONSTRAINT ck_bank_account_change_two_people CHECK (decided_by IS NULL OR decided_by <> proposed_by),
        CONSTRAINT ck_bank_account_change_decided_by_somebody CHECK ((state = 'pending') = (decided_by IS NULL)),
        CONSTRAINT uq_bank_account_change_digest UNIQUE (digest)
    )
    """,
    "CREATE INDEX ix_bank_account_change_admdvs ON bank_account_change (admdvs, proposed_at)",
    "CREATE INDEX ix_bank_account_change_pending ON bank_account_change (proposed_at) WHERE state = 'pending'",
    """
    CREATE TABLE registry_snapshot (
        version INTEGER NOT NULL,
        jws TEXT NOT NULL,
        CONSTRAINT pk_registry_snapshot PRIMARY KEY (version)
    )
    """,
    """
    CREATE TABLE registry_version (
        version INTEGER NOT NULL,
        made_at TIMESTAMP WITH TIME ZONE NOT NULL,
        made_by TEXT NOT NULL,
        what TEXT NOT NULL,
        subject TEXT NOT NULL,
        content JSONB NOT NULL,
        CONSTRAINT pk_registry_version PRIMARY KEY (version)
    )
    """,
    """
    CREATE TABLE transfer_case (
        rlts_traf_id VARCHAR(20) NOT NULL,
        lodged JSONB NOT NULL,
        person_key TEXT NOT NULL,
        trafout_admdvs VARCHAR(6) NOT NULL,
        trafin_admdvs VARCHAR(6) NOT NULL,
        trafout_insutype VARCHAR(3) NOT NULL,
        trafin_insutype VARCHAR(3) NOT NULL,
        applicant_subject TEXT NOT NULL,
        applied_at TIMESTAMP WITH TIME ZONE NOT NULL,
        state VARCHAR(24) NOT NULL,
        state_since TIMESTAMP WITH TIME ZONE NOT NULL,
        is_duplicate BOOLEAN NOT NULL,
        open_rlts_traf_id VARCHAR(20),
        reasons JSONB NOT NULL,
        unknown_sides JSONB NOT NULL,
        outbound_check JSONB,
        inbound_check JSONB,
        policy_version TEXT,
        acct_disposition VARCHAR(24),
        accepted_at TIMESTAMP WITH TIME ZONE,
        sheet_version INTEGER NOT NULL,
        trafin_psn_no TEXT,
        completed_at TIMESTAMP WITH TIME ZONE,
        relation_ended_on DATE,
        money_state VARCHAR(24) NOT NULL,
        closed_at TIMESTAMP WITH TIME ZONE,
        next_check_at TIMESTAMP WITH TIME ZONE,
        check_attempts INTEGER NOT NULL,
        handover_message_id UUID,
        row_version INTEGER NOT NULL,
        CONSTRAINT pk_transfer_case PRIMARY KEY (rlts_traf_id)
    )
    """,
    "CREATE INDEX ix_transfer_case_by_applicant ON transfer_case (applicant_subject, applied_at)",
    "CREATE INDEX ix_transfer_case_by_time ON transfer_case (applied_at, rlts_traf_id)",
    """
    CREATE INDEX ix_transfer_case_handover ON transfer_case (handover_message_id)
    WHERE handover_message_id IS NOT NULL
    """,
    """
    CREATE INDEX ix_transfer_case_inbound_work
    ON transfer_case (trafin_admdvs, state, applied_at, rlts_traf_id)
    """,
    """
    CREATE INDEX ix_transfer_case_outbound_work
    ON transfer_case (trafout_admdvs, state, applied_at, rlts_traf_id)
    """,
    "CREATE INDEX ix_transfer_case_person ON transfer_case (person_key, applied_at)",
    "CREATE INDEX ix_transfer_case_to_check ON transfer_case (next_check_at) WHERE state = 'checking'",
    """
    CREATE INDEX ix_transfer_case_unfinished ON transfer_case (state)
    WHERE closed_at IS NULL AND state NOT IN ('refused', 'withdrawn', 'terminated')
    """,
    """
    CREATE UNIQUE INDEX ux_transfer_case_open_relation ON transfer_case (person_key, trafout_admdvs, trafout_insutype)
    WHERE NOT is_duplicate AND state IN ('accepted', 'checking',
        'inbound_processing', 'outbound_processing', 'returned', 'sheet_issued')
    """,
    """
    CREATE TABLE case_history (
        history_no BIGINT GENERATED ALWAYS AS IDENTITY,
        rlts_traf_id VARCHAR(20) NOT NULL,
        at TIMESTAMP WITH TIME ZONE NOT NULL,
        command VARCHAR(24) NOT NULL,
        from_state VARCHAR(24),
        to_state VARCHAR(24) NOT NULL,
        is_allowed BOOLEAN NOT NULL,
        actor TEXT NOT NULL,
        reason TEXT,
        message_id UUID,
        CONSTRAINT pk_case_history PRIMARY KEY (history_no),
        CONSTRAINT fk_case_history_rlts_traf_id FOREIGN KEY(rlts_traf_id) REFERENCES transfer_case (rlts_traf_id)
    )
    """,
    "CREATE INDEX ix_case_history_of_case ON case_history (rlts_traf_id, history_no)",
    """
    CREATE TABLE deadline (
        rlts_traf_id VARCHAR(20) NOT NULL,
        kind VARCHAR(10) NOT NULL,
        sheet_version INTEGER NOT NULL,
        started_on DATE NOT NULL,
        days INTEGER NOT NULL,
        due_on DATE NOT NULL,
        warn_on DATE NOT NULL,
        is_provisional BOOLEAN NOT NULL,
        skipped JSONB NOT NULL,
        source TEXT NOT NULL,
        stopped_at TIMESTAMP WITH TIME ZONE,
        warned_at TIMESTAMP WITH TIME ZONE,
        overdue_at TIMESTAMP WITH TIME ZONE,
        CONSTRAINT pk_deadline PRIMARY KEY (rlts_traf_id, kind, sheet_version),
        CONSTRAINT fk_deadline_rlts_traf_id FOREIGN KEY(rlts_traf_id) REFERENCES transfer_case (rlts_traf_id)
    )
    """,
    "CREATE INDEX ix_deadline_provisional ON deadline (started_on) WHERE stopped_at IS NULL AND is_provisional",
    "CREATE INDEX ix_deadline_running_by_due ON deadline (due_on) WHERE stopped_at IS NULL",
    """
    CREATE INDEX ix_deadline_to_call_overdue ON deadline (due_on)
    WHERE stopped_at IS NULL AND overdue_at IS NULL
    """,
    "CREATE INDEX ix_deadline_to_warn ON deadline (warn_on) WHERE stopped_at IS NULL AND warned_at IS NULL",
    """
    CREATE TABLE money_fact (
        fact_no BIGINT GENERATED ALWAYS AS IDENTITY,
        rlts_traf_id VARCHAR(20) NOT NULL,
        kind VARCHAR(24) NOT NULL,
        amount BIGINT NOT NULL,
        booked_on DATE NOT NULL,
        obligation_no VARCHAR(10),
        receipt_no VARCHAR(80),
        suspense_code VARCHAR(80),
        reason TEXT,
        sender TEXT NOT NULL,
        message_id UUID NOT NULL,
        recorded_at TIMESTAMP WITH TIME ZONE NOT NULL,
        CONSTRAINT pk_money_fact PRIMARY KEY (fact_no),
        CONSTRAINT uq_money_fact_message_id UNIQUE (message_id),
        CONSTRAINT fk_money_fact_rlts_traf_id FOREIGN KEY(rlts_traf_id) REFERENCES transfer_case (rlts_traf_id)
    )
    """,
    "CREATE INDEX ix_money_fact_of_case ON money_fact (rlts_traf_id, fact_no)",
    """
    CREATE TABLE sheet (
        rlts_traf_id VARCHAR(20) NOT NULL,
        sheet_version INTEGER NOT NULL,
        sealed_sheet TEXT NOT NULL,
        sheet_digest VARCHAR(64) NOT NULL,
        arrival TEXT NOT NULL,
        arrived_at TIMESTAMP WITH TIME ZONE NOT NULL,
        amount BIGINT NOT NULL,
        acct_disposition VARCHAR(24) NOT NULL,
        message_id UUID NOT NULL,
        CONSTRAINT pk_sheet PRIMARY KEY (rlts_traf_id, sheet_version),
        CONSTRAINT fk_sheet_rlts_traf_id FOREIGN KEY(rlts_traf_id) REFERENCES transfer_case (rlts_traf_id)
    )
    """,
)


def upgrade() -> None:
    """Make everything. History, sheets, facts of money and registry versions can only be added to."""
    messaging.create(op)
    web.create(op)
    registry.create(op)
    for statement in _CREATE:
        op.execute(statement)
    grants.writable(op, "transfer_case", "deadline", "area", "agency_key", "bank_account", "bank_account_change")
    grants.append_only(
        op, "case_history", "sheet", "money_fact", "application_batch", "registry_version", "registry_snapshot"
    )
