"""Benefits decisions and assessments of years, each version kept; and which decisions are still open.

Revision ID: 0007
"""

from alembic import op

from inbound.tables import benefits_decision, metadata, open_benefits, years_assessment
from shared.agency import schema
from shared.database import grants

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Create the tables, and let the core say that an interruption has been paid for."""
    schema.report_back_payments(op)
    metadata.create_all(op.get_bind(), tables=[open_benefits, benefits_decision, years_assessment])
    grants.writable(op, open_benefits.name)
    grants.append_only(op, benefits_decision.name, years_assessment.name)
