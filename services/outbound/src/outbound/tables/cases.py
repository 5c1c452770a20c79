"""Cases with their drafts, sealed sheets, addenda and history."""

from sqlalchemy import (
    BigInteger,
    Boolean,
    CheckConstraint,
    Column,
    Date,
    ForeignKey,
    Identity,
    Index,
    Integer,
    SmallInteger,
    Table,
    Text,
    text,
)
from sqlalchemy.dialects.postgresql import JSONB, UUID

from outbound.tables.metadata import instant, metadata

_STATES = (
    "'accepted', 'drafting', 'submitted', 'approved', 'issued', 'sheet_accepted', 'returned', 'ended', 'withdrawn',"
    " 'terminated'"
)
RUNNING = "state IN ('accepted','drafting','submitted','approved','issued','returned') AND correction_kind IS NULL"


def _case_number() -> Column[object]:
    return Column("rlts_traf_id", Text, ForeignKey("outbound_case.rlts_traf_id"), primary_key=True)


outbound_case = Table(
    "outbound_case",
    metadata,
    Column("rlts_traf_id", Text, primary_key=True),
    Column("admdvs", Text, nullable=False),
    Column("trafin_admdvs", Text, nullable=False),
    Column("trafout_insutype", Text, nullable=False),
    Column("trafin_insutype", Text, nullable=False),
    Column("psn_no", Text, nullable=False),
    Column("psn_insu_rlts_id", Text, nullable=False),
    Column("psn_name", Text, nullable=False),
    Column("psn_cert_type", Text, nullable=False),
    Column("certno", Text, nullable=False),
    Column("acct_disposition", Text, nullable=False),
    Column("has_account", Boolean, nullable=False),
    instant("accepted_at"),
    Column("due_on", Date, nullable=False),
    Column("total_due_on", Date),
    Column("is_due_provisional", Boolean, nullable=False),
    Column("state", Text, nullable=False),
    Column("row_version", Integer, nullable=False),
    Column("sheet_version", SmallInteger, nullable=False),
    Column("approval_no", SmallInteger, nullable=False),
    Column("signing_rule", Text, nullable=False),
    Column("submitter_id", Text),
    Column("submitter_name", Text),
    instant("submitted_at", nullable=True),
    Column("reviewer_id", Text),
    Column("reviewer_name", Text),
    instant("reviewed_at", nullable=True),
    Column("rchk_flag", Text, nullable=False),
    Column("review_reason", Text),
    Column("is_ready_to_seal", Boolean, nullable=False),
    instant("seal_not_before", nullable=True),
    Column("frozen_balc", BigInteger, comment="fen"),
    Column("acctfund_traf_amt", BigInteger, nullable=False, comment="fen"),
    Column("debited_amount", BigInteger, nullable=False, comment="fen"),
    Column("obligation_no", SmallInteger, nullable=False),
    Column("owed_amount", BigInteger, comment="fen; of the last accepted version"),
    Column("is_payment_held", Boolean, nullable=False),
    Column("payment_hold_reason", Text),
    Column("findings", JSONB, nullable=False),
    Column("return_reasons", JSONB, nullable=False),
    Column("trafin_psn_no", Text),
    instant("completed_at", nullable=True),
    Column("ended_on", Date),
    Column("settled_on", Date),
    instant("withdrawn_at", nullable=True),
    Column("correction_kind", Text),
    Column("correction_reason", Text),
    Column("corrected_amount", BigInteger, comment="fen; what the correction states"),
    instant("corrected_at", nullable=True),
    Column("accepted_version", SmallInteger, nullable=False, server_default=text("0")),
    Column("synced_amount", BigInteger, comment="fen"),
    Column("synced_obligation_no", SmallInteger, nullable=False, server_default=text("0")),
    Column("addenda_balc", BigInteger, nullable=False, server_default=text("0"), comment="fen"),
    Column(
        "most_stated",
        BigInteger,
        nullable=False,
        server_default=text("0"),
        comment="fen; by versions whose payment may be under way",
    ),
    Column(
        "shown_amount",
        BigInteger,
        nullable=False,
        server_default=text("0"),
        comment="fen; the part of most_stated that is known to have been paid",
    ),
    Column("recall_reason", Text),
    Column("recall_by", Text),
    instant("recall_asked_at", nullable=True),
    instant("updated_at"),
    Column("clock_started_on", Date),
    Column("clock_days", SmallInteger),
    Column("total_days", SmallInteger),
    Column("warn_on", Date),
    Column("warned_for", Date),
    Column("overdue_for", Date),
    Index("ix_outbound_case_to_warn", "warn_on", postgresql_where=text(RUNNING)),
    Index(
        "ix_outbound_case_to_count",
        "rlts_traf_id",
        postgresql_where=text("is_due_provisional OR (clock_days IS NOT NULL AND warn_on IS NULL)"),
    ),
    Column("origin", Text, nullable=False, server_default="electronic", comment="electronic or paper"),
    Column("blocking_warnings", JSONB, comment="codes W… that the region had made errors when the case was taken on"),
    CheckConstraint(f"state IN ({_STATES})", name="state_known"),
    CheckConstraint("signing_rule IN ('two_people', 'one_person', 'automatic')", name="signing_rule_known"),
    CheckConstraint("rchk_flag IN ('0', '1', '2')", name="rchk_flag_known"),
    # 经办 and 复核 by two people where the agency's setting says so; a rule the code alone could forget.
    CheckConstraint(
        "signing_rule <> 'two_people' OR reviewer_id IS NULL OR reviewer_id <> submitter_id", name="two_people"
    ),
    CheckConstraint(
        "state NOT IN ('approved', 'issued', 'sheet_accepted', 'ended')"
        " OR (submitter_id IS NOT NULL AND reviewer_id IS NOT NULL) OR (state = 'ended' AND ended_on IS NOT NULL)",
        name="handled_before_sealed",
    ),
    CheckConstraint("state = 'approved' OR NOT is_ready_to_seal", name="sealed_only_when_approved"),
    CheckConstraint("acctfund_traf_amt >= 0", name="amount_not_negative"),
    CheckConstraint("correction_kind IN ('correction', 'sealed_in_error')", name="correction_kind_known"),
    CheckConstraint("recall_asked_at IS NULL OR recall_by IS NOT NULL", name="recall_asked_by_somebody"),
    Index("ix_outbound_case_work", "admdvs", "due_on", "rlts_traf_id"),
    Index("ix_outbound_case_state", "admdvs", "state", "due_on", "rlts_traf_id"),
    Index("ix_outbound_case_person", "admdvs", "psn_no"),
    Index("ix_outbound_case_number", "admdvs", "rlts_traf_id"),
    Index("ix_outbound_case_to_seal", "rlts_traf_id", postgresql_where=text("is_ready_to_seal")),
)

