"""Statements that the bank has corrected, and the lines that are thereby reversed."""

from sqlalchemy import (
    BigInteger,
    CheckConstraint,
    Column,
    Date,
    ForeignKey,
    Index,
    Integer,
    SmallInteger,
    Table,
    Text,
    UniqueConstraint,
    text,
)
from sqlalchemy.dialects.postgresql import ARRAY, JSONB, UUID

from ledger.tables.metadata import instant, metadata

restatement = Table(
    "restatement",
    metadata,
    Column("id", UUID(as_uuid=True), primary_key=True),
    Column("admdvs", Text, nullable=False),
    Column("bank_account_id", ForeignKey("bank_account.id"), nullable=False),
    Column("digest", Text, nullable=False),
    Column("form", Text, nullable=False),
    Column("size_bytes", BigInteger, nullable=False),
    Column("statement_no", Text, nullable=False),
    Column("told_from", Date, nullable=False),
    Column("period_from", Date, nullable=False),
    Column("period_to", Date, nullable=False),
    Column("part_no", SmallInteger, nullable=False),
    Column("opening_fen", BigInteger, nullable=False),
    Column("closing_fen", BigInteger, nullable=False),
    Column("shift_fen", BigInteger, nullable=False, server_default="0"),
    Column("gone_lines", ARRAY(BigInteger), nullable=False),
    Column("added_lines", JSONB, nullable=False),
    Column("state", Text, nullable=False),
    Column("received_by", Text, nullable=False),
    instant("received_at"),
    Column("reason", Text),
    Column("proposed_by", Text),
    instant("proposed_at", nullable=True),
    Column("decided_by", Text),
    instant("decided_at", nullable=True),
    Column("decision_reason", Text),
    Column("file_id", ForeignKey("statement_file.id")),
    Column("version", Integer, nullable=False, server_default="1"),
    CheckConstraint("state IN ('found', 'proposed', 'approved', 'rejected')", name="state"),
    CheckConstraint(
        "(state = 'found') = (proposed_by IS NULL) AND (proposed_by IS NULL) = (proposed_at IS NULL)"
        " AND (proposed_by IS NULL) = (reason IS NULL)",
        name="proposed",
    ),
    CheckConstraint(
        "(state IN ('approved', 'rejected')) = (decided_by IS NOT NULL)"
        " AND (decided_by IS NULL) = (decided_at IS NULL)",
        name="decided",
    ),
    CheckConstraint("decided_by IS NULL OR decided_by <> proposed_by", name="two_people"),
    CheckConstraint("state <> 'rejected' OR decision_reason IS NOT NULL", name="rejection_has_reason"),
    CheckConstraint("(state = 'approved') = (file_id IS NOT NULL)", name="taken"),
    Index(
        "uq_restatement_digest",
        "admdvs",
        "bank_account_id",
        "digest",
        unique=True,
        postgresql_where=text("state <> 'rejected'"),
    ),
    Index("ix_restatement_recent", "admdvs", "received_at", "id"),
)

restated_line = Table(
    "restated_line",
    metadata,
    Column("line_id", ForeignKey("statement_line.id"), primary_key=True),
    Column("reversed_by", ForeignKey("statement_line.id"), nullable=False),
    Column("restatement_id", UUID(as_uuid=True), ForeignKey("restatement.id"), nullable=False),
    UniqueConstraint("reversed_by"),
    comment="append-only; a line that the bank has taken out of its statement",
)

# The view ``statement_now`` shows statements with the balances that they have by it.
statement_shift = Table(
    "statement_shift",
    metadata,
    Column("statement_id", ForeignKey("statement.id"), primary_key=True),
    Column("restatement_id", UUID(as_uuid=True), ForeignKey("restatement.id"), primary_key=True),
    Column("shift_fen", BigInteger, nullable=False),
    CheckConstraint("shift_fen <> 0", name="moves"),
    comment="append-only; by how much corrections of earlier days move both balances",
)
