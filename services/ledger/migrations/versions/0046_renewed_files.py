"""A payment file that nobody took is made anew without the orders that people have noted as refused."""

from alembic import op

revision = "0046"
down_revision = "0045"
branch_labels = None
depends_on = None

_STATEMENTS = (
    "ALTER TABLE payment_file DROP CONSTRAINT uq_payment_file_batch_id_payer_bankacct",
    "CREATE INDEX ix_payment_file_batch_id ON payment_file (batch_id)",
    "ALTER TABLE payment_file_item ADD COLUMN attempt_no SMALLINT DEFAULT 1 NOT NULL",
    "ALTER TABLE payment_file_item DROP CONSTRAINT uq_payment_file_item_order_id",
    """
    ALTER TABLE payment_file_item
        ADD CONSTRAINT uq_payment_file_item_order_id_attempt_no UNIQUE (order_id, attempt_no)
    """,
    """
    CREATE FUNCTION leaves_in_one_file() RETURNS trigger LANGUAGE plpgsql AS $$
    BEGIN
        IF EXISTS (
            SELECT FROM payment_file_item i JOIN payment_file_item other ON other.order_id = i.order_id
            WHERE i.file_id = NEW.file_id AND other.file_id <> i.file_id
              AND (other.attempt_no > i.attempt_no
                   OR EXISTS (SELECT FROM payment_download d WHERE d.file_id = other.file_id))
        ) THEN
            RAISE EXCEPTION 'an order of file % leaves in another one', NEW.file_id USING ERRCODE = 'check_violation';
        END IF;
        RETURN NULL;
    END $$
    """,
    *(
        f"""
        DO $$ BEGIN
            EXECUTE format('ALTER FUNCTION {name}() SET search_path = %I, pg_temp', current_schema());
        END $$
        """
        # The second was made after the others had been told to look for temporary tables last.
        for name in ("leaves_in_one_file", "require_left_of_order")
    ),
    """
    CREATE TRIGGER leaves_in_one_file AFTER INSERT ON payment_download
        FOR EACH ROW EXECUTE FUNCTION leaves_in_one_file()
    """,
    """
    CREATE TRIGGER leaves_in_one_file AFTER INSERT ON payment_file_item
        FOR EACH ROW WHEN (NEW.attempt_no > 1) EXECUTE FUNCTION leaves_in_one_file()
    """,
)


def upgrade() -> None:
    """What leaves is the last file that holds an order, and none once another one has left."""
    for statement in _STATEMENTS:
        op.execute(statement)
