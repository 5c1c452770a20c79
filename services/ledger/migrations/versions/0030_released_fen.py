"""How much of a return the inbound has given free, told once or more often."""

from alembic import op

revision = "0030"
down_revision = "0029"
branch_labels = None
depends_on = None

_STATEMENTS = (
    "ALTER TABLE obligation ADD COLUMN released_fen BIGINT NOT NULL DEFAULT 0",
    """
    UPDATE obligation o SET released_fen = due_fen
    WHERE side = 'payee' AND direction = 'return' AND EXISTS (
        SELECT FROM payment_order p WHERE p.obligation_id = o.id AND p.state NOT IN ('held', 'cancelled'))
    """,
    "ALTER TABLE obligation ADD CONSTRAINT ck_obligation_released CHECK (released_fen BETWEEN 0 AND due_fen)",
    """
    COMMENT ON COLUMN obligation.released_fen
        IS 'of a return: what the inbound has said to stand in nobody''s account'
    """,
)


def upgrade() -> None:
    """Add it; what has left ``held`` was given free."""
    for statement in _STATEMENTS:
        op.execute(statement)
