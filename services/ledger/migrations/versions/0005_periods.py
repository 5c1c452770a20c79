"""Months that are closed, and the vouchers that go to the general ledger."""

from alembic import op

from shared.database import grants

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None

_CREATE = (
    """
    CREATE TABLE book_closing (
        admdvs TEXT NOT NULL,
        closed_through DATE NOT NULL,
        closed_by TEXT NOT NULL,
        version INTEGER DEFAULT '1' NOT NULL,
        CONSTRAINT pk_book_closing PRIMARY KEY (admdvs)
    )
    """,
    """
    CREATE TABLE period_event (
        id BIGINT GENERATED ALWAYS AS IDENTITY,
        admdvs TEXT NOT NULL,
        period TEXT NOT NULL,
        what TEXT NOT NULL,
        opter_id TEXT NOT NULL,
        occurred_at TIMESTAMP WITH TIME ZONE NOT NULL,
        reason TEXT,
        checklist JSONB NOT NULL,
        CONSTRAINT pk_period_event PRIMARY KEY (id),
        CONSTRAINT ck_period_event_what CHECK (what IN ('closed', 'reopened')),
        CONSTRAINT ck_period_event_reopening_has_reason CHECK (what <> 'reopened' OR reason IS NOT NULL)
    )
    """,
    "CREATE INDEX ix_period_event_period ON period_event (admdvs, period, id)",
    """
    CREATE FUNCTION refuse_closed_period() RETURNS trigger LANGUAGE plpgsql SET search_path FROM CURRENT AS $$
    BEGIN
        IF EXISTS (
            SELECT FROM (SELECT admdvs, min(booking_date) AS earliest FROM posted GROUP BY admdvs) p
            JOIN book_closing c ON c.admdvs = p.admdvs AND p.earliest <= c.closed_through
        ) THEN
            RAISE EXCEPTION 'the period of a posting is closed' USING ERRCODE = 'check_violation',
                CONSTRAINT = 'ck_posting_period_open';
        END IF;
        RETURN NULL;
    END $$
    """,
    """
    CREATE TRIGGER posting_period_open AFTER INSERT ON posting
    REFERENCING NEW TABLE AS posted FOR EACH STATEMENT EXECUTE FUNCTION refuse_closed_period()
    """,
    """
    CREATE TABLE voucher_run (
        admdvs TEXT NOT NULL,
        through_posting BIGINT NOT NULL,
        ran_on DATE NOT NULL,
        CONSTRAINT pk_voucher_run PRIMARY KEY (admdvs)
    )
    """,
    """
    CREATE TABLE voucher (
        id UUID NOT NULL,
        admdvs TEXT NOT NULL,
        fund TEXT NOT NULL,
        booking_date DATE NOT NULL,
        voucher_no INTEGER NOT NULL,
        made_at TIMESTAMP WITH TIME ZONE NOT NULL,
        gl_voucher_no TEXT,
        gl_recorded_by TEXT,
        gl_recorded_at TIMESTAMP WITH TIME ZONE,
        version INTEGER DEFAULT '1' NOT NULL,
        CONSTRAINT pk_voucher PRIMARY KEY (id),
        CONSTRAINT ck_voucher_gl_recorded_by_somebody CHECK ((gl_voucher_no IS NULL) = (gl_recorded_by IS NULL)
            AND (gl_voucher_no IS NULL) = (gl_recorded_at IS NULL)),
        CONSTRAINT uq_voucher_admdvs_booking_date_fund_voucher_no UNIQUE (admdvs, booking_date, fund, voucher_no)
    )
    """,
    """
    CREATE TABLE voucher_line (
        voucher_id UUID NOT NULL,
        line_no INTEGER NOT NULL,
        debit_account BIGINT NOT NULL,
        credit_account BIGINT NOT NULL,
        amount_fen BIGINT NOT NULL,
        posting_count INTEGER NOT NULL,
        CONSTRAINT pk_voucher_line PRIMARY KEY (voucher_id, line_no),
        CONSTRAINT ck_voucher_line_amount_positive CHECK (amount_fen > 0),
        CONSTRAINT fk_voucher_line_voucher_id FOREIGN KEY(voucher_id) REFERENCES voucher (id),
        CONSTRAINT fk_voucher_line_debit_account FOREIGN KEY(debit_account) REFERENCES account (id),
        CONSTRAINT fk_voucher_line_credit_account FOREIGN KEY(credit_account) REFERENCES account (id)
    )
    """,
)


def upgrade() -> None:
    """Create both; the journal refuses a posting into a closed month whoever writes it."""
    for statement in _CREATE:
        op.execute(statement)
    grants.writable(op, "book_closing", "voucher_run", "voucher")
    grants.append_only(op, "period_event", "voucher_line")
