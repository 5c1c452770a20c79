"""What each case is decided under, so that a policy file that reaches back in time changes no old case."""

from alembic import op

from inbound.tables import case_policy, metadata, policy_file
from shared.database import grants

revision = "0010"
down_revision = "0009"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Create the tables; a case from before is pinned when it is decided the next time."""
    metadata.create_all(op.get_bind(), tables=[case_policy, policy_file])
    grants.append_only(op, case_policy.name, policy_file.name)
