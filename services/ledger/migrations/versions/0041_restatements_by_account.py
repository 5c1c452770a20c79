"""One file may be taken for the statement of either of two accounts: what it corrects is known with its account."""

from alembic import op

revision = "0041"
down_revision = "0040"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Widen the index."""
    op.execute("DROP INDEX uq_restatement_digest")
    op.execute(
        "CREATE UNIQUE INDEX uq_restatement_digest ON restatement (admdvs, bank_account_id, digest)"
        " WHERE state <> 'rejected'"
    )
