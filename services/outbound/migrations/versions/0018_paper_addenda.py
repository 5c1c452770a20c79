"""A note of a case on paper may say that an addendum was sent."""

from alembic import op

revision = "outbound_0018"
down_revision = "outbound_0017"
branch_labels = None
depends_on = None

_STATEMENTS = (
    "ALTER TABLE paper_step ADD COLUMN addendum_no SMALLINT",
    "COMMENT ON COLUMN paper_step.addendum_no IS 'of an addendum that was sent'",
    "ALTER TABLE paper_step DROP CONSTRAINT ck_paper_step_kind_known",
    """
    ALTER TABLE paper_step ADD CONSTRAINT ck_paper_step_kind_known
        CHECK (kind IN ('dispatch', 'completion', 'return', 'withdrawal', 'termination', 'addendum'))
    """,
    """
    ALTER TABLE paper_step ADD CONSTRAINT ck_paper_step_addendum_has_number
        CHECK ((kind = 'addendum') = (addendum_no IS NOT NULL))
    """,
)


def upgrade() -> None:
    """Allow the kind, with the addendum's number."""
    for statement in _STATEMENTS:
        op.execute(statement)
