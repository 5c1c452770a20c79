"""The case itself: what was accepted, the sheets and addenda that came, what happened."""

from sqlalchemy import (
    BigInteger,
    Boolean,
    CheckConstraint,
    Column,
    Date,
    Identity,
    Index,
    Integer,
    SmallInteger,
    Table,
    Text,
    text,
)
from sqlalchemy.dialects.postgresql import JSONB, UUID

from inbound.tables.metadata import instant, metadata

_FALSE, _ZERO = text("false"), text("0")
RUNNING = "state IN ('received', 'submitted', 'approved')"

inbound_case = Table(
    "inbound_case",
    metadata,
    Column("rlts_traf_id", Text, primary_key=True),
    Column("trafin_admdvs", Text, nullable=False),
    Column("trafout_admdvs", Text, nullable=False),
    Column("trafin_insutype", Text, nullable=False),
    Column("trafout_insutype", Text, nullable=False),
    Column("psn_name", Text, nullable=False),
    Column("psn_cert_type", Text, nullable=False),
    Column("certno", Text, nullable=False),
    Column("trafin_psn_no", Text),
    Column("trafin_rlts_id", Text),
    Column("state", Text, nullable=False),
    Column("acct_disposition", Text, nullable=False),
    instant("accepted_at", nullable=False),
    Column("total_due_on", Date),
    Column("version", Integer, nullable=False),
    Column("sheet_version", Integer, nullable=False),
    Column("sheet_amount", BigInteger, nullable=False, comment="fen"),
    Column("obligation_no", Integer, nullable=False),
    Column("is_payable", Boolean, nullable=False),
    Column("addenda_amount", BigInteger, nullable=False, server_default=_ZERO, comment="fen"),
    Column("error_count", Integer, nullable=False),
    Column("difference_count", Integer, nullable=False),
    instant("received_at"),
    Column("inbound_due_on", Date),
    Column("is_due_provisional", Boolean, nullable=False),
    Column("decision", Text),
    Column("reasons", JSONB, nullable=False),
    Column("memo", Text),
    Column("submitted_by", Text),
    Column("submitted_name", Text),
    instant("submitted_at"),
    Column("reviewed_by", Text),
    Column("reviewed_name", Text),
    instant("reviewed_at"),
    Column("needs_two_people", Boolean, nullable=False),
    Column("is_automatic", Boolean, nullable=False),
    instant("completed_at"),
    instant("corrected_at"),
    Column("core_failure", Text),
    Column("origin", Text, nullable=False, server_default="electronic", comment="electronic or paper"),
    Column("clock_started_on", Date),
    Column("clock_days", SmallInteger),
    Column("total_days", SmallInteger),
    Column("warn_on", Date),
    Column("warned_for", Date),
    Column("overdue_for", Date),
    Index("ix_inbound_case_to_warn", "warn_on", postgresql_where=text(RUNNING)),
    Index(
        "ix_inbound_case_to_count",
        "rlts_traf_id",
        postgresql_where=text("is_due_provisional OR (clock_days IS NOT NULL AND warn_on IS NULL)"),
    ),
    CheckConstraint(
        "state IN ('announced', 'received', 'submitted', 'approved', 'completed', 'returned', 'withdrawn',"
        " 'terminated')",
        name="state_known",
    ),
    CheckConstraint(
        "reviewed_by IS NULL OR is_automatic OR NOT needs_two_people OR reviewed_by <> submitted_by",
        name="two_people",
    ),
    CheckConstraint("NOT is_automatic OR difference_count = 0", name="automatic_only_without_difference"),
    CheckConstraint(
        # What the outbound recalled is returned without a decision of ours.
        "state NOT IN ('approved', 'completed', 'returned') OR (state = 'returned' AND decision IS NULL)"
        " OR (submitted_by IS NOT NULL AND reviewed_by IS NOT NULL)",
        name="decided_by_people",
    ),
    CheckConstraint("state <> 'completed' OR completed_at IS NOT NULL", name="completed_has_time"),
    Index("ix_inbound_case_person", "trafin_admdvs", "trafin_psn_no"),
    Index("ix_inbound_case_number", "trafin_admdvs", "rlts_traf_id"),
    Index("ix_inbound_case_worklist", "trafin_admdvs", "state", "inbound_due_on", "rlts_traf_id"),
    Index("ix_inbound_case_agency", "trafin_admdvs", text("coalesce(inbound_due_on, '9999-12-31')"), "rlts_traf_id"),
)

accepted_application = Table(
    "accepted_application",
    metadata,
    Column("rlts_traf_id", Text, primary_key=True),
    Column("accepted", JSONB, nullable=False, comment="TransferAccepted as it came: application, facts, dates"),
    instant("recorded_at", nullable=False),
)

received_sheet = Table(
    "received_sheet",
    metadata,
    Column("rlts_traf_id", Text, primary_key=True),
    Column("sheet_version", Integer, primary_key=True),
    Column("sealed_sheet", Text, nullable=False, comment="JWS text exactly as signed"),
    Column("arrival", Text, nullable=False, comment="the platform's countersignature"),
    Column("sheet_digest", Text, nullable=False),
    Column("sheet", JSONB, nullable=False, comment="what the seal covers, parsed for queries and pages"),
    Column("findings", JSONB, nullable=False),
    Column("differences", JSONB, nullable=False),
    instant("received_at", nullable=False),
)

received_addendum = Table(
    "received_addendum",
    metadata,
    Column("rlts_traf_id", Text, primary_key=True),
    Column("addendum_no", Integer, primary_key=True, autoincrement=False),
    Column("sealed_addendum", Text, nullable=False, comment="JWS text exactly as signed"),
    Column("arrival", Text, nullable=False, comment="the platform's countersignature"),
    Column("digest", Text, nullable=False),
    Column("amount", BigInteger, nullable=False, comment="fen"),
    Column("cause", Text, nullable=False),
    Column("reason", Text, nullable=False),
    instant("received_at", nullable=False),
)

case_history = Table(
    "case_history",
    metadata,
    Column("position", BigInteger, Identity(always=True), primary_key=True),
    Column("rlts_traf_id", Text, nullable=False),
    Column("what", Text, nullable=False),
    Column("from_state", Text),
    Column("to_state", Text, nullable=False),
    Column("sheet_version", Integer, nullable=False),
    Column("opter_id", Text, nullable=False),
    Column("opter_name", Text, nullable=False),
    Column("reason", Text),
    Column("message_id", UUID(as_uuid=True)),
    instant("occurred_at", nullable=False),
    Index("ix_case_history_case", "rlts_traf_id", "position"),
    Index("ix_case_history_occurred_at", "occurred_at", postgresql_using="brin"),
)
