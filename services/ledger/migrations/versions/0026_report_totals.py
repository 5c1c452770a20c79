"""What a report adds up is read from indexes alone: an item in suspense knows its amount, and open items, what was
answered in part and what was settled later have indexes of their own.
"""

from alembic import op

revision = "0026"
down_revision = "0025"
branch_labels = None
depends_on = None

_CHANGES = (
    "ALTER TABLE suspense ADD COLUMN amount_fen BIGINT",
    "UPDATE suspense s SET amount_fen = l.amount_fen FROM statement_line l WHERE l.id = s.line_id",
    "ALTER TABLE suspense ALTER COLUMN amount_fen SET NOT NULL",
    """
    CREATE INDEX ix_suspense_standing ON suspense (admdvs, reason, line_id) INCLUDE (booked_on, kind, amount_fen)
    WHERE settled_on IS NULL
    """,
    "CREATE INDEX ix_suspense_settled ON suspense (admdvs, settled_on, booked_on)",
    "DROP INDEX ix_suspense_day",
    """
    CREATE INDEX ix_obligation_standing ON obligation (admdvs, known_on) INCLUDE (id, side, direction, due_fen)
    WHERE state IN ('open', 'returned')
    """,
    "DROP INDEX ix_obligation_settled",
    "CREATE INDEX ix_obligation_settled ON obligation (admdvs, settled_on, known_on)",
    """
    CREATE INDEX ix_claim_answered ON claim (admdvs, claimed_on)
    INCLUDE (line_id, obligation_id, kind, amount_fen, is_exclusive, undone_on)
    WHERE NOT is_exclusive OR undone_on IS NOT NULL OR kind = 'return'
    """,
)


def upgrade() -> None:
    """Add the amounts of what waits, and change the indexes."""
    for statement in _CHANGES:
        op.execute(statement)
