"""What each case is decided under, so that a policy file that reaches back in time changes no old case."""

from alembic import op

from shared.database import grants

revision = "0010"
down_revision = "0009"
branch_labels = None
depends_on = None

_CREATE = (
    """
    CREATE TABLE case_policy (
        rlts_traf_id TEXT NOT NULL,
        policy_version TEXT NOT NULL,
        CONSTRAINT pk_case_policy PRIMARY KEY (rlts_traf_id)
    )
    """,
    "COMMENT ON TABLE case_policy IS 'the region files that a case is decided under, from its first decision on'",
    """
    CREATE TABLE policy_file (
        region TEXT NOT NULL,
        digest TEXT NOT NULL,
        document JSONB NOT NULL,
        CONSTRAINT pk_policy_file PRIMARY KEY (region, digest)
    )
    """,
    """
    COMMENT ON TABLE policy_file IS
        'region files as cases were decided under them; digest is its beginning, as policy versions name it'
    """,
)


def upgrade() -> None:
    """Create the tables; a case from before is pinned when it is decided the next time."""
    for statement in _CREATE:
        op.execute(statement)
    grants.append_only(op, "case_policy", "policy_file")
