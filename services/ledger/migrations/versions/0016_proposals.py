"""Matches by hand: what one person proposes and another decides, the claims that follow, and how one is undone."""

from alembic import op

from shared.database import grants

revision = "0016"
down_revision = "0015"
branch_labels = None
depends_on = None

# The database itself keeps how much of a line and of an obligation is claimed by hand, so that two that come at once
# cannot claim more than there is: both rows are locked by the sums, and the checks refuse the second.
_CREATE = (
    "ALTER TABLE obligation ADD COLUMN claimed_fen BIGINT DEFAULT 0 NOT NULL",
    "ALTER TABLE obligation ADD CONSTRAINT ck_obligation_claimed CHECK (claimed_fen BETWEEN 0 AND due_fen)",
    "CREATE INDEX ix_obligation_open_amount ON obligation (admdvs, (due_fen - claimed_fen)) WHERE state = 'open'",
    "CREATE INDEX ix_obligation_open_name ON obligation (admdvs, match_name) WHERE state = 'open'",
    "CREATE INDEX ix_obligation_paid_amount ON obligation (admdvs, due_fen) WHERE state = 'paid'",
    "ALTER TABLE suspense ADD COLUMN claimed_fen BIGINT DEFAULT 0 NOT NULL",
    "ALTER TABLE suspense ADD CONSTRAINT ck_suspense_claimed CHECK (claimed_fen >= 0)",
    """
    CREATE TABLE proposal (
        id UUID NOT NULL,
        admdvs TEXT NOT NULL,
        state TEXT NOT NULL,
        reason TEXT NOT NULL,
        list_digest TEXT,
        proposed_by TEXT NOT NULL,
        proposed_at TIMESTAMP WITH TIME ZONE NOT NULL,
        decided_by TEXT,
        decided_at TIMESTAMP WITH TIME ZONE,
        decision_reason TEXT,
        version INTEGER DEFAULT '1' NOT NULL,
        CONSTRAINT pk_proposal PRIMARY KEY (id),
        CONSTRAINT ck_proposal_state CHECK (state IN ('proposed', 'approved', 'rejected', 'superseded')),
        CONSTRAINT ck_proposal_two_people CHECK (decided_by IS NULL OR decided_by <> proposed_by),
        CONSTRAINT ck_proposal_decided CHECK ((state IN ('approved', 'rejected')) = (decided_by IS NOT NULL)),
        CONSTRAINT ck_proposal_rejection_has_reason CHECK (state <> 'rejected' OR decision_reason IS NOT NULL),
        CONSTRAINT uq_proposal_state UNIQUE (id, state)
    )
    """,
    "CREATE INDEX ix_proposal_recent ON proposal (admdvs, proposed_at, id)",
    "CREATE INDEX ix_proposal_open ON proposal (admdvs) WHERE state = 'proposed'",
    """
    CREATE TABLE proposal_part (
        proposal_id UUID NOT NULL,
        part_no INTEGER NOT NULL,
        line_id BIGINT NOT NULL,
        obligation_id BIGINT NOT NULL,
        kind TEXT NOT NULL,
        amount_fen BIGINT NOT NULL,
        undoes BIGINT,
        CONSTRAINT pk_proposal_part PRIMARY KEY (proposal_id, part_no),
        CONSTRAINT ck_proposal_part_kind CHECK (kind IN ('receipt', 'payment', 'return')),
        CONSTRAINT ck_proposal_part_amount_positive CHECK (amount_fen > 0),
        CONSTRAINT fk_proposal_part_proposal_id FOREIGN KEY(proposal_id) REFERENCES proposal (id),
        CONSTRAINT fk_proposal_part_line_id FOREIGN KEY(line_id) REFERENCES statement_line (id),
        CONSTRAINT fk_proposal_part_obligation_id FOREIGN KEY(obligation_id) REFERENCES obligation (id),
        CONSTRAINT fk_proposal_part_undoes FOREIGN KEY(undoes) REFERENCES claim (id)
    )
    """,
    "CREATE INDEX ix_proposal_part_line ON proposal_part (line_id)",
    "ALTER TABLE claim ADD COLUMN proposal_id UUID",
    "ALTER TABLE claim ADD COLUMN proposal_state TEXT",
    "ALTER TABLE claim ADD COLUMN undone_on DATE",
    """
    ALTER TABLE claim ADD CONSTRAINT ck_claim_share_is_approved
    CHECK (is_exclusive OR proposal_state IS NOT NULL)
    """,
    """
    ALTER TABLE claim ADD CONSTRAINT ck_claim_approved
    CHECK ((proposal_id IS NULL) = (proposal_state IS NULL) AND coalesce(proposal_state, 'approved') = 'approved')
    """,
    """
    ALTER TABLE claim ADD CONSTRAINT fk_claim_approved_proposal
    FOREIGN KEY (proposal_id, proposal_state) REFERENCES proposal (id, state)
    """,
    "ALTER TABLE claim DROP CONSTRAINT uq_claim_line_id_obligation_id_kind",
    "DROP INDEX uq_claim_line",
    "DROP INDEX uq_claim_obligation",
    "CREATE UNIQUE INDEX uq_claim_pair ON claim (line_id, obligation_id, kind) WHERE undone_on IS NULL",
    "CREATE UNIQUE INDEX uq_claim_line ON claim (line_id) WHERE is_exclusive AND undone_on IS NULL",
    """
    CREATE UNIQUE INDEX uq_claim_obligation ON claim (obligation_id, kind) WHERE is_exclusive AND undone_on IS NULL
    """,
    "CREATE UNIQUE INDEX uq_claim_return ON claim (obligation_id) WHERE kind = 'return' AND undone_on IS NULL",
    "CREATE INDEX ix_claim_share ON claim (line_id) WHERE NOT is_exclusive OR undone_on IS NOT NULL",
    """
    CREATE TABLE claim_reversal (
        claim_id BIGINT NOT NULL,
        admdvs TEXT NOT NULL,
        proposal_id UUID NOT NULL,
        proposal_state TEXT NOT NULL,
        undone_on DATE NOT NULL,
        undone_at TIMESTAMP WITH TIME ZONE NOT NULL,
        CONSTRAINT pk_claim_reversal PRIMARY KEY (claim_id),
        CONSTRAINT ck_claim_reversal_approved CHECK (proposal_state = 'approved'),
        CONSTRAINT fk_claim_reversal_claim_id FOREIGN KEY(claim_id) REFERENCES claim (id),
        CONSTRAINT fk_claim_reversal_approved_proposal
            FOREIGN KEY (proposal_id, proposal_state) REFERENCES proposal (id, state)
    )
    """,
    """
    CREATE FUNCTION add_claimed() RETURNS trigger LANGUAGE plpgsql SET search_path FROM CURRENT AS $$
    BEGIN
        IF NEW.kind <> 'return' THEN
            UPDATE obligation SET claimed_fen = claimed_fen + NEW.amount_fen WHERE id = NEW.obligation_id;
        END IF;
        UPDATE suspense s SET claimed_fen = s.claimed_fen + NEW.amount_fen
        FROM statement_line l
        WHERE s.line_id = NEW.line_id AND l.id = s.line_id AND s.settled_on IS NULL
          AND s.claimed_fen + NEW.amount_fen + coalesce((SELECT sum(amount_fen) FROM clearing
              WHERE credit_line_id = l.id OR debit_line_id = l.id), 0) <= l.amount_fen;
        IF NOT FOUND THEN
            RAISE EXCEPTION 'line % has not that much left to claim', NEW.line_id USING ERRCODE = 'check_violation';
        END IF;
        RETURN NULL;
    END $$
    """,
    # As before, without claims that were undone.
    """
    CREATE OR REPLACE FUNCTION require_left_of_line() RETURNS trigger LANGUAGE plpgsql
    SET search_path FROM CURRENT AS $$
    BEGIN
        PERFORM FROM suspense WHERE line_id IN (NEW.credit_line_id, NEW.debit_line_id) ORDER BY line_id FOR UPDATE;
        IF EXISTS (
            SELECT FROM statement_line l
            WHERE l.id IN (NEW.credit_line_id, NEW.debit_line_id)
              AND l.amount_fen < coalesce((SELECT sum(amount_fen) FROM claim
                                           WHERE line_id = l.id AND undone_on IS NULL), 0)
                  + coalesce((SELECT sum(amount_fen) FROM clearing
                              WHERE l.id IN (credit_line_id, debit_line_id)), 0)
        ) THEN
            RAISE EXCEPTION 'a line has not that much left to clear' USING ERRCODE = 'check_violation';
        END IF;
        RETURN NULL;
    END $$
    """,
    """
    CREATE TRIGGER claim_adds AFTER INSERT ON claim
    FOR EACH ROW WHEN (NEW.proposal_id IS NOT NULL) EXECUTE FUNCTION add_claimed()
    """,
    # SECURITY DEFINER: the app role adds a reversal, and never changes a claim itself.
    """
    CREATE FUNCTION undo_claim() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path FROM CURRENT AS $$
    DECLARE
        undone claim%ROWTYPE;
    BEGIN
        UPDATE claim SET undone_on = NEW.undone_on WHERE id = NEW.claim_id RETURNING * INTO undone;
        IF undone.proposal_id IS NOT NULL THEN
            UPDATE suspense SET claimed_fen = claimed_fen - undone.amount_fen WHERE line_id = undone.line_id;
            UPDATE obligation SET claimed_fen = claimed_fen - undone.amount_fen
            WHERE id = undone.obligation_id AND undone.kind <> 'return';
        END IF;
        RETURN NULL;
    END $$
    """,
    """
    CREATE TRIGGER claim_undone AFTER INSERT ON claim_reversal FOR EACH ROW EXECUTE FUNCTION undo_claim()
    """,
    "ALTER TABLE posting DROP CONSTRAINT ck_posting_cause",
    """
    ALTER TABLE posting ADD CONSTRAINT ck_posting_cause
    CHECK (cause IN ('opening', 'line', 'claim', 'correction', 'reclassification', 'clearing', 'undone_claim'))
    """,
)


def upgrade() -> None:
    """Create the tables, and grant the app role its rights: what was proposed and undone is evidence."""
    for statement in _CREATE:
        op.execute(statement)
    op.execute("REVOKE EXECUTE ON FUNCTION undo_claim() FROM PUBLIC")
    grants.writable(op, "proposal")
    grants.append_only(op, "proposal_part", "claim_reversal")
