"""What keeps orders from being paid: changed bank accounts, and funds that have to be asked for (用款申请)."""

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

order_hold = Table(
    "order_hold",
    metadata,
    Column("id", BigInteger, Identity(), primary_key=True),
    Column("order_id", UUID(as_uuid=True), ForeignKey("payment_order.id"), nullable=False),
    Column("admdvs", Text, nullable=False),
    Column("subject", Text, nullable=False, comment="of the alert: whose account, and which"),
    Column("state_before", Text, nullable=False),
    instant("held_at"),
    instant("lifted_at", nullable=True),
    Column("lifted_by", Text),
    Column("adjustment_id", UUID(as_uuid=True), comment="by which two people lifted it"),
    Column("adjustment_state", Text),
    CheckConstraint("(lifted_at IS NULL) = (lifted_by IS NULL)", name="lifted"),
    CheckConstraint(
        "lifted_at IS NULL OR coalesce(adjustment_state, '') = 'approved' AND adjustment_id IS NOT NULL",
        name="lifted_by_two",
    ),
    ForeignKeyConstraint(["adjustment_id", "adjustment_state"], ["adjustment.id", "adjustment.state"]),
    # Held once: what a person has lifted is not held again for the same account.
    UniqueConstraint("order_id", "subject"),
    Index("ix_order_hold_open", "admdvs", "subject", postgresql_where=text("lifted_at IS NULL")),
)

fund_request = Table(
    "fund_request",
    metadata,
    Column("id", UUID(as_uuid=True), primary_key=True),
    Column("admdvs", Text, nullable=False),
    Column("bank_account_id", ForeignKey("bank_account.id"), nullable=False, comment="the 支出户 to be filled"),
    Column("amount_fen", BigInteger, nullable=False),
    Column("state", Text, nullable=False),
    Column("proposed_by", Text, nullable=False),
    instant("proposed_at"),
    Column("decided_by", Text),
    instant("decided_at", nullable=True),
    Column("withdrawn_by", Text),
    instant("withdrawn_at", nullable=True),
    Column("reason", Text),
    Column("line_id", ForeignKey("statement_line.id"), comment="the allotment that answered it, with others perhaps"),
    Column("funded_on", Date),
    Column("version", Integer, nullable=False, server_default="1"),
    CheckConstraint("amount_fen > 0", name="amount_positive"),
    CheckConstraint("state IN ('proposed', 'approved', 'funded', 'rejected', 'withdrawn')", name="state"),
    CheckConstraint("decided_by IS NULL OR decided_by <> proposed_by", name="two_people"),
    CheckConstraint("(state = 'proposed') = (decided_by IS NULL)", name="decided"),
    CheckConstraint("state NOT IN ('rejected', 'withdrawn') OR reason IS NOT NULL", name="rejection_has_reason"),
    CheckConstraint(
        "(state = 'withdrawn') = (withdrawn_by IS NOT NULL) AND (withdrawn_by IS NULL) = (withdrawn_at IS NULL)",
        name="withdrawn",
    ),
    CheckConstraint("withdrawn_by IS NULL OR withdrawn_by <> proposed_by", name="withdrawn_by_another"),
    CheckConstraint(
        "(state = 'funded') = (line_id IS NOT NULL) AND (state = 'funded') = (funded_on IS NOT NULL)",
        name="funded_by_line",
    ),
    Index("ix_fund_request_line", "line_id", postgresql_where=text("line_id IS NOT NULL")),
    Index("ix_fund_request_recent", "admdvs", "proposed_at", "id"),
    Index("ix_fund_request_approved", "bank_account_id", "amount_fen", postgresql_where=text("state = 'approved'")),
)

fund_request_item = Table(
    "fund_request_item",
    metadata,
    Column("request_id", UUID(as_uuid=True), ForeignKey("fund_request.id"), primary_key=True),
    Column("order_id", UUID(as_uuid=True), ForeignKey("payment_order.id"), primary_key=True),
    Column("amount_fen", BigInteger, nullable=False),
    Index("ix_fund_request_item_order", "order_id"),
)
