"""No more is written off of an obligation than it is still owed."""

from alembic import op

revision = "0021"
down_revision = "0020"
branch_labels = None
depends_on = None

_CREATE = (
    """
    CREATE FUNCTION require_left_of_obligation() RETURNS trigger LANGUAGE plpgsql SET search_path FROM CURRENT AS $$
    BEGIN
        PERFORM FROM obligation WHERE id = NEW.obligation_id FOR UPDATE;
        IF EXISTS (
            SELECT FROM obligation o
            WHERE o.id = NEW.obligation_id
              AND o.due_fen < coalesce((SELECT sum(amount_fen) FROM claim
                                        WHERE obligation_id = o.id AND kind <> 'return' AND undone_on IS NULL), 0)
                  + coalesce((SELECT sum(amount_fen) FROM clearing WHERE obligation_id = o.id), 0)
        ) THEN
            RAISE EXCEPTION 'an obligation has not that much left to write off' USING ERRCODE = 'check_violation';
        END IF;
        RETURN NULL;
    END $$
    """,
    """
    CREATE TRIGGER clearing_is_owed AFTER INSERT ON clearing
    FOR EACH ROW WHEN (NEW.obligation_id IS NOT NULL) EXECUTE FUNCTION require_left_of_obligation()
    """,
)


def upgrade() -> None:
    """Create the trigger."""
    for statement in _CREATE:
        op.execute(statement)