accepted_transfer = Table(
    "accepted_transfer",
    metadata,
    _case_number(),
    Column("event", JSONB, nullable=False, comment="TransferAccepted verbatim: application and deciding facts"),
    Column("message_id", UUID(as_uuid=True), nullable=False),
    instant("received_at"),
)

draft_sheet = Table(
    "draft_sheet",
    metadata,
    _case_number(),
    Column("gend", Text, nullable=False),
    Column("tel", Text, nullable=False),
    Column("sheet_rows", JSONB, nullable=False),
    Column("attachment", JSONB, nullable=False),
    Column("is_corrected", Boolean, nullable=False),
    instant("made_at"),
    Column("drafted_on", Date),
    instant("facts_as_of", nullable=True),
)

draft_correction = Table(
    "draft_correction",
    metadata,
    Column("correction_id", BigInteger, Identity(always=True), primary_key=True),
    Column("rlts_traf_id", Text, ForeignKey("outbound_case.rlts_traf_id"), nullable=False),
    Column("sheet_version", SmallInteger, nullable=False),
    instant("corrected_at"),
    Column("opter_id", Text, nullable=False),
    Column("opter_name", Text),
    Column("reason", Text, nullable=False),
    Column("before", JSONB, nullable=False),
    Column("after", JSONB, nullable=False),
    Column("changes", JSONB),
    Index("ix_draft_correction_case", "rlts_traf_id", "correction_id"),
)

