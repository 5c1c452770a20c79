"""A case keeps the warnings that its region had made errors when it was taken on."""

from alembic import op

revision = "outbound_0017"
down_revision = "outbound_0016"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Cases that are there follow the policy of the day of their acceptance."""
    op.execute("ALTER TABLE outbound_case ADD COLUMN blocking_warnings JSONB")
    op.execute(
        "COMMENT ON COLUMN outbound_case.blocking_warnings IS"
        " 'codes W… that the region had made errors when the case was taken on'"
    )
