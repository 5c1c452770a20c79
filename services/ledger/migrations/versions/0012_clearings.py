"""What clears a line other than a claim: given back to who paid it, set off against another line, or written off.

An order gives a received line back, and the bank's debit clears both lines. Everything else is an adjustment, which
one person proposes and another approves: the foreign key lets only approved ones clear anything.
"""

from alembic import op

from shared.database import grants

revision = "0012"
down_revision = "0011"
branch_labels = None
depends_on = None

_CHANGE = (
    # Claims join money with obligations only.
    "DROP INDEX uq_claim_refund",
    """
    ALTER TABLE claim
        DROP CONSTRAINT ck_claim_obligation,
        DROP CONSTRAINT ck_claim_kind,
        ADD CONSTRAINT ck_claim_kind CHECK (kind IN ('receipt', 'payment', 'return')),
        ALTER COLUMN obligation_id SET NOT NULL
    """,
    """
    CREATE TABLE adjustment (
        id UUID NOT NULL,
        admdvs TEXT NOT NULL,
        kind TEXT NOT NULL,
        line_id BIGINT,
        other_line_id BIGINT,
        obligation_id BIGINT,
        to_class TEXT,
        amount_fen BIGINT,
        reason TEXT NOT NULL,
        state TEXT NOT NULL,
        proposed_by TEXT NOT NULL,
        proposed_at TIMESTAMP WITH TIME ZONE NOT NULL,
        decided_by TEXT,
        decided_at TIMESTAMP WITH TIME ZONE,
        decision_reason TEXT,
        version INTEGER DEFAULT '1' NOT NULL,
        CONSTRAINT pk_adjustment PRIMARY KEY (id),
        CONSTRAINT ck_adjustment_kind CHECK (kind IN ('write_off', 'offset', 'reclassification')),
        CONSTRAINT ck_adjustment_what CHECK (CASE kind
            WHEN 'write_off' THEN num_nonnulls(line_id, obligation_id) = 1
                AND num_nonnulls(other_line_id, to_class) = 0 AND amount_fen > 0
            WHEN 'offset' THEN num_nonnulls(line_id, other_line_id) = 2
                AND num_nonnulls(obligation_id, to_class) = 0 AND amount_fen > 0
            ELSE num_nonnulls(line_id, to_class) = 2 AND num_nonnulls(other_line_id, obligation_id, amount_fen) = 0
            END),
        CONSTRAINT ck_adjustment_state CHECK (state IN ('proposed', 'approved', 'rejected', 'withdrawn')),
        CONSTRAINT ck_adjustment_two_people CHECK (decided_by IS NULL OR decided_by <> proposed_by),
        CONSTRAINT ck_adjustment_decided CHECK ((state IN ('approved', 'rejected')) = (decided_by IS NOT NULL)),
        CONSTRAINT ck_adjustment_rejection_has_reason CHECK (state <> 'rejected' OR decision_reason IS NOT NULL),
        CONSTRAINT uq_adjustment_state UNIQUE (id, state),
        CONSTRAINT fk_adjustment_line_id FOREIGN KEY(line_id) REFERENCES statement_line (id),
        CONSTRAINT fk_adjustment_other_line_id FOREIGN KEY(other_line_id) REFERENCES statement_line (id),
        CONSTRAINT fk_adjustment_obligation_id FOREIGN KEY(obligation_id) REFERENCES obligation (id)
    )
    """,
    "CREATE INDEX ix_adjustment_recent ON adjustment (admdvs, proposed_at, id)",
    "CREATE UNIQUE INDEX uq_adjustment_open_line ON adjustment (line_id) WHERE state = 'proposed'",
    "CREATE UNIQUE INDEX uq_adjustment_open_obligation ON adjustment (obligation_id) WHERE state = 'proposed'",
    """
    CREATE TABLE clearing (
        id BIGINT GENERATED ALWAYS AS IDENTITY,
        admdvs TEXT NOT NULL,
        kind TEXT NOT NULL,
        credit_line_id BIGINT,
        debit_line_id BIGINT,
        obligation_id BIGINT,
        order_id UUID,
        adjustment_id UUID,
        adjustment_state TEXT,
        amount_fen BIGINT NOT NULL,
        cleared_on DATE NOT NULL,
        cleared_at TIMESTAMP WITH TIME ZONE NOT NULL,
        CONSTRAINT pk_clearing PRIMARY KEY (id),
        CONSTRAINT ck_clearing_amount_positive CHECK (amount_fen > 0),
        CONSTRAINT ck_clearing_what CHECK (CASE kind
            WHEN 'write_off' THEN num_nonnulls(credit_line_id, debit_line_id, obligation_id) = 1
            ELSE kind IN ('refund', 'offset') AND num_nonnulls(credit_line_id, debit_line_id) = 2
                AND obligation_id IS NULL
            END),
        CONSTRAINT ck_clearing_decided CHECK (CASE kind WHEN 'refund' THEN order_id IS NOT NULL
            AND num_nonnulls(adjustment_id, adjustment_state) = 0
            ELSE order_id IS NULL AND adjustment_id IS NOT NULL AND coalesce(adjustment_state, '') = 'approved' END),
        CONSTRAINT uq_clearing_order_id UNIQUE (order_id),
        CONSTRAINT uq_clearing_adjustment_id UNIQUE (adjustment_id),
        CONSTRAINT fk_clearing_credit_line_id FOREIGN KEY(credit_line_id) REFERENCES suspense (line_id),
        CONSTRAINT fk_clearing_debit_line_id FOREIGN KEY(debit_line_id) REFERENCES suspense (line_id),
        CONSTRAINT fk_clearing_obligation_id FOREIGN KEY(obligation_id) REFERENCES obligation (id),
        CONSTRAINT fk_clearing_order_id FOREIGN KEY(order_id) REFERENCES payment_order (id),
        CONSTRAINT fk_clearing_adjustment_id_adjustment_state
            FOREIGN KEY(adjustment_id, adjustment_state) REFERENCES adjustment (id, state)
    )
    """,
    "CREATE INDEX ix_clearing_day ON clearing (admdvs, cleared_on)",
    "CREATE INDEX ix_clearing_credit_line ON clearing (credit_line_id) WHERE credit_line_id IS NOT NULL",
    "CREATE INDEX ix_clearing_debit_line ON clearing (debit_line_id) WHERE debit_line_id IS NOT NULL",
    "CREATE INDEX ix_clearing_obligation ON clearing (obligation_id) WHERE obligation_id IS NOT NULL",
    """
    CREATE FUNCTION require_left_of_line() RETURNS trigger LANGUAGE plpgsql SET search_path FROM CURRENT AS $$
    BEGIN
        PERFORM FROM suspense WHERE line_id IN (NEW.credit_line_id, NEW.debit_line_id) ORDER BY line_id FOR UPDATE;
        IF EXISTS (
            SELECT FROM statement_line l
            WHERE l.id IN (NEW.credit_line_id, NEW.debit_line_id)
              AND l.amount_fen < coalesce((SELECT sum(amount_fen) FROM claim WHERE line_id = l.id), 0)
                  + coalesce((SELECT sum(amount_fen) FROM clearing
                              WHERE l.id IN (credit_line_id, debit_line_id)), 0)
        ) THEN
            RAISE EXCEPTION 'a line has not that much left to clear' USING ERRCODE = 'check_violation';
        END IF;
        RETURN NULL;
    END $$
    """,
    """
    CREATE TRIGGER clearing_has_money AFTER INSERT ON clearing
    FOR EACH ROW EXECUTE FUNCTION require_left_of_line()
    """,
    "ALTER TABLE posting DROP CONSTRAINT ck_posting_cause",
    """
    ALTER TABLE posting ADD CONSTRAINT ck_posting_cause
    CHECK (cause IN ('opening', 'line', 'claim', 'correction', 'reclassification', 'clearing'))
    """,
    """
    ALTER TABLE suspense
        ADD COLUMN returned_order_id UUID,
        ADD CONSTRAINT fk_suspense_returned_order_id FOREIGN KEY(returned_order_id) REFERENCES payment_order (id)
    """,
    """
    ALTER TABLE payment_order
        DROP CONSTRAINT fk_payment_order_returns_line_id,
        ADD CONSTRAINT fk_payment_order_returns_line_id
            FOREIGN KEY(returns_line_id) REFERENCES statement_line (id)
    """,
    """
    CREATE INDEX ix_payment_order_released_return ON payment_order (admdvs, state)
        WHERE returns_line_id IS NOT NULL AND state IN ('released', 'paid')
    """,
    """
    ALTER TABLE line_class_change
        ADD COLUMN adjustment_id UUID,
        ADD COLUMN adjustment_state TEXT,
        ADD CONSTRAINT ck_line_class_change_approved CHECK ((adjustment_id IS NULL) = (adjustment_state IS NULL)
            AND coalesce(adjustment_state, 'approved') = 'approved'),
        ADD CONSTRAINT fk_line_class_change_adjustment_id_adjustment_state
            FOREIGN KEY(adjustment_id, adjustment_state) REFERENCES adjustment (id, state)
    """,
    "INSERT INTO account_title (title, name, normal_side) VALUES ('write_off', '核销差额', 'debit')",
    """
    INSERT INTO account (admdvs, fund, title, bank_account_id)
    SELECT DISTINCT admdvs, fund, 'write_off', CAST(NULL AS bigint) FROM bank_account
    """,
    """
    CREATE OR REPLACE VIEW bank_account_books AS
    SELECT b.id AS bank_account_id, b.admdvs, b.fund, deposit.id AS deposit,
           max(a.id) FILTER (WHERE a.title = 'transfer_income') AS transfer_income,
           max(a.id) FILTER (WHERE a.title = 'transfer_expenditure') AS transfer_expenditure,
           max(a.id) FILTER (WHERE a.title = 'temporary_receipts') AS temporary_receipts,
           max(a.id) FILTER (WHERE a.title = 'temporary_payments') AS temporary_payments,
           max(a.id) FILTER (WHERE a.title = 'other_business') AS other_business,
           max(a.id) FILTER (WHERE a.title = 'write_off') AS write_off
    FROM bank_account b
    JOIN account deposit ON deposit.bank_account_id = b.id
     AND deposit.title = CASE WHEN b.is_treasury THEN 'treasury_deposit'
                              WHEN b.hif_acct_type = '1' THEN 'income_deposit' ELSE 'expenditure_deposit' END
    JOIN account a ON a.admdvs = b.admdvs AND a.fund = b.fund AND a.bank_account_id IS NULL
    GROUP BY b.id, deposit.id
    """,
)


def upgrade() -> None:
    """Change the tables; what has cleared a line is append-only."""
    for statement in _CHANGE:
        op.execute(statement)
    grants.writable(op, "adjustment")
    grants.append_only(op, "clearing")
