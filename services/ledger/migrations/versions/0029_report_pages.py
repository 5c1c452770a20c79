"""Pages of a report follow an index, oldest first, and stop when they are full; a day finds its statement, a month its
unclassified lines and what the core has otherwise.
"""

from alembic import op

revision = "0029"
down_revision = "0028"
branch_labels = None
depends_on = None

_CHANGES = (
    "DROP INDEX ix_suspense_standing",
    """
    CREATE INDEX ix_suspense_standing ON suspense (admdvs, booked_on, line_id) INCLUDE (reason, kind, amount_fen)
    WHERE settled_on IS NULL
    """,
    "DROP INDEX ix_obligation_standing",
    """
    CREATE INDEX ix_obligation_standing ON obligation (admdvs, known_on, id) INCLUDE (side, direction, due_fen)
    WHERE state IN ('open', 'returned')
    """,
    "CREATE INDEX ix_statement_period ON statement (bank_account_id, period_to)",
    """
    CREATE INDEX ix_statement_line_unclassified ON statement_line (bank_account_id, booked_on)
    WHERE line_class = 'unclassified'
    """,
    """
    CREATE INDEX ix_obligation_core_differs ON obligation (admdvs)
    WHERE side = 'payee' AND credited_on IS NOT NULL AND (state <> 'credited' OR credited_fen <> due_fen)
    """,
)


def upgrade() -> None:
    """Put the order of the lists before what is summed."""
    for statement in _CHANGES:
        op.execute(statement)
