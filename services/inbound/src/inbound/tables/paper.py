"""Sheets that came on paper, entered by one clerk and confirmed by another."""

from sqlalchemy import CheckConstraint, Column, Date, Index, Integer, Table, Text, text
from sqlalchemy.dialects.postgresql import JSONB, UUID

from inbound.tables.metadata import instant, metadata

paper_entry = Table(
    "paper_entry",
    metadata,
    Column("entry_id", UUID(as_uuid=True), primary_key=True),
    Column("admdvs", Text, nullable=False),
    Column("rlts_traf_id", Text, nullable=False),
    Column("trafout_admdvs", Text, nullable=False),
    Column("trafout_insutype", Text, nullable=False),
    Column("sheet", JSONB, nullable=False, comment="the 信息表 as typed from paper"),
    Column("applied_on", Date, nullable=False),
    Column("received_on", Date, nullable=False),
    Column("scan_digest", Text, nullable=False),
    Column("paper_number", Text),
    Column("payer_account", JSONB),
    Column("refs", JSONB, nullable=False),
    Column("trafin_psn_no", Text, nullable=False),
    Column("entered_by", Text, nullable=False),
    Column("entered_name", Text, nullable=False),
    instant("entered_at", nullable=False),
    Column("state", Text, nullable=False),
    Column("decided_by", Text),
    Column("decided_name", Text),
    instant("decided_at"),
    Column("reason", Text),
    Column("row_version", Integer, nullable=False),
    Column("import_key", Text, comment="the cut-over import that brought it"),
    Column("import_line", Integer),
    Column("row_digest", Text, comment="SHA-256, hex, of the line"),
    CheckConstraint("state IN ('entered', 'confirmed', 'rejected')", name="state_known"),
    CheckConstraint("(state = 'entered') = (decided_by IS NULL)", name="decided_by_somebody"),
    CheckConstraint("decided_by IS NULL OR decided_by <> entered_by", name="two_people"),
    Index("ix_paper_entry_agency", "admdvs", "state", "entry_id"),
    Index("ix_paper_entry_person", "admdvs", "trafin_psn_no"),
    Index("ix_paper_entry_refs", "refs", postgresql_using="gin"),
    Index(
        "ux_paper_entry_import_line",
        "admdvs",
        "import_key",
        "import_line",
        unique=True,
        postgresql_where=text("import_key IS NOT NULL"),
    ),
)