sealed_sheet = Table(
    "sealed_sheet",
    metadata,
    _case_number(),
    Column("version", SmallInteger, primary_key=True),
    Column("sealed_sheet", Text, nullable=False, comment="JWS text exactly as signed"),
    Column("sheet_digest", Text, nullable=False),
    Column("kid", Text, nullable=False),
    Column("amount", BigInteger, nullable=False, comment="fen"),
    Column("payer_bankacct", Text, comment="as of sealing"),
    Column("payee_bankacct", Text, comment="as of sealing"),
    instant("sealed_at"),
)

addendum = Table(
    "addendum",
    metadata,
    _case_number(),
    Column("addendum_no", SmallInteger, primary_key=True, autoincrement=False),
    Column("cause", Text, nullable=False),
    Column("reason", Text, nullable=False),
    Column("amount", BigInteger, nullable=False, comment="fen"),
    Column("state", Text, nullable=False),
    Column("proposed_by", Text, nullable=False),
    Column("proposed_name", Text, nullable=False),
    instant("proposed_at"),
    Column("reviewed_by", Text),
    Column("reviewed_name", Text),
    instant("reviewed_at", nullable=True),
    Column("review_reason", Text),
    Column("sealed_addendum", Text, comment="JWS text exactly as signed"),
    Column("arrival", Text, comment="the platform's countersignature"),
    Column("payer_bankacct", Text, comment="as of sealing"),
    Column("payee_bankacct", Text, comment="as of sealing"),
    Column("refusal", Text),
    CheckConstraint(
        "state IN ('proposed', 'rejected', 'approved', 'booked', 'issued', 'accepted', 'refused')", name="state_known"
    ),
    CheckConstraint("amount > 0", name="amount_positive"),
    CheckConstraint("state = 'proposed' OR reviewed_by <> proposed_by", name="two_people"),
    CheckConstraint("state NOT IN ('issued', 'accepted') OR sealed_addendum IS NOT NULL", name="sealed"),
    Index("ix_addendum_to_seal", "rlts_traf_id", postgresql_where=text("state = 'booked'")),
)

sheet_answer = Table(
    "sheet_answer",
    metadata,
    _case_number(),
    Column("version", SmallInteger, primary_key=True),
    Column("outcome", Text, nullable=False),
    Column("arrival", Text, comment="the platform's countersignature"),
    Column("code", Text),
    Column("findings", JSONB),
    Column("message_id", UUID(as_uuid=True), nullable=False),
    instant("answered_at"),
    CheckConstraint("outcome IN ('accepted', 'refused')", name="outcome_known"),
)

sheet_return = Table(
    "sheet_return",
    metadata,
    _case_number(),
    Column("version", SmallInteger, primary_key=True),
    Column("reasons", JSONB, nullable=False),
    Column("message_id", UUID(as_uuid=True), nullable=False),
    instant("returned_at"),
)

payment_fact = Table(
    "payment_fact",
    metadata,
    Column("message_id", UUID(as_uuid=True), primary_key=True),
    Column("rlts_traf_id", Text, ForeignKey("outbound_case.rlts_traf_id"), nullable=False),
    Column("kind", Text, nullable=False),
    Column("obligation_no", Text, nullable=False),
    Column("amount", BigInteger, nullable=False, comment="fen"),
    Column("booked_on", Date, nullable=False),
    Column("reason", Text),
    instant("received_at"),
    CheckConstraint("kind IN ('paid', 'returned')", name="kind_known"),
    Index("ix_payment_fact_case", "rlts_traf_id"),
)

case_history = Table(
    "case_history",
    metadata,
    Column("step_id", BigInteger, Identity(always=True), primary_key=True),
    Column("rlts_traf_id", Text, ForeignKey("outbound_case.rlts_traf_id"), nullable=False),
    Column("name", Text, nullable=False),
    Column("from_state", Text),
    Column("to_state", Text, nullable=False),
    instant("at"),
    Column("actor", Text, nullable=False),
    Column("opter_id", Text),
    Column("opter_name", Text),
    Column("message_id", UUID(as_uuid=True)),
    Column("sheet_version", SmallInteger, nullable=False),
    Column("reason", Text),
    Index("ix_case_history_case", "rlts_traf_id", "step_id"),
    Index("ix_case_history_at", "at", postgresql_using="brin"),
)
