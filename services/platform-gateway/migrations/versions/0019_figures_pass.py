"""How far the day's own comparison of all reported cases has come."""

from alembic import op

from shared.database import grants

revision = "0019"
down_revision = "0018"
branch_labels = None
depends_on = None

_CREATE = """
    CREATE TABLE figures_pass (
        is_only boolean NOT NULL,
        begun_on date NOT NULL,
        after text[] NOT NULL,
        CONSTRAINT pk_figures_pass PRIMARY KEY (is_only),
        CONSTRAINT ck_figures_pass_is_only CHECK (is_only)
    )
"""


def upgrade() -> None:
    """One row, made when the first day begins."""
    op.execute(_CREATE)
    grants.writable(op, "figures_pass")
