"""Fund requests that end without money or share an allotment; accounts of another fund; the chart set by operators."""

from alembic import op

from shared.database import grants

revision = "0036"
down_revision = "0035"
branch_labels = None
depends_on = None

_STATEMENTS = (
    """
    ALTER TABLE fund_request
        ADD COLUMN withdrawn_by TEXT, ADD COLUMN withdrawn_at TIMESTAMP WITH TIME ZONE,
        DROP CONSTRAINT uq_fund_request_line_id,
        DROP CONSTRAINT ck_fund_request_state,
        DROP CONSTRAINT ck_fund_request_rejection_has_reason,
        ADD CONSTRAINT ck_fund_request_state
            CHECK (state IN ('proposed', 'approved', 'funded', 'rejected', 'withdrawn')),
        ADD CONSTRAINT ck_fund_request_rejection_has_reason
            CHECK (state NOT IN ('rejected', 'withdrawn') OR reason IS NOT NULL),
        ADD CONSTRAINT ck_fund_request_withdrawn
            CHECK ((state = 'withdrawn') = (withdrawn_by IS NOT NULL) AND
                (withdrawn_by IS NULL) = (withdrawn_at IS NULL)),
        ADD CONSTRAINT ck_fund_request_withdrawn_by_another
            CHECK (withdrawn_by IS NULL OR withdrawn_by <> proposed_by)
    """,
    "CREATE INDEX ix_fund_request_line ON fund_request (line_id) WHERE line_id IS NOT NULL",
    """
    ALTER TABLE account_title
        ADD COLUMN version INTEGER NOT NULL DEFAULT 1, ADD COLUMN updated_at TIMESTAMP WITH TIME ZONE,
        ADD COLUMN updated_by TEXT
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
    JOIN account deposit ON deposit.bank_account_id = b.id AND deposit.fund = b.fund
     AND deposit.title = CASE WHEN b.is_treasury THEN 'treasury_deposit'
                              WHEN b.hif_acct_type = '1' THEN 'income_deposit' ELSE 'expenditure_deposit' END
    JOIN account a ON a.admdvs = b.admdvs AND a.fund = b.fund AND a.bank_account_id IS NULL
    GROUP BY b.id, deposit.id
    """,
)


def upgrade() -> None:
    """Change the tables; titles are changed and never removed."""
    for statement in _STATEMENTS:
        op.execute(statement)
    grants.never_deleted(op, "account_title")
