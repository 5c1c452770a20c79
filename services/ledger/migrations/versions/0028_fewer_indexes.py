"""Indexes that every line of an import paid for and nothing needed.

That a reversal mirrors its posting is checked once a statement (decision 0082), and only reversals are in the index by
which a posting is reversed once. An agency's obligations of a case are found by the unique index that begins with the
case.
"""

from alembic import op

revision = "0028"
down_revision = "0027"
branch_labels = None
depends_on = None

_CHANGES = (
    "ALTER TABLE posting DROP CONSTRAINT fk_posting_reverses_mirrored",
    "ALTER TABLE posting DROP CONSTRAINT uq_posting_mirror",
    "ALTER TABLE posting DROP CONSTRAINT uq_posting_reverses",
    "CREATE UNIQUE INDEX uq_posting_reverses ON posting (reverses) WHERE reverses IS NOT NULL",
    """
    CREATE OR REPLACE FUNCTION posting_refers() RETURNS trigger LANGUAGE plpgsql SET search_path FROM CURRENT AS $$
    BEGIN
        IF EXISTS (
            SELECT FROM (SELECT DISTINCT debit_account, credit_account, admdvs, fund FROM added) a
            WHERE NOT EXISTS (SELECT FROM account WHERE id = a.debit_account AND admdvs = a.admdvs AND fund = a.fund)
               OR NOT EXISTS (SELECT FROM account WHERE id = a.credit_account AND admdvs = a.admdvs AND fund = a.fund)
        ) THEN
            RAISE EXCEPTION 'a row of posting refers to what is not there, or not of its agency'
                USING ERRCODE = 'foreign_key_violation';
        END IF;
        IF EXISTS (
            SELECT FROM added a
            LEFT JOIN LATERAL (SELECT * FROM posting WHERE id = a.reverses OFFSET 0) p ON true
            WHERE a.reverses IS NOT NULL
              AND (p.debit_account, p.credit_account, p.amount_fen)
                  IS DISTINCT FROM (a.credit_account, a.debit_account, a.amount_fen)
        ) THEN
            RAISE EXCEPTION 'a reversal does not mirror what it reverses' USING ERRCODE = 'foreign_key_violation';
        END IF;
        RETURN NULL;
    END $$
    """,
    "DROP INDEX ix_obligation_number",
)


def upgrade() -> None:
    """Change them; what is refused stays the same."""
    for statement in _CHANGES:
        op.execute(statement)
