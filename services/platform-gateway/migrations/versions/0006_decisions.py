"""What a verdict rests on, and applications that no case arose from."""

from alembic import op

from shared.database import grants

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None

_CHANGES = (
    "ALTER TABLE transfer_case ADD COLUMN decision JSONB",
    """
    CREATE TABLE answer_without_case (
        answer_id UUID NOT NULL,
        answered_at TIMESTAMP WITH TIME ZONE NOT NULL,
        outcome VARCHAR(12) NOT NULL,
        trafout_admdvs VARCHAR(6) NOT NULL,
        trafin_admdvs VARCHAR(6) NOT NULL,
        trafout_insutype VARCHAR(3) NOT NULL,
        trafin_insutype VARCHAR(3) NOT NULL,
        reasons JSONB NOT NULL,
        CONSTRAINT pk_answer_without_case PRIMARY KEY (answer_id)
    )
    """,
    "CREATE INDEX ix_answer_without_case_at ON answer_without_case (answered_at, answer_id)",
)


def upgrade() -> None:
    """Add the column and the table."""
    for statement in _CHANGES:
        op.execute(statement)
    grants.append_only(op, "answer_without_case")
