"""The tables of the inbound service; messaging, web, registry and agency records bring their own."""

from sqlalchemy import (
    BigInteger,
    Boolean,
    CheckConstraint,
    Column,
    Date,
    DateTime,
    ForeignKeyConstraint,
    Identity,
    Index,
    Integer,
    SmallInteger,
    Table,
    Text,
    UniqueConstraint,
    text,
)
from sqlalchemy.dialects.postgresql import JSONB, UUID

from shared.database import new_metadata

metadata = new_metadata()
_FALSE, _ZERO = text("false"), text("0")
RUNNING = "state IN ('received', 'submitted', 'approved')"


def _instant(name: str, *, nullable: bool = True) -> Column[object]:
    return Column(name, DateTime(timezone=True), nullable=nullable)


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
    _instant("accepted_at", nullable=False),
    Column("total_due_on", Date),
    Column("version", Integer, nullable=False),
    Column("sheet_version", Integer, nullable=False),
    Column("sheet_amount", BigInteger, nullable=False, comment="fen"),
    Column("obligation_no", Integer, nullable=False),
    Column("is_payable", Boolean, nullable=False),
    Column("addenda_amount", BigInteger, nullable=False, server_default=_ZERO, comment="fen"),
    Column("error_count", Integer, nullable=False),
    Column("difference_count", Integer, nullable=False),
    _instant("received_at"),
    Column("inbound_due_on", Date),
    Column("is_due_provisional", Boolean, nullable=False),
    Column("decision", Text),
    Column("reasons", JSONB, nullable=False),
    Column("memo", Text),
    Column("submitted_by", Text),
    Column("submitted_name", Text),
    _instant("submitted_at"),
    Column("reviewed_by", Text),
    Column("reviewed_name", Text),
    _instant("reviewed_at"),
    Column("needs_two_people", Boolean, nullable=False),
    Column("is_automatic", Boolean, nullable=False),
    _instant("completed_at"),
    _instant("corrected_at"),
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
    Index("ix_inbound_case_worklist", "trafin_admdvs", "state", "inbound_due_on", "rlts_traf_id"),
    Index("ix_inbound_case_agency", "trafin_admdvs", text("coalesce(inbound_due_on, '9999-12-31')"), "rlts_traf_id"),
)

accepted_application = Table(
    "accepted_application",
    metadata,
    Column("rlts_traf_id", Text, primary_key=True),
    Column("accepted", JSONB, nullable=False, comment="TransferAccepted as it came: application, facts, dates"),
    _instant("recorded_at", nullable=False),
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
    _instant("received_at", nullable=False),
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
    _instant("received_at", nullable=False),
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
    _instant("occurred_at", nullable=False),
    Index("ix_case_history_case", "rlts_traf_id", "position"),
)

balance_match = Table(
    "balance_match",
    metadata,
    Column("rlts_traf_id", Text, primary_key=True),
    Column("obligation_no", Text, primary_key=True),
    Column("amount", BigInteger, nullable=False, comment="fen"),
    Column("receipt_no", Text, nullable=False),
    _instant("matched_at", nullable=False),
    _instant("recorded_at", nullable=False),
    UniqueConstraint("rlts_traf_id", "obligation_no", "amount", name="uq_balance_match_amount"),
)

balance_credit = Table(
    "balance_credit",
    metadata,
    Column("rlts_traf_id", Text, primary_key=True),
    Column("obligation_no", Text, primary_key=True),
    Column("amount", BigInteger, nullable=False, comment="fen; all that was matched unless the rest goes back"),
    Column("matched_amount", BigInteger, nullable=False, comment="fen"),
    _instant("opened_at", nullable=False),
    Column("credited_on", Date),
    Column("core_ref", Text),
    Column("core_failure", Text),
    # Never credit before the ledger's match, and never more than it (N9).
    CheckConstraint("amount > 0 AND amount <= matched_amount", name="not_over_match"),
    ForeignKeyConstraint(
        ["rlts_traf_id", "obligation_no", "matched_amount"],
        ["balance_match.rlts_traf_id", "balance_match.obligation_no", "balance_match.amount"],
        name="fk_balance_credit_match",
    ),
)

balance_release = Table(
    "balance_release",
    metadata,
    Column("rlts_traf_id", Text, primary_key=True),
    Column("obligation_no", Text, primary_key=True),
    Column("amount", BigInteger, nullable=False, comment="fen; goes back to the outbound"),
    Column("reversed_amount", BigInteger, nullable=False, comment="fen; taken off the account again first"),
    _instant("decided_at", nullable=False),
    Column("released_on", Date),
    Column("core_ref", Text),
    Column("core_failure", Text),
    CheckConstraint("amount > 0 AND reversed_amount BETWEEN 0 AND amount", name="amounts"),
)

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
    _instant("entered_at", nullable=False),
    Column("state", Text, nullable=False),
    Column("decided_by", Text),
    Column("decided_name", Text),
    _instant("decided_at"),
    Column("reason", Text),
    Column("row_version", Integer, nullable=False),
    CheckConstraint("state IN ('entered', 'confirmed', 'rejected')", name="state_known"),
    CheckConstraint("(state = 'entered') = (decided_by IS NULL)", name="decided_by_somebody"),
    CheckConstraint("decided_by IS NULL OR decided_by <> entered_by", name="two_people"),
    Index("ix_paper_entry_agency", "admdvs", "state", "entry_id"),
    Index("ix_paper_entry_person", "admdvs", "trafin_psn_no"),
    Index("ix_paper_entry_refs", "refs", postgresql_using="gin"),
)

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
    _instant("decided_at", nullable=False),
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
    _instant("decided_at", nullable=False),
    Index("ix_years_assessment_person", "admdvs", "psn_no"),
)

open_benefits = Table(
    "open_benefits",
    metadata,
    Column("rlts_traf_id", Text, primary_key=True),
    Column("admdvs", Text, nullable=False),
    Column("psn_no", Text, nullable=False),
    Column("back_pay_until", Date),
    _instant("looked_at", nullable=False),
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

WRITABLE = (inbound_case, paper_entry, balance_credit, balance_release, open_benefits)
APPEND_ONLY = (
    accepted_application,
    received_sheet,
    received_addendum,
    case_history,
    balance_match,
    benefits_decision,
    years_assessment,
    case_policy,
    policy_file,
)
