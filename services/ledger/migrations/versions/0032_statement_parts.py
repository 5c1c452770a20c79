"""A day that was exported before it was over goes on by a further statement of the same day."""

from alembic import op

revision = "0032"
down_revision = "0031"
branch_labels = None
depends_on = None

_STATEMENTS = (
    "ALTER TABLE statement ADD COLUMN part_no SMALLINT NOT NULL DEFAULT 1",
    "COMMENT ON COLUMN statement.part_no IS '2, 3, …: goes on with a day told'",
    "ALTER TABLE statement DROP CONSTRAINT ex_statement_one_per_day",
    """
    ALTER TABLE statement ADD CONSTRAINT ex_statement_one_per_day
        EXCLUDE
            USING gist (int8range(bank_account_id, bank_account_id, '[]') WITH &&,
                int4range(part_no, part_no, '[]') WITH &&,
                daterange(period_from, period_to, '[]') WITH &&)
    """,
)


def upgrade() -> None:
    """Add the part to what may be told but once."""
    for statement in _STATEMENTS:
        op.execute(statement)
