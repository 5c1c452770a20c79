"""A payment may come back by several lines, of all its amount together; never of more."""

from alembic import op

revision = "0044"
down_revision = "0043"
branch_labels = None
depends_on = None

_CHANGES = (
    "DROP INDEX uq_claim_return",
    "CREATE INDEX ix_claim_return ON claim (order_id) WHERE kind = 'return' AND undone_on IS NULL",
    """
    CREATE FUNCTION require_left_of_order() RETURNS trigger LANGUAGE plpgsql SET search_path FROM CURRENT AS $$
    DECLARE
        paid_fen bigint;
    BEGIN
        SELECT amount_fen INTO paid_fen FROM payment_order WHERE id = NEW.order_id FOR UPDATE;
        IF paid_fen < (SELECT sum(amount_fen) FROM claim
                       WHERE order_id = NEW.order_id AND kind = 'return' AND undone_on IS NULL) THEN
            RAISE EXCEPTION 'more comes back of order % than it paid', NEW.order_id USING ERRCODE = 'check_violation';
        END IF;
        RETURN NULL;
    END $$
    """,
    """
    CREATE TRIGGER claim_comes_back AFTER INSERT ON claim
    FOR EACH ROW WHEN (NEW.kind = 'return') EXECUTE FUNCTION require_left_of_order()
    """,
)


def upgrade() -> None:
    """Change them."""
    for statement in _CHANGES:
        op.execute(statement)
