"""Matches by hand: proposed by one person, decided by another, and claims undone the same way."""

from sqlalchemy import (
    BigInteger,
    CheckConstraint,
    Column,
    Date,
    ForeignKey,
    ForeignKeyConstraint,
    Index,
    Integer,
    Table,
    Text,
    UniqueConstraint,
    text,
)
from sqlalchemy.dialects.postgresql import JSONB, UUID

from ledger.tables.metadata import instant, metadata

proposal = Table(
    "proposal",
    metadata,
    Column("id", UUID(as_uuid=True), primary_key=True),
    Column("admdvs", Text, nullable=False),
    Column("state", Text, nullable=False),
    Column("reason", Text, nullable=False, comment="why the proposer holds it to be right"),
    Column("list_digest", Text, comment="SHA-256, hex, of the remittance list that it was made from"),
    Column("proposed_by", Text, nullable=False),
    instant("proposed_at"),
    Column("decided_by", Text),
    instant("decided_at", nullable=True),
    Column("decision_reason", Text),
    Column("version", Integer, nullable=False, server_default="1"),
    CheckConstraint("state IN ('proposed', 'approved', 'rejected', 'superseded')", name="state"),
    CheckConstraint("decided_by IS NULL OR decided_by <> proposed_by", name="two_people"),
    CheckConstraint("(state IN ('approved', 'rejected')) = (decided_by IS NOT NULL)", name="decided"),
    CheckConstraint("state <> 'rejected' OR decision_reason IS NOT NULL", name="rejection_has_reason"),
    UniqueConstraint("id", "state", name="uq_proposal_state"),
    Index("ix_proposal_recent", "admdvs", "proposed_at", "id"),
    Index("ix_proposal_open", "admdvs", postgresql_where=text("state = 'proposed'")),
)

proposal_part = Table(
    "proposal_part",
    metadata,
    Column("proposal_id", UUID(as_uuid=True), ForeignKey("proposal.id"), primary_key=True),
    Column("part_no", Integer, primary_key=True),
    Column("line_id", ForeignKey("statement_line.id"), nullable=False),
    Column("obligation_id", ForeignKey("obligation.id"), nullable=False),
    Column("kind", Text, nullable=False),
    Column("amount_fen", BigInteger, nullable=False),
    Column("undoes", ForeignKey("claim.id"), comment="the claim that is to be undone; null for one to be made"),
    Column("evidence", JSONB(none_as_null=True), comment="what was compared; null for one that undoes"),
    CheckConstraint("kind IN ('receipt', 'payment', 'return')", name="kind"),
    CheckConstraint("amount_fen > 0", name="amount_positive"),
    Index("ix_proposal_part_line", "line_id"),
    comment="append-only",
)

claim_reversal = Table(
    "claim_reversal",
    metadata,
    Column("claim_id", ForeignKey("claim.id"), primary_key=True),
    Column("admdvs", Text, nullable=False),
    Column("proposal_id", UUID(as_uuid=True), nullable=False),
    Column("proposal_state", Text, nullable=False),
    Column("undone_on", Date, nullable=False, comment="booking day"),
    instant("undone_at"),
    CheckConstraint("proposal_state = 'approved'", name="approved"),
    ForeignKeyConstraint(
        ["proposal_id", "proposal_state"],
        ["proposal.id", "proposal.state"],
        name="fk_claim_reversal_approved_proposal",
    ),
    comment="append-only; a trigger notes the day on the claim",
)
