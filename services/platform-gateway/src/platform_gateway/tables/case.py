"""Tables of the cases: the case itself, its history, clocks, sheets and money."""

from sqlalchemy import (
    BigInteger,
    Boolean,
    CheckConstraint,
    Column,
    Date,
    DateTime,
    ForeignKey,
    Identity,
    Index,
    Integer,
    String,
    Table,
    Text,
    UniqueConstraint,
    Uuid,
    text,
)
from sqlalchemy.dialects.postgresql import JSONB

from platform_gateway.domain.states import OPEN_STATES
from platform_gateway.tables.metadata import metadata

_INSTANT = DateTime(timezone=True)
_OPEN = ", ".join(f"'{state.value}'" for state in sorted(OPEN_STATES))

transfer_case = Table(
    "transfer_case",
    metadata,
    Column("rlts_traf_id", String(20), primary_key=True),
    Column("lodged", JSONB, nullable=False),
    Column("person_key", Text, nullable=False),
    Column("trafout_admdvs", String(6), nullable=False),
    Column("trafin_admdvs", String(6), nullable=False),
    Column("trafout_insutype", String(3), nullable=False),
    Column("trafin_insutype", String(3), nullable=False),
    Column("applicant_subject", Text, nullable=False),
    Column("applied_at", _INSTANT, nullable=False),
    Column("state", String(24), nullable=False),
    Column("state_since", _INSTANT, nullable=False),
    Column("is_duplicate", Boolean, nullable=False),
    Column("open_rlts_traf_id", String(20)),
    Column("reasons", JSONB, nullable=False),
    Column("unknown_sides", JSONB, nullable=False),
    Column("outbound_check", JSONB),
    Column("inbound_check", JSONB),
    Column("policy_version", Text),
    Column("decision", JSONB),
    Column("acct_disposition", String(24)),
    Column("accepted_at", _INSTANT),
    Column("sheet_version", Integer, nullable=False),
    Column("trafin_psn_no", Text),
    Column("completed_at", _INSTANT),
    Column("relation_ended_on", Date),
    Column("money_state", String(24), nullable=False),
    Column("closed_at", _INSTANT),
    Column("money_path", String(24)),
    Column("correction_state", String(12)),
    Column("corrected_at", _INSTANT),
    Column("benefits", JSONB),
    Column("years", JSONB),
    Column("forwarding", JSONB),
    Column("next_check_at", _INSTANT),
    Column("check_attempts", Integer, nullable=False),
    Column("handover_message_id", Uuid),
    Column("origin", String(10), nullable=False),
    Column("row_version", Integer, nullable=False),
)
Index(
    "ux_transfer_case_open_relation",
    transfer_case.c.person_key,
    transfer_case.c.trafout_admdvs,
    transfer_case.c.trafout_insutype,
    unique=True,
    postgresql_where=text(f"NOT is_duplicate AND state IN ({_OPEN})"),
)
Index("ix_transfer_case_person", transfer_case.c.person_key, transfer_case.c.applied_at)
Index(
    "ix_transfer_case_outbound_work",
    transfer_case.c.trafout_admdvs,
    transfer_case.c.state,
    transfer_case.c.applied_at,
    transfer_case.c.rlts_traf_id,
)
Index(
    "ix_transfer_case_inbound_work",
    transfer_case.c.trafin_admdvs,
    transfer_case.c.state,
    transfer_case.c.applied_at,
    transfer_case.c.rlts_traf_id,
)
# The daily figures of a side come by ranges of case numbers.
Index("ix_transfer_case_outbound_number", transfer_case.c.trafout_admdvs, transfer_case.c.rlts_traf_id)
Index("ix_transfer_case_inbound_number", transfer_case.c.trafin_admdvs, transfer_case.c.rlts_traf_id)
Index("ix_transfer_case_by_time", transfer_case.c.applied_at, transfer_case.c.rlts_traf_id)
Index("ix_transfer_case_by_applicant", transfer_case.c.applicant_subject, transfer_case.c.applied_at)
Index("ix_transfer_case_to_check", transfer_case.c.next_check_at, postgresql_where=text("state = 'checking'"))
Index(
    "ix_transfer_case_handover",
    transfer_case.c.handover_message_id,
    postgresql_where=text("handover_message_id IS NOT NULL"),
)

UNFINISHED = text("closed_at IS NULL AND state NOT IN ('refused', 'withdrawn', 'terminated')")
"""Cases that something may still happen to, as the partial index below spells it."""
Index("ix_transfer_case_unfinished", transfer_case.c.state, postgresql_where=UNFINISHED)

case_history = Table(
    "case_history",
    metadata,
    Column("history_no", BigInteger, Identity(always=True), primary_key=True),
    Column("rlts_traf_id", ForeignKey(transfer_case.c.rlts_traf_id), nullable=False),
    Column("at", _INSTANT, nullable=False),
    Column("command", String(24), nullable=False),
    Column("from_state", String(24)),
    Column("to_state", String(24), nullable=False),
    Column("is_allowed", Boolean, nullable=False),
    Column("actor", Text, nullable=False),
    Column("reason", Text),
    Column("message_id", Uuid),
    Index("ix_case_history_of_case", "rlts_traf_id", "history_no"),
    # Written in the order of time: one day's lines lie together, and a block range index finds them for nothing.
    Index("ix_case_history_at", "at", postgresql_using="brin"),
)

