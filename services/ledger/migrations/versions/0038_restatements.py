"""Corrected statements: what differs, which two people take it in, and which lines are thereby reversed."""

from alembic import op

from shared.database import grants

revision = "0038"
down_revision = "0037"
branch_labels = None
depends_on = None

_CHANGES = (
    """
    CREATE TABLE restatement (
        id UUID NOT NULL,
        admdvs TEXT NOT NULL,
        bank_account_id BIGINT NOT NULL,
        digest TEXT NOT NULL,
        form TEXT NOT NULL,
        size_bytes BIGINT NOT NULL,
        statement_no TEXT NOT NULL,
        period_from DATE NOT NULL,
        period_to DATE NOT NULL,
        part_no SMALLINT NOT NULL,
        opening_fen BIGINT NOT NULL,
        closing_fen BIGINT NOT NULL,
        gone_lines BIGINT[] NOT NULL,
        added_lines JSONB NOT NULL,
        state TEXT NOT NULL,
        received_by TEXT NOT NULL,
        received_at TIMESTAMP WITH TIME ZONE NOT NULL,
        reason TEXT,
        proposed_by TEXT,
        proposed_at TIMESTAMP WITH TIME ZONE,
        decided_by TEXT,
        decided_at TIMESTAMP WITH TIME ZONE,
        decision_reason TEXT,
        file_id UUID,
        version INTEGER NOT NULL DEFAULT 1,
        CONSTRAINT pk_restatement PRIMARY KEY (id),
        CONSTRAINT ck_restatement_state CHECK (state IN ('found', 'proposed', 'approved', 'rejected')),
        CONSTRAINT ck_restatement_proposed CHECK (
            (state = 'found') = (proposed_by IS NULL) AND (proposed_by IS NULL) = (proposed_at IS NULL)
            AND (proposed_by IS NULL) = (reason IS NULL)),
        CONSTRAINT ck_restatement_decided CHECK (
            (state IN ('approved', 'rejected')) = (decided_by IS NOT NULL)
            AND (decided_by IS NULL) = (decided_at IS NULL)),
        CONSTRAINT ck_restatement_two_people CHECK (decided_by IS NULL OR decided_by <> proposed_by),
        CONSTRAINT ck_restatement_rejection_has_reason CHECK (state <> 'rejected' OR decision_reason IS NOT NULL),
        CONSTRAINT ck_restatement_taken CHECK ((state = 'approved') = (file_id IS NOT NULL)),
        CONSTRAINT fk_restatement_bank_account_id FOREIGN KEY(bank_account_id) REFERENCES bank_account (id),
        CONSTRAINT fk_restatement_file_id FOREIGN KEY(file_id) REFERENCES statement_file (id)
    )
    """,
    "CREATE UNIQUE INDEX uq_restatement_digest ON restatement (admdvs, digest) WHERE state <> 'rejected'",
    "CREATE INDEX ix_restatement_recent ON restatement (admdvs, received_at, id)",
    """
    CREATE TABLE restated_line (
        line_id BIGINT NOT NULL,
        reversed_by BIGINT NOT NULL,
        restatement_id UUID NOT NULL,
        CONSTRAINT pk_restated_line PRIMARY KEY (line_id),
        CONSTRAINT uq_restated_line_reversed_by UNIQUE (reversed_by),
        CONSTRAINT fk_restated_line_line_id FOREIGN KEY(line_id) REFERENCES statement_line (id),
        CONSTRAINT fk_restated_line_reversed_by FOREIGN KEY(reversed_by) REFERENCES statement_line (id),
        CONSTRAINT fk_restated_line_restatement_id FOREIGN KEY(restatement_id) REFERENCES restatement (id)
    )
    """,
    "COMMENT ON TABLE restated_line IS 'append-only; a line that the bank has taken out of its statement'",
)


def upgrade() -> None:
    """Create the tables."""
    for statement in _CHANGES:
        op.execute(statement)
    grants.writable(op, "restatement")
    grants.never_deleted(op, "restatement")
    grants.append_only(op, "restated_line")
