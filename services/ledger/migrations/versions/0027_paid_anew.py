"""What was paid and came back is paid anew: by another order, with claims of its own."""

from alembic import op

revision = "0027"
down_revision = "0026"
branch_labels = None
depends_on = None

_CHANGE = (
    "DROP INDEX uq_payment_order_live",
    """
    CREATE UNIQUE INDEX uq_payment_order_live ON payment_order (obligation_id)
        WHERE state NOT IN ('cancelled', 'rejected', 'returned')
    """,
    "DROP INDEX uq_claim_obligation",
    """
    CREATE UNIQUE INDEX uq_claim_obligation ON claim (obligation_id)
        WHERE is_exclusive AND undone_on IS NULL AND kind = 'receipt'
    """,
    """
    CREATE UNIQUE INDEX uq_claim_order ON claim (order_id, kind)
        WHERE is_exclusive AND undone_on IS NULL AND kind <> 'receipt'
    """,
    "DROP INDEX uq_claim_return",
    "CREATE UNIQUE INDEX uq_claim_return ON claim (order_id) WHERE kind = 'return' AND undone_on IS NULL",
)


def upgrade() -> None:
    """One live order of an obligation, one payment and one return of an order."""
    for statement in _CHANGE:
        op.execute(statement)
