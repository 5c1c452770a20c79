"""What lines, claims and postings refer to is looked up once a statement, not once a row (decision 0082).

As strict as the foreign keys that go, and stricter: whole rows have to agree. The rows referred to are evidence, or the
app role may no longer delete them.
"""

from alembic import op

from shared.database import grants

revision = "0020"
down_revision = "0019"
branch_labels = None
depends_on = None

_DROPPED = {
    "statement_line": (
        "fk_statement_line_file_id",
        "fk_statement_line_statement_id",
        "fk_statement_line_bank_account_id",
    ),
    "claim": ("fk_claim_line_id", "fk_claim_obligation_id"),
    "posting": ("fk_posting_debit_account", "fk_posting_credit_account"),
}
_CHECKS = {
    "statement_line": """
        SELECT FROM (SELECT DISTINCT statement_id, file_id, bank_account_id, admdvs FROM added) a
        WHERE NOT EXISTS (
            SELECT FROM statement_file f JOIN bank_account b ON b.admdvs = f.admdvs
            WHERE f.id = a.file_id AND b.id = a.bank_account_id AND b.admdvs = a.admdvs
        ) OR a.statement_id IS NOT NULL AND NOT EXISTS (
            SELECT FROM statement
            WHERE id = a.statement_id AND file_id = a.file_id AND bank_account_id = a.bank_account_id
        )
    """,
    # Row by row, each by its key alone: the planner takes what this transaction has written for a handful of rows.
    "claim": """
        SELECT FROM added a
        LEFT JOIN LATERAL (SELECT admdvs FROM statement_line WHERE id = a.line_id OFFSET 0) l ON true
        LEFT JOIN LATERAL (SELECT admdvs FROM obligation WHERE id = a.obligation_id OFFSET 0) o ON true
        WHERE l.admdvs IS DISTINCT FROM a.admdvs OR o.admdvs IS DISTINCT FROM a.admdvs
    """,
    "posting": """
        SELECT FROM (SELECT DISTINCT debit_account, credit_account, admdvs, fund FROM added) a
        WHERE NOT EXISTS (SELECT FROM account WHERE id = a.debit_account AND admdvs = a.admdvs AND fund = a.fund)
           OR NOT EXISTS (SELECT FROM account WHERE id = a.credit_account AND admdvs = a.admdvs AND fund = a.fund)
    """,
}


def upgrade() -> None:
    """Put a check of the whole set in the place of each foreign key."""
    for table, names in _DROPPED.items():
        op.execute(f"ALTER TABLE {table} " + ", ".join(f"DROP CONSTRAINT {name}" for name in names))
    for table, broken in _CHECKS.items():
        op.execute(
            f"""
            CREATE FUNCTION {table}_refers() RETURNS trigger LANGUAGE plpgsql SET search_path FROM CURRENT AS $$
            BEGIN
                IF EXISTS ({broken}) THEN
                    RAISE EXCEPTION 'a row of {table} refers to what is not there, or not of its agency'
                        USING ERRCODE = 'foreign_key_violation';
                END IF;
                RETURN NULL;
            END $$
            """
        )
        op.execute(
            f"""
            CREATE TRIGGER {table}_refers AFTER INSERT ON {table}
            REFERENCING NEW TABLE AS added FOR EACH STATEMENT EXECUTE FUNCTION {table}_refers()
            """
        )
    grants.never_deleted(op, "obligation", "account", "bank_account")
