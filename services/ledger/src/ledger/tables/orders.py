"""Payment orders and the batches in which two people release them.

An order is released only with a batch that one person made and another approved: the composite foreign key ties
both names to the batch, the checks make them differ.
"""

from sqlalchemy import (
    BigInteger,
    CheckConstraint,
    Column,
    Date,
    ForeignKey,
    ForeignKeyConstraint,
    Identity,
    Index,
    Integer,
    Table,
    Text,
    UniqueConstraint,
    text,
)
from sqlalchemy.dialects.postgresql import UUID

from ledger.tables.metadata import instant, metadata

payment_batch = Table(
    "payment_batch",
    metadata,
    Column("id", UUID(as_uuid=True), primary_key=True),
    Column("admdvs", Text, nullable=False),
    Column("state", Text, nullable=False),
    Column("proposed_by", Text, nullable=False),
    instant("proposed_at"),
    Column("decided_by", Text),
    instant("decided_at", nullable=True),
    Column("reason", Text),
    Column("version", Integer, nullable=False, server_default="1"),
    CheckConstraint("state IN ('proposed', 'released', 'rejected')", name="state"),
    CheckConstraint("decided_by IS NULL OR decided_by <> proposed_by", name="two_people"),
    CheckConstraint("(state = 'proposed') = (decided_by IS NULL)", name="decided"),
    CheckConstraint("state <> 'rejected' OR reason IS NOT NULL", name="rejection_has_reason"),
    UniqueConstraint("id", "proposed_by", "decided_by", name="uq_payment_batch_people"),
    Index("ix_payment_batch_recent", "admdvs", "proposed_at", "id"),
)

payment_order = Table(
    "payment_order",
    metadata,
    Column("id", UUID(as_uuid=True), primary_key=True),
    Column("admdvs", Text, nullable=False),
    Column("obligation_id", ForeignKey("obligation.id")),
    Column("returns_line_id", ForeignKey("statement_line.id"), comment="the received line that it gives back"),
    Column("rlts_traf_id", Text),
    Column("obligation_no", Text),
    Column("end_to_end_id", Text, nullable=False),
    Column("remittance_note", Text, nullable=False),
    Column("match_name", Text, nullable=False),
    Column("amount_fen", BigInteger, nullable=False),
    Column("payer_bankacct", Text, nullable=False),
    Column("payee_bankacct", Text, nullable=False),
    Column("payee_acctname", Text, nullable=False),
    Column("payee_bankcode", Text),
    Column("state", Text, nullable=False),
    Column("batch_id", UUID(as_uuid=True), ForeignKey("payment_batch.id")),
    Column("proposed_by", Text),
    Column("released_by", Text),
    instant("released_at", nullable=True),
    Column("paid_on", Date),
    instant("created_at"),
    Column("version", Integer, nullable=False, server_default="1"),
    Column("attempt", Integer, nullable=False, server_default="1"),
    Column(
        "reissue_of",
        UUID(as_uuid=True),
        ForeignKey("payment_order.id"),
        comment="refused or come back; this one pays anew",
    ),
    Column("reissue_reason", Text),
    Column("reissued_by", Text),
    Column("bank_status", Text, comment="the bank's last word in a status report, ISO code"),
    Column("rejection_code", Text),
    Column("rejection_text", Text),
    Column("rejected_by", Text),
    instant("rejected_at", nullable=True),
    CheckConstraint("amount_fen > 0", name="amount_positive"),
    CheckConstraint("length(end_to_end_id) <= 35", name="end_to_end_id"),
    CheckConstraint("num_nonnulls(obligation_id, returns_line_id) = 1", name="pays_or_returns"),
    CheckConstraint(
        "obligation_id IS NULL OR (obligation_no IS NOT NULL AND rlts_traf_id IS NOT NULL)", name="obligation_named"
    ),
    CheckConstraint(
        "state IN ('ready', 'held', 'awaiting_funds', 'proposed', 'released', 'paid', 'returned', 'rejected',"
        " 'cancelled')",
        name="state",
    ),
    CheckConstraint(
        "state NOT IN ('released', 'paid', 'returned', 'rejected') OR"
        " (batch_id IS NOT NULL AND proposed_by IS NOT NULL AND released_by IS NOT NULL)",
        name="released_by_batch",
    ),
    CheckConstraint("released_by IS NULL OR released_by <> proposed_by", name="two_people"),
    CheckConstraint(
        "(state = 'rejected') = (rejected_at IS NOT NULL) AND (rejected_at IS NULL) = (rejected_by IS NULL)",
        name="rejected",
    ),
    CheckConstraint(
        "(reissue_of IS NULL) = (attempt = 1) AND (reissue_of IS NULL) = (reissue_reason IS NULL)"
        " AND (reissue_of IS NULL) = (reissued_by IS NULL)",
        name="reissued",
    ),
    ForeignKeyConstraint(
        ["batch_id", "proposed_by", "released_by"],
        ["payment_batch.id", "payment_batch.proposed_by", "payment_batch.decided_by"],
        name="fk_payment_order_batch_people",
    ),
    UniqueConstraint("admdvs", "end_to_end_id"),
    # An obligation can never be paid twice: at most one order that may still pay it, or has and did not come back.
    Index(
        "uq_payment_order_live",
        "obligation_id",
        unique=True,
        postgresql_where=text("state NOT IN ('cancelled', 'rejected', 'returned')"),
    ),
    Index(
        "uq_payment_order_reissue_of",
        "reissue_of",
        unique=True,
        postgresql_where=text("reissue_of IS NOT NULL AND state <> 'cancelled'"),
    ),
    # What came in never goes back twice: one open return of a line at a time, and its claims say what has gone.
    Index(
        "uq_payment_order_open_return",
        "returns_line_id",
        unique=True,
        postgresql_where=text("state IN ('ready', 'held', 'awaiting_funds', 'proposed', 'released')"),
    ),
    Index(
        "ix_payment_order_released_return",
        "admdvs",
        "state",
        postgresql_where=text("returns_line_id IS NOT NULL AND state IN ('released', 'paid')"),
    ),
    Index("ix_payment_order_return", "returns_line_id", postgresql_where=text("returns_line_id IS NOT NULL")),
    Index("ix_payment_order_state", "admdvs", "state", "created_at", "id"),
    Index("ix_payment_order_recent", "admdvs", "created_at", "id"),
    Index("ix_payment_order_obligation", "obligation_id", "attempt"),
    Index("ix_payment_order_case", "rlts_traf_id", "admdvs"),
    Index("ix_payment_order_batch", "batch_id", postgresql_where=text("batch_id IS NOT NULL")),
)

payment_batch_item = Table(
    "payment_batch_item",
    metadata,
    Column("batch_id", UUID(as_uuid=True), ForeignKey("payment_batch.id"), primary_key=True),
    Column("order_id", UUID(as_uuid=True), ForeignKey("payment_order.id"), primary_key=True),
    Column("amount_fen", BigInteger, nullable=False),
    comment="what a batch held when it was proposed; append-only",
)

order_event = Table(
    "order_event",
    metadata,
    Column("id", BigInteger, Identity(always=True), primary_key=True),
    Column("order_id", UUID(as_uuid=True), ForeignKey("payment_order.id"), nullable=False),
    instant("at"),
    Column("by", Text, nullable=False, comment="bank, or who did it"),
    Column("what", Text, nullable=False),
    Column("reason", Text),
    CheckConstraint("what IN ('rejected', 'rejection_withdrawn', 'reissued')", name="what"),
    Index("ix_order_event_order", "order_id", "id"),
    comment="append-only",
)