deadline = Table(
    "deadline",
    metadata,
    Column("rlts_traf_id", ForeignKey(transfer_case.c.rlts_traf_id), primary_key=True),
    Column("kind", String(10), primary_key=True),
    Column("sheet_version", Integer, primary_key=True, autoincrement=False),
    Column("started_on", Date, nullable=False),
    Column("days", Integer, nullable=False),
    Column("due_on", Date, nullable=False),
    Column("warn_on", Date, nullable=False),
    Column("is_provisional", Boolean, nullable=False),
    Column("skipped", JSONB, nullable=False),
    Column("source", Text, nullable=False),
    Column("readings", JSONB, nullable=False, server_default=text("'[]'")),
    Column("stopped_at", _INSTANT),
    Column("warned_at", _INSTANT),
    Column("overdue_at", _INSTANT),
)
"""``sheet_version`` tells the clocks of one kind apart: the version that started it, 0 at acceptance."""
Index(
    "ix_deadline_to_warn",
    deadline.c.warn_on,
    postgresql_where=text("stopped_at IS NULL AND warned_at IS NULL"),
)
Index(
    "ix_deadline_to_call_overdue",
    deadline.c.due_on,
    postgresql_where=text("stopped_at IS NULL AND overdue_at IS NULL"),
)
Index(
    "ix_deadline_provisional",
    deadline.c.started_on,
    postgresql_where=text("is_provisional"),
)
Index("ix_deadline_running_by_due", deadline.c.due_on, postgresql_where=text("stopped_at IS NULL"))

sheet = Table(
    "sheet",
    metadata,
    Column("rlts_traf_id", ForeignKey(transfer_case.c.rlts_traf_id), primary_key=True),
    Column("sheet_version", Integer, primary_key=True, autoincrement=False),
    Column("sealed_sheet", Text, nullable=False),
    Column("sheet_digest", String(64), nullable=False),
    Column("arrival", Text, nullable=False),
    Column("arrived_at", _INSTANT, nullable=False),
    Column("amount", BigInteger, nullable=False),
    Column("acct_disposition", String(24), nullable=False),
    Column("message_id", Uuid, nullable=False),
    Index("ix_sheet_arrived_at", "arrived_at", postgresql_using="brin"),
)

addendum = Table(
    "addendum",
    metadata,
    Column("rlts_traf_id", ForeignKey(transfer_case.c.rlts_traf_id), primary_key=True),
    Column("addendum_no", Integer, primary_key=True, autoincrement=False),
    Column("sealed_addendum", Text, nullable=False),
    Column("digest", String(64), nullable=False),
    Column("arrival", Text, nullable=False),
    Column("arrived_at", _INSTANT, nullable=False),
    Column("amount", BigInteger, nullable=False),
    Column("cause", String(24), nullable=False),
    Column("message_id", Uuid, nullable=False),
)

money_fact = Table(
    "money_fact",
    metadata,
    Column("fact_no", BigInteger, Identity(always=True), primary_key=True),
    Column("rlts_traf_id", ForeignKey(transfer_case.c.rlts_traf_id), nullable=False),
    Column("kind", String(24), nullable=False),
    Column("amount", BigInteger, nullable=False),
    Column("booked_on", Date, nullable=False),
    Column("obligation_no", String(10)),
    Column("receipt_no", String(80)),
    Column("suspense_code", String(80)),
    Column("reason", Text),
    Column("sender", Text, nullable=False),
    Column("message_id", Uuid, nullable=False),
    Column("recorded_at", _INSTANT, nullable=False),
    UniqueConstraint("message_id"),
    Index("ix_money_fact_of_case", "rlts_traf_id", "fact_no"),
    Index("ix_money_fact_booked_on", "booked_on", postgresql_using="brin"),
)

answer_without_case = Table(
    "answer_without_case",
    metadata,
    Column("answer_id", Uuid, primary_key=True),
    Column("answered_at", _INSTANT, nullable=False),
    Column("outcome", String(12), nullable=False),
    Column("trafout_admdvs", String(6), nullable=False),
    Column("trafin_admdvs", String(6), nullable=False),
    Column("trafout_insutype", String(3), nullable=False),
    Column("trafin_insutype", String(3), nullable=False),
    Column("reasons", JSONB, nullable=False),
    Index("ix_answer_without_case_at", "answered_at", "answer_id"),
)
"""Applications that no case arose from: ``not_needed`` (A05) and ``not_taken`` (A06, A07, A11, A14); nobody's data."""

application_batch = Table(
    "application_batch",
    metadata,
    Column("batch_id", Uuid, primary_key=True),
    Column("lodged_by", Text, nullable=False),
    Column("lodged_at", _INSTANT, nullable=False),
    Column("items", JSONB, nullable=False),
)

case_proposal = Table(
    "case_proposal",
    metadata,
    Column("proposal_id", Uuid, primary_key=True),
    Column("rlts_traf_id", ForeignKey(transfer_case.c.rlts_traf_id), nullable=False),
    Column("kind", String(12), nullable=False),
    Column("content", JSONB, nullable=False),
    Column("state", String(10), nullable=False),
    Column("proposed_by", Text, nullable=False),
    Column("proposed_for", String(6), nullable=False),
    Column("proposed_at", _INSTANT, nullable=False),
    Column("decided_by", Text),
    Column("decided_for", String(6)),
    Column("decided_at", _INSTANT),
    CheckConstraint("decided_by IS NULL OR decided_by <> proposed_by", name="two_people"),
    CheckConstraint("state <> 'confirmed' OR decided_by IS NOT NULL", name="confirmed_by_somebody"),
)
"""What one person proposes and another confirms: a termination, or the verdict on a case that nobody answers."""
Index(
    "ux_case_proposal_pending",
    case_proposal.c.rlts_traf_id,
    unique=True,
    postgresql_where=text("state = 'pending'"),
)
Index("ix_case_proposal_of_case", case_proposal.c.rlts_traf_id, case_proposal.c.proposed_at)
