"""Look for tables in our schema first also where it is asked what an order still has to return (0043 says why)."""

from alembic import op

revision = "0048"
down_revision = "0047"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Name the schema that the tables are in, and the temporary tables after it."""
    op.execute(
        """
        DO $$ BEGIN
            EXECUTE format('ALTER FUNCTION require_left_of_order() SET search_path = %I, pg_temp', current_schema());
        END $$
        """
    )
