"""Money that waits, and the claims that join bank lines with the business."""

from sqlalchemy import (
    BigInteger,
    Boolean,
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
    text,
)
from sqlalchemy.dialects.postgresql import JSONB, UUID

from ledger.tables.metadata import instant, metadata

suspense = Table(
    "suspense",
    metadata,
    Column("line_id", ForeignKey("statement_line.id"), primary_key=True),
    Column("admdvs", Text, nullable=False),
    Column("kind", Text, nullable=False),
    Column("reason", Text, nullable=False),
    Column("difference_fen", BigInteger, comment="bank line less what is due"),
    Column("owner", Text, nullable=False),
    Column("amount_fen", BigInteger, nullable=False, comment="of the whole line"),
    Column("booked_on", Date, nullable=False),
    instant("opened_at"),
    Column("settled_on", Date, comment="booking day of the claim; open while null"),
    Column("rlts_traf_id", Text),
    Column("assigned_to", Text, comment="clerk who has taken it"),
    Column("version", Integer, nullable=False, server_default="1"),
    Column(
        "returned_order_id",
        UUID(as_uuid=True),
        ForeignKey("payment_order.id"),
        comment="the return to a payer that came back as this line, or was debited by it though refused",
    ),
    Column("claimed_fen", BigInteger, nullable=False, server_default="0", comment="by hand; a trigger keeps it"),
    CheckConstraint("claimed_fen >= 0", name="claimed"),
    Index("ix_suspense_open", "admdvs", "reason", "line_id", postgresql_where=text("settled_on IS NULL")),
    Index(
        "ix_suspense_assigned",
        "admdvs",
        "assigned_to",
        "line_id",
        postgresql_where=text("settled_on IS NULL AND assigned_to IS NOT NULL"),
    ),
    Index(
        "ix_suspense_open_case",
        "rlts_traf_id",
        "admdvs",
        postgresql_where=text("settled_on IS NULL AND rlts_traf_id IS NOT NULL"),
    ),
    Index(
        "ix_suspense_standing",
        "admdvs",
        "booked_on",
        "line_id",
        postgresql_include=["reason", "kind", "amount_fen"],
        postgresql_where=text("settled_on IS NULL"),
    ),
    Index("ix_suspense_settled", "admdvs", "settled_on", "booked_on"),
    Index("ix_suspense_returned_order", "returned_order_id", postgresql_where=text("returned_order_id IS NOT NULL")),
)

suspense_past = Table(
    "suspense_past",
    metadata,
    Column("line_id", ForeignKey("suspense.line_id"), primary_key=True),
    Column("until_on", Date, primary_key=True, comment="the first day that no longer ended with it"),
    Column("admdvs", Text, nullable=False),
    Column("booked_on", Date, nullable=False),
    Column("reason", Text, nullable=False),
    Column("owner", Text, nullable=False),
    Column("difference_fen", BigInteger),
    Index("ix_suspense_past_day", "admdvs", "until_on", postgresql_include=["booked_on", "line_id", "reason"]),
    comment="append-only; a row where an item said something else the day before",
)

suspense_event = Table(
    "suspense_event",
    metadata,
    Column("id", BigInteger, Identity(always=True), primary_key=True),
    Column("admdvs", Text, nullable=False),
    Column("line_id", ForeignKey("suspense.line_id"), nullable=False),
    instant("at"),
    Column("by", Text, nullable=False),
    Column("what", Text, nullable=False),
    Column("reason", Text, comment="a comment's text, or why somebody did it"),
    Column("detail", JSONB, nullable=False),
    Index("ix_suspense_event_line", "line_id", "id"),
    comment="append-only; never leaves the ledger",
)

# As PostgreSQL writes them, line by line: migrations and tables are compared by it.
_SHARE = """(
CASE
    WHEN is_exclusive THEN 0::bigint
    ELSE obligation_id
END)"""
_WHOLE_RECEIPT = """(
CASE
    WHEN is_exclusive AND undone_on IS NULL AND kind = 'receipt'::text THEN 0::bigint
    ELSE id
END)"""

# Line, obligation and order a trigger checks, a set at a time (decision 0082).
claim = Table(
    "claim",
    metadata,
    Column("id", BigInteger, Identity(), primary_key=True),
    Column("admdvs", Text, nullable=False),
    Column("kind", Text, nullable=False),
    Column("line_id", BigInteger, nullable=False),
    Column("obligation_id", BigInteger, nullable=False),
    Column("order_id", UUID(as_uuid=True)),
    Column("amount_fen", BigInteger, nullable=False, comment="the share of the line that this claim takes"),
    Column("is_exclusive", Boolean, nullable=False, comment="the whole line against the whole obligation"),
    Column("claimed_on", Date, nullable=False, comment="booking day"),
    instant("claimed_at"),
    Column("proposal_id", UUID(as_uuid=True), comment="the approved proposal; null where it was automatic"),
    Column("proposal_state", Text),
    Column("undone_on", Date, comment="booking day of its reversal; it stands while null"),
    CheckConstraint("kind IN ('receipt', 'payment', 'return')", name="kind"),
    CheckConstraint("amount_fen > 0", name="amount_positive"),
    CheckConstraint("kind = 'receipt' OR order_id IS NOT NULL", name="order"),
    CheckConstraint("is_exclusive OR proposal_state IS NOT NULL", name="share_is_approved"),
    CheckConstraint(
        "(proposal_id IS NULL) = (proposal_state IS NULL) AND coalesce(proposal_state, 'approved') = 'approved'",
        name="approved",
    ),
    ForeignKeyConstraint(
        ["proposal_id", "proposal_state"], ["proposal.id", "proposal.state"], name="fk_claim_approved_proposal"
    ),
    # A line is claimed whole once, or a share of it once for each obligation.
    Index(
        "uq_claim_line",
        "line_id",
        text(_SHARE),
        unique=True,
        postgresql_where=text("undone_on IS NULL"),
    ),
    # What is received is received once; what is paid may come back and be paid anew, by another order. All claims of an
    # obligation are found by it.
    Index(
        "uq_claim_obligation",
        "obligation_id",
        text(_WHOLE_RECEIPT),
        unique=True,
        postgresql_include=["kind", "claimed_on"],
    ),
    Index(
        "uq_claim_order",
        "order_id",
        "kind",
        unique=True,
        postgresql_where=text("is_exclusive AND undone_on IS NULL AND kind <> 'receipt'"),
    ),
    Index(
        "ix_claim_return",
        "order_id",
        postgresql_where=text("kind = 'return' AND undone_on IS NULL"),
    ),
    Index("ix_claim_share", "line_id", postgresql_where=text("NOT is_exclusive OR undone_on IS NOT NULL")),
    Index(
        "ix_claim_answered",
        "admdvs",
        "claimed_on",
        postgresql_include=["line_id", "obligation_id", "kind", "amount_fen", "is_exclusive", "undone_on"],
        postgresql_where=text("NOT is_exclusive OR undone_on IS NOT NULL OR kind = 'return'"),
    ),
    Index("ix_claim_day", "admdvs", "claimed_on"),
)
