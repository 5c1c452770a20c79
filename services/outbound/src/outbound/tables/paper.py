"""What paper says of cases, and old cases that were brought in at cut-over."""

from sqlalchemy import CheckConstraint, Column, Date, ForeignKey, Index, Integer, SmallInteger, Table, Text, text
from sqlalchemy.dialects.postgresql import JSONB, UUID

from outbound.tables.metadata import instant, metadata

paper_step = Table(
    "paper_step",
    metadata,
    Column("step_id", UUID(as_uuid=True), primary_key=True),
    Column("rlts_traf_id", Text, ForeignKey("outbound_case.rlts_traf_id"), nullable=False),
    Column("kind", Text, nullable=False),
    Column("sheet_version", SmallInteger, nullable=False),
    Column("on", Date, nullable=False),
    Column("note", Text, nullable=False),
    Column("entered_by", Text, nullable=False),
    Column("entered_name", Text, nullable=False),
    instant("entered_at"),
    Column("scan_digest", Text),
    Column("payee_account", JSONB),
    Column("trafin_psn_no", Text),
    Column("reasons", JSONB, nullable=False),
    Column("cause", Text, comment="of a termination"),
    Column("money_path", Text),
    Column("addendum_no", SmallInteger, comment="of an addendum that was sent"),
    Column("state", Text, nullable=False),
    Column("decided_by", Text),
    Column("decided_name", Text),
    instant("decided_at", nullable=True),
    Column("reason", Text),
    CheckConstraint(
        "kind IN ('dispatch', 'completion', 'return', 'withdrawal', 'termination', 'addendum')", name="kind_known"
    ),
    CheckConstraint("(kind = 'addendum') = (addendum_no IS NOT NULL)", name="addendum_has_number"),
    CheckConstraint("state IN ('entered', 'approved', 'rejected')", name="state_known"),
    CheckConstraint("(state = 'entered') = (decided_by IS NULL)", name="decided_by_somebody"),
    CheckConstraint("decided_by IS NULL OR decided_by <> entered_by", name="two_people"),
    CheckConstraint("(kind = 'termination') = (cause IS NOT NULL AND money_path IS NOT NULL)", name="end_has_cause"),
    Index("ix_paper_step_case", "rlts_traf_id", "step_id"),
    Index("ux_paper_step_open", "rlts_traf_id", unique=True, postgresql_where=text("state = 'entered'")),
)

old_case = Table(
    "old_case",
    metadata,
    Column("rlts_traf_id", Text, ForeignKey("outbound_case.rlts_traf_id"), primary_key=True),
    Column("admdvs", Text, nullable=False),
    Column("refs", JSONB, nullable=False, comment="its numbers in the systems used before"),
    Column("import_key", Text, nullable=False),
    Column("import_line", Integer, nullable=False),
    Column("row_digest", Text, nullable=False, comment="SHA-256, hex, of the line"),
    Column("entered_by", Text, nullable=False),
    instant("entered_at"),
    Index("ux_old_case_line", "admdvs", "import_key", "import_line", unique=True),
    Index("ix_old_case_refs", "refs", postgresql_using="gin"),
)
