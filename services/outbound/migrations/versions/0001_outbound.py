"""The tables of the outbound service."""

from alembic import op

import shared.agency.schema
import shared.messaging.schema
import shared.registry.schema
import shared.web.schema
from shared.database import grants

revision = "outbound_0001"
down_revision = None
branch_labels = None
depends_on = None

_CREATE = (
    """
    CREATE TABLE outbound_case (
        rlts_traf_id text NOT NULL,
        admdvs text NOT NULL,
        trafin_admdvs text NOT NULL,
        trafout_insutype text NOT NULL,
        trafin_insutype text NOT NULL,
        psn_no text NOT NULL,
        psn_insu_rlts_id text NOT NULL,
        psn_name text NOT NULL,
        psn_cert_type text NOT NULL,
        certno text NOT NULL,
        acct_disposition text NOT NULL,
        has_account boolean NOT NULL,
        accepted_at timestamptz NOT NULL,
        due_on date NOT NULL,
        total_due_on date,
        is_due_provisional boolean NOT NULL,
        state text NOT NULL,
        row_version integer NOT NULL,
        sheet_version smallint NOT NULL,
        approval_no smallint NOT NULL,
        signing_rule text NOT NULL,
        submitter_id text,
        submitter_name text,
        submitted_at timestamptz,
        reviewer_id text,
        reviewer_name text,
        reviewed_at timestamptz,
        rchk_flag text NOT NULL,
        review_reason text,
        is_ready_to_seal boolean NOT NULL,
        seal_not_before timestamptz,
        frozen_balc bigint,
        acctfund_traf_amt bigint NOT NULL,
        debited_amount bigint NOT NULL,
        obligation_no smallint NOT NULL,
        owed_amount bigint,
        is_payment_held boolean NOT NULL,
        payment_hold_reason text,
        findings jsonb NOT NULL,
        return_reasons jsonb NOT NULL,
        trafin_psn_no text,
        completed_at timestamptz,
        ended_on date,
        settled_on date,
        withdrawn_at timestamptz,
        updated_at timestamptz NOT NULL,
        CONSTRAINT pk_outbound_case PRIMARY KEY (rlts_traf_id),
        CONSTRAINT ck_outbound_case_state_known CHECK (state IN ('accepted', 'drafting', 'submitted',
            'approved', 'issued', 'sheet_accepted', 'returned', 'ended', 'withdrawn')),
        CONSTRAINT ck_outbound_case_signing_rule_known CHECK (signing_rule IN ('two_people', 'one_person',
            'automatic')),
        CONSTRAINT ck_outbound_case_rchk_flag_known CHECK (rchk_flag IN ('0', '1', '2')),
        CONSTRAINT ck_outbound_case_two_people CHECK (signing_rule <> 'two_people' OR reviewer_id IS NULL OR
            reviewer_id <> submitter_id),
        CONSTRAINT ck_outbound_case_handled_before_sealed CHECK (state NOT IN ('approved', 'issued',
            'sheet_accepted', 'ended') OR (submitter_id IS NOT NULL AND reviewer_id IS NOT NULL)),
        CONSTRAINT ck_outbound_case_sealed_only_when_approved CHECK (state = 'approved' OR NOT
            is_ready_to_seal),
        CONSTRAINT ck_outbound_case_amount_not_negative CHECK (acctfund_traf_amt >= 0)
    )
    """,
    "CREATE INDEX ix_outbound_case_person ON outbound_case (admdvs, psn_no)",
    "CREATE INDEX ix_outbound_case_state ON outbound_case (admdvs, state, due_on, rlts_traf_id)",
    "CREATE INDEX ix_outbound_case_to_seal ON outbound_case (rlts_traf_id) WHERE is_ready_to_seal",
    "CREATE INDEX ix_outbound_case_work ON outbound_case (admdvs, due_on, rlts_traf_id)",
    "COMMENT ON COLUMN outbound_case.frozen_balc IS 'fen'",
    "COMMENT ON COLUMN outbound_case.acctfund_traf_amt IS 'fen'",
    "COMMENT ON COLUMN outbound_case.debited_amount IS 'fen'",
    "COMMENT ON COLUMN outbound_case.owed_amount IS 'fen; of the last accepted version'",
    """
    CREATE TABLE accepted_transfer (
        rlts_traf_id text NOT NULL,
        event jsonb NOT NULL,
        message_id uuid NOT NULL,
        received_at timestamptz NOT NULL,
        CONSTRAINT pk_accepted_transfer PRIMARY KEY (rlts_traf_id),
        CONSTRAINT fk_accepted_transfer_rlts_traf_id FOREIGN KEY(rlts_traf_id) REFERENCES outbound_case
            (rlts_traf_id)
    )
    """,
    "COMMENT ON COLUMN accepted_transfer.event IS 'TransferAccepted verbatim: application and deciding facts'",
    """
    CREATE TABLE case_history (
        step_id bigint GENERATED ALWAYS AS IDENTITY,
        rlts_traf_id text NOT NULL,
        name text NOT NULL,
        from_state text,
        to_state text NOT NULL,
        at timestamptz NOT NULL,
        actor text NOT NULL,
        opter_id text,
        opter_name text,
        message_id uuid,
        sheet_version smallint NOT NULL,
        reason text,
        CONSTRAINT pk_case_history PRIMARY KEY (step_id),
        CONSTRAINT fk_case_history_rlts_traf_id FOREIGN KEY(rlts_traf_id) REFERENCES outbound_case
            (rlts_traf_id)
    )
    """,
    "CREATE INDEX ix_case_history_case ON case_history (rlts_traf_id, step_id)",
    """
    CREATE TABLE draft_correction (
        correction_id bigint GENERATED ALWAYS AS IDENTITY,
        rlts_traf_id text NOT NULL,
        sheet_version smallint NOT NULL,
        corrected_at timestamptz NOT NULL,
        opter_id text NOT NULL,
        opter_name text,
        reason text NOT NULL,
        before jsonb NOT NULL,
        after jsonb NOT NULL,
        CONSTRAINT pk_draft_correction PRIMARY KEY (correction_id),
        CONSTRAINT fk_draft_correction_rlts_traf_id FOREIGN KEY(rlts_traf_id) REFERENCES outbound_case
            (rlts_traf_id)
    )
    """,
    "CREATE INDEX ix_draft_correction_case ON draft_correction (rlts_traf_id, correction_id)",
    """
    CREATE TABLE draft_sheet (
        rlts_traf_id text NOT NULL,
        gend text NOT NULL,
        tel text NOT NULL,
        sheet_rows jsonb NOT NULL,
        attachment jsonb NOT NULL,
        is_corrected boolean NOT NULL,
        made_at timestamptz NOT NULL,
        CONSTRAINT pk_draft_sheet PRIMARY KEY (rlts_traf_id),
        CONSTRAINT fk_draft_sheet_rlts_traf_id FOREIGN KEY(rlts_traf_id) REFERENCES outbound_case (rlts_traf_id)
    )
    """,
    """
    CREATE TABLE payment_fact (
        message_id uuid NOT NULL,
        rlts_traf_id text NOT NULL,
        kind text NOT NULL,
        obligation_no text NOT NULL,
        amount bigint NOT NULL,
        booked_on date NOT NULL,
        reason text,
        received_at timestamptz NOT NULL,
        CONSTRAINT pk_payment_fact PRIMARY KEY (message_id),
        CONSTRAINT ck_payment_fact_kind_known CHECK (kind IN ('paid', 'returned')),
        CONSTRAINT fk_payment_fact_rlts_traf_id FOREIGN KEY(rlts_traf_id) REFERENCES outbound_case
            (rlts_traf_id)
    )
    """,
    "CREATE INDEX ix_payment_fact_case ON payment_fact (rlts_traf_id)",
    "COMMENT ON COLUMN payment_fact.amount IS 'fen'",
    """
    CREATE TABLE sealed_sheet (
        rlts_traf_id text NOT NULL,
        version smallint NOT NULL,
        sealed_sheet text NOT NULL,
        sheet_digest text NOT NULL,
        kid text NOT NULL,
        amount bigint NOT NULL,
        payer_bankacct text,
        payee_bankacct text,
        sealed_at timestamptz NOT NULL,
        CONSTRAINT pk_sealed_sheet PRIMARY KEY (rlts_traf_id, version),
        CONSTRAINT fk_sealed_sheet_rlts_traf_id FOREIGN KEY(rlts_traf_id) REFERENCES outbound_case
            (rlts_traf_id)
    )
    """,
    "COMMENT ON COLUMN sealed_sheet.sealed_sheet IS 'JWS text exactly as signed'",
    "COMMENT ON COLUMN sealed_sheet.amount IS 'fen'",
    "COMMENT ON COLUMN sealed_sheet.payer_bankacct IS 'as of sealing'",
    "COMMENT ON COLUMN sealed_sheet.payee_bankacct IS 'as of sealing'",
    """
    CREATE TABLE sheet_answer (
        rlts_traf_id text NOT NULL,
        version smallint NOT NULL,
        outcome text NOT NULL,
        arrival text,
        code text,
        findings jsonb,
        message_id uuid NOT NULL,
        answered_at timestamptz NOT NULL,
        CONSTRAINT pk_sheet_answer PRIMARY KEY (rlts_traf_id, version),
        CONSTRAINT ck_sheet_answer_outcome_known CHECK (outcome IN ('accepted', 'refused')),
        CONSTRAINT fk_sheet_answer_rlts_traf_id FOREIGN KEY(rlts_traf_id) REFERENCES outbound_case
            (rlts_traf_id)
    )
    """,
    "COMMENT ON COLUMN sheet_answer.arrival IS 'the platform''s countersignature'",
    """
    CREATE TABLE sheet_return (
        rlts_traf_id text NOT NULL,
        version smallint NOT NULL,
        reasons jsonb NOT NULL,
        message_id uuid NOT NULL,
        returned_at timestamptz NOT NULL,
        CONSTRAINT pk_sheet_return PRIMARY KEY (rlts_traf_id, version),
        CONSTRAINT fk_sheet_return_rlts_traf_id FOREIGN KEY(rlts_traf_id) REFERENCES outbound_case
            (rlts_traf_id)
    )
    """,
)


def upgrade() -> None:
    """Create everything and grant the app role its rights: evidence and history are append-only."""
    shared.messaging.schema.create(op)
    shared.web.schema.create(op)
    shared.registry.schema.create(op)
    shared.agency.schema.create(op)
    for statement in _CREATE:
        op.execute(statement)
    grants.writable(op, "outbound_case", "draft_sheet")
    grants.append_only(
        op,
        "accepted_transfer",
        "draft_correction",
        "sealed_sheet",
        "sheet_answer",
        "sheet_return",
        "payment_fact",
        "case_history",
    )
