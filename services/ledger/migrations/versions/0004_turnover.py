"""What each account moved on each day, kept by the journal itself, and the check that compares the two."""

from alembic import op

from shared.database import grants

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None

# SECURITY DEFINER: the app role adds postings and may read turnovers, but never write them.
_CREATE = (
    """
    CREATE TABLE account_turnover (
        account_id BIGINT NOT NULL,
        booking_date DATE NOT NULL,
        debit_fen BIGINT NOT NULL,
        credit_fen BIGINT NOT NULL,
        CONSTRAINT pk_account_turnover PRIMARY KEY (account_id, booking_date),
        CONSTRAINT ck_account_turnover_not_negative CHECK (debit_fen >= 0 AND credit_fen >= 0),
        CONSTRAINT fk_account_turnover_account_id FOREIGN KEY(account_id) REFERENCES account (id)
    )
    """,
    """
    CREATE FUNCTION add_turnover() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path FROM CURRENT AS $$
    BEGIN
        INSERT INTO account_turnover AS present (account_id, booking_date, debit_fen, credit_fen)
        SELECT account_id, booking_date, sum(debit_fen), sum(credit_fen)
        FROM (
            SELECT debit_account AS account_id, booking_date, amount_fen AS debit_fen, 0 AS credit_fen FROM posted
            UNION ALL
            SELECT credit_account, booking_date, 0, amount_fen FROM posted
        ) side
        GROUP BY account_id, booking_date
        ORDER BY account_id, booking_date
        ON CONFLICT (account_id, booking_date) DO UPDATE
        SET debit_fen = present.debit_fen + excluded.debit_fen, credit_fen = present.credit_fen + excluded.credit_fen;
        RETURN NULL;
    END $$
    """,
    """
    INSERT INTO account_turnover (account_id, booking_date, debit_fen, credit_fen)
    SELECT account_id, booking_date, sum(debit_fen), sum(credit_fen)
    FROM (
        SELECT debit_account AS account_id, booking_date, amount_fen AS debit_fen, 0 AS credit_fen FROM posting
        UNION ALL
        SELECT credit_account, booking_date, 0, amount_fen FROM posting
    ) side
    GROUP BY account_id, booking_date
    """,
    """
    CREATE TRIGGER posting_turnover AFTER INSERT ON posting
    REFERENCING NEW TABLE AS posted FOR EACH STATEMENT EXECUTE FUNCTION add_turnover()
    """,
    """
    CREATE TABLE balance_check (
        account_id BIGINT NOT NULL,
        checked_at TIMESTAMP WITH TIME ZONE NOT NULL,
        break_count INTEGER NOT NULL,
        first_break_on DATE,
        CONSTRAINT pk_balance_check PRIMARY KEY (account_id),
        CONSTRAINT ck_balance_check_break_has_day CHECK ((break_count = 0) = (first_break_on IS NULL)),
        CONSTRAINT fk_balance_check_account_id FOREIGN KEY(account_id) REFERENCES account (id)
    )
    """,
)


def upgrade() -> None:
    """Create the turnovers, fill them from what stands in the journal, and let the journal keep them from now on."""
    for statement in _CREATE:
        op.execute(statement)
    op.execute("REVOKE EXECUTE ON FUNCTION add_turnover() FROM PUBLIC")
    grants.readable(op, "account_turnover")
    grants.writable(op, "balance_check")
