"""Benefits decisions and assessments of years, each version kept; and which decisions are still open.

Revision ID: 0007
"""

from alembic import op

from shared.agency import schema
from shared.database import grants

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None

_CREATE = (
    """
    CREATE TABLE benefits_decision (
        rlts_traf_id TEXT NOT NULL,
        version INTEGER NOT NULL,
        stage TEXT NOT NULL,
        cause TEXT NOT NULL,
        admdvs TEXT NOT NULL,
        psn_no TEXT,
        sheet_version INTEGER NOT NULL,
        facts JSONB NOT NULL,
        decision JSONB NOT NULL,
        policy_version TEXT NOT NULL,
        decided_at TIMESTAMP WITH TIME ZONE NOT NULL,
        CONSTRAINT pk_benefits_decision PRIMARY KEY (rlts_traf_id, version),
        CONSTRAINT ck_benefits_decision_stage_known CHECK (stage IN ('preview', 'provisional', 'final'))
    )
    """,
    "CREATE INDEX ix_benefits_decision_person ON benefits_decision (admdvs, psn_no)",
    """
    CREATE TABLE open_benefits (
        rlts_traf_id TEXT NOT NULL,
        admdvs TEXT NOT NULL,
        psn_no TEXT NOT NULL,
        back_pay_until DATE,
        looked_at TIMESTAMP WITH TIME ZONE NOT NULL,
        CONSTRAINT pk_open_benefits PRIMARY KEY (rlts_traf_id)
    )
    """,
    "CREATE INDEX ix_open_benefits_until ON open_benefits (back_pay_until)",
    """
    COMMENT ON TABLE open_benefits IS
        'provisional decisions: looked at again when the core has pushed the person, or the day has passed'
    """,
    """
    CREATE TABLE years_assessment (
        rlts_traf_id TEXT NOT NULL,
        version INTEGER NOT NULL,
        admdvs TEXT NOT NULL,
        psn_no TEXT,
        sheet_version INTEGER NOT NULL,
        assessment JSONB NOT NULL,
        policy_version TEXT NOT NULL,
        decided_at TIMESTAMP WITH TIME ZONE NOT NULL,
        CONSTRAINT pk_years_assessment PRIMARY KEY (rlts_traf_id, version)
    )
    """,
    "CREATE INDEX ix_years_assessment_person ON years_assessment (admdvs, psn_no)",
)


def upgrade() -> None:
    """Create the tables, and let the core say that an interruption has been paid for."""
    schema.report_back_payments(op)
    for statement in _CREATE:
        op.execute(statement)
    grants.writable(op, "open_benefits")
    grants.append_only(op, "benefits_decision", "years_assessment")
