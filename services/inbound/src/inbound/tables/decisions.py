"""Benefits and years as they were decided, and the policy files they were decided under."""

from sqlalchemy import Boolean, CheckConstraint, Column, Date, Index, Integer, Table, Text, text
from sqlalchemy.dialects.postgresql import JSONB

from inbound.tables.metadata import instant, metadata

benefits_decision = Table(
    "benefits_decision",
    metadata,
    Column("rlts_traf_id", Text, primary_key=True),
    Column("version", Integer, primary_key=True),
    Column("stage", Text, nullable=False),
    Column("cause", Text, nullable=False),
    Column("admdvs", Text, nullable=False),
    Column("psn_no", Text),
    Column("sheet_version", Integer, nullable=False),
    Column("facts", JSONB, nullable=False),
    Column("decision", JSONB, nullable=False),
    Column("policy_version", Text, nullable=False),
    instant("decided_at", nullable=False),
    CheckConstraint("stage IN ('preview', 'provisional', 'final')", name="stage_known"),
    Index("ix_benefits_decision_person", "admdvs", "psn_no"),
)

years_assessment = Table(
    "years_assessment",
    metadata,
    Column("rlts_traf_id", Text, primary_key=True),
    Column("version", Integer, primary_key=True),
    Column("admdvs", Text, nullable=False),
    Column("psn_no", Text),
    Column("sheet_version", Integer, nullable=False),
    Column("assessment", JSONB, nullable=False),
    Column("policy_version", Text, nullable=False),
    instant("decided_at", nullable=False),
    Index("ix_years_assessment_person", "admdvs", "psn_no"),
)

open_benefits = Table(
    "open_benefits",
    metadata,
    Column("rlts_traf_id", Text, primary_key=True),
    Column("admdvs", Text, nullable=False),
    Column("psn_no", Text, nullable=False),
    Column("back_pay_until", Date),
    instant("looked_at", nullable=False),
    Column("may_back_pay", Boolean, nullable=False, server_default=text("true")),
    instant("asked_at"),
    Index("ix_open_benefits_until", "back_pay_until"),
    comment="provisional decisions: looked at again when the core has pushed the person, or the day has passed",
)

case_policy = Table(
    "case_policy",
    metadata,
    Column("rlts_traf_id", Text, primary_key=True),
    Column("policy_version", Text, nullable=False),
    comment="the region files that a case is decided under, from its first decision on",
)

policy_file = Table(
    "policy_file",
    metadata,
    Column("region", Text, primary_key=True),
    Column("digest", Text, primary_key=True),
    Column("document", JSONB, nullable=False),
    comment="region files as cases were decided under them; digest is its beginning, as policy versions name it",
)
