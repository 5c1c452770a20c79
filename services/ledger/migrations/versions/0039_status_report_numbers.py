"""Two banks of one agency may number their status reports alike: a number is known with the file that it answers."""

from alembic import op

revision = "0039"
down_revision = "0038"
branch_labels = None
depends_on = None

_CHANGE = """
    ALTER TABLE status_report
        DROP CONSTRAINT uq_status_report_admdvs_message_id,
        ADD CONSTRAINT uq_status_report_admdvs_message_id_original_message_id
            UNIQUE (admdvs, message_id, original_message_id)
"""


def upgrade() -> None:
    """Widen the constraint."""
    op.execute(_CHANGE)
