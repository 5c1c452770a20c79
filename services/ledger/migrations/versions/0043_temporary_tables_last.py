"""Look for tables in our schema first: PostgreSQL looks among the session's temporary ones before all others.

A role that may only add postings could make a temporary table of a name that a trigger reads or writes, and post past
it: into a closed month, without a turnover, between accounts of two funds.
"""

from alembic import op

revision = "0043"
down_revision = "0042"
branch_labels = None
depends_on = None

_FUNCTIONS = (
    "add_claimed",
    "add_turnover",
    "claim_refers",
    "posting_refers",
    "refuse_closed_period",
    "require_left_of_line",
    "require_left_of_obligation",
    "statement_line_refers",
    "undo_claim",
)


def upgrade() -> None:
    """Name the schema that the tables are in, and the temporary tables after it."""
    for function in _FUNCTIONS:
        op.execute(
            f"""
            DO $$ BEGIN
                EXECUTE format('ALTER FUNCTION {function}() SET search_path = %I, pg_temp', current_schema());
            END $$
            """
        )
