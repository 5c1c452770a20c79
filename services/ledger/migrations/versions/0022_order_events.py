"""The history of payment orders that the bank refused: noted, taken back, paid anew, by whom and why."""

from alembic import op

from shared.database import grants

revision = "0022"
down_revision = "0021"
branch_labels = None
depends_on = None

_CREATE = (
    """
    CREATE TABLE order_event (
        id BIGINT GENERATED ALWAYS AS IDENTITY,
        order_id UUID NOT NULL,
        at TIMESTAMP WITH TIME ZONE NOT NULL,
        by TEXT NOT NULL,
        what TEXT NOT NULL,
        reason TEXT,
        CONSTRAINT pk_order_event PRIMARY KEY (id),
        CONSTRAINT ck_order_event_what CHECK (what IN ('rejected', 'rejection_withdrawn', 'reissued')),
        CONSTRAINT fk_order_event_order_id FOREIGN KEY(order_id) REFERENCES payment_order (id)
    )
    """,
    "CREATE INDEX ix_order_event_order ON order_event (order_id, id)",
)


def upgrade() -> None:
    """Create the table, append-only."""
    for statement in _CREATE:
        op.execute(statement)
    grants.append_only(op, "order_event")
