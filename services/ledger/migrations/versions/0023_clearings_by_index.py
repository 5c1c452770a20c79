"""The trigger finds a line's clearings by their indexes, however many there are."""

from alembic import op

revision = "0023"
down_revision = "0022"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Replace the function; it refuses what it refused before."""
    op.execute(
        """
        CREATE OR REPLACE FUNCTION require_left_of_line() RETURNS trigger LANGUAGE plpgsql
        SET search_path FROM CURRENT AS $$
        BEGIN
            PERFORM FROM suspense WHERE line_id IN (NEW.credit_line_id, NEW.debit_line_id) ORDER BY line_id FOR UPDATE;
            IF EXISTS (
                SELECT FROM statement_line l
                WHERE l.id IN (NEW.credit_line_id, NEW.debit_line_id)
                  AND l.amount_fen < coalesce((SELECT sum(amount_fen) FROM claim
                                               WHERE line_id = l.id AND undone_on IS NULL), 0)
                      + coalesce((SELECT sum(amount_fen) FROM clearing
                                  WHERE credit_line_id = l.id OR debit_line_id = l.id), 0)
            ) THEN
                RAISE EXCEPTION 'a line has not that much left to clear' USING ERRCODE = 'check_violation';
            END IF;
            RETURN NULL;
        END $$
        """
    )
