"""What matching has found and nobody was told of yet: committed with the match, told by and by."""

from alembic import op

from shared.database import grants

revision = "0014"
down_revision = "0013"
branch_labels = None
depends_on = None

_CREATE = (
    """
    CREATE TABLE untold (
        id BIGINT GENERATED ALWAYS AS IDENTITY,
        admdvs TEXT NOT NULL,
        kind TEXT NOT NULL,
        line_id BIGINT NOT NULL,
        rlts_traf_id TEXT NOT NULL,
        amount_fen BIGINT NOT NULL,
        booked_on DATE NOT NULL,
        return_reason TEXT,
        is_matched BOOLEAN NOT NULL,
        reason_before TEXT,
        obligation_no TEXT,
        is_owed_return BOOLEAN NOT NULL,
        reason TEXT,
        end_to_end_id TEXT,
        found_at TIMESTAMP WITH TIME ZONE NOT NULL,
        CONSTRAINT pk_untold PRIMARY KEY (id)
    )
    """,
    "COMMENT ON TABLE untold IS 'what matching found and nobody was told of yet; a row goes with the message'",
    "CREATE INDEX ix_untold_case ON untold (rlts_traf_id, admdvs)",
)


def upgrade() -> None:
    """Create the table."""
    for statement in _CREATE:
        op.execute(statement)
    grants.writable(op, "untold")
