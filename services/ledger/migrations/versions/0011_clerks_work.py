"""What clerks do with money that waits: who has it, its history, and orders and claims that answer no obligation."""

from alembic import op

from shared.database import grants

revision = "0011"
down_revision = "0010"
branch_labels = None
depends_on = None

_CHANGE = (
    "ALTER TABLE suspense ADD COLUMN version INTEGER DEFAULT '1' NOT NULL, ADD COLUMN assigned_to TEXT",
    """
    CREATE TABLE suspense_event (
        id BIGINT GENERATED ALWAYS AS IDENTITY,
        admdvs TEXT NOT NULL,
        line_id BIGINT NOT NULL,
        at TIMESTAMP WITH TIME ZONE NOT NULL,
        by TEXT NOT NULL,
        what TEXT NOT NULL,
        reason TEXT,
        detail JSONB NOT NULL,
        CONSTRAINT pk_suspense_event PRIMARY KEY (id),
        CONSTRAINT fk_suspense_event_line_id FOREIGN KEY(line_id) REFERENCES suspense (line_id)
    )
    """,
    "CREATE INDEX ix_suspense_event_line ON suspense_event (line_id, id)",
    # An order pays an obligation, or gives a received line back to who paid it.
    """
    ALTER TABLE payment_order
        ALTER COLUMN obligation_id DROP NOT NULL,
        ALTER COLUMN obligation_no DROP NOT NULL,
        ALTER COLUMN rlts_traf_id DROP NOT NULL,
        ADD COLUMN returns_line_id BIGINT,
        ADD CONSTRAINT fk_payment_order_returns_line_id
            FOREIGN KEY(returns_line_id) REFERENCES suspense (line_id),
        ADD CONSTRAINT ck_payment_order_pays_or_returns CHECK (num_nonnulls(obligation_id, returns_line_id) = 1),
        ADD CONSTRAINT ck_payment_order_obligation_named
            CHECK (obligation_id IS NULL OR (obligation_no IS NOT NULL AND rlts_traf_id IS NOT NULL))
    """,
    """
    CREATE UNIQUE INDEX uq_payment_order_open_return ON payment_order (returns_line_id)
        WHERE state IN ('ready', 'held', 'awaiting_funds', 'proposed', 'released')
    """,
    """
    CREATE INDEX ix_payment_order_return ON payment_order (returns_line_id) WHERE returns_line_id IS NOT NULL
    """,
    """
    ALTER TABLE claim
        ALTER COLUMN obligation_id DROP NOT NULL,
        DROP CONSTRAINT ck_claim_kind,
        ADD CONSTRAINT ck_claim_kind CHECK (kind IN ('receipt', 'payment', 'return', 'refund')),
        DROP CONSTRAINT ck_claim_order,
        ADD CONSTRAINT ck_claim_order CHECK (kind = 'receipt' OR order_id IS NOT NULL),
        ADD CONSTRAINT ck_claim_obligation CHECK (obligation_id IS NOT NULL OR kind IN ('payment', 'refund'))
    """,
    "CREATE UNIQUE INDEX uq_claim_refund ON claim (order_id, kind) WHERE obligation_id IS NULL",
)


def upgrade() -> None:
    """Change the tables; the history is append-only."""
    for statement in _CHANGE:
        op.execute(statement)
    grants.append_only(op, "suspense_event")
