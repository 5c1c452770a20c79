"""The journal: one row is one posting, zero-sum by construction, never changed.

The database holds what a posting must satisfy: both accounts are of its agency and fund, and a reversal mirrors what it
reverses (a trigger, decision 0082).
"""

from sqlalchemy import (
    BigInteger,
    CheckConstraint,
    Column,
    Date,
    Identity,
    Index,
    Table,
    Text,
    UniqueConstraint,
    text,
)

from ledger.tables.metadata import instant, metadata

posting = Table(
    "posting",
    metadata,
    Column("id", BigInteger, Identity(), primary_key=True),
    Column("admdvs", Text, nullable=False),
    Column("fund", Text, nullable=False),
    Column("dimension", Text, nullable=False, server_default="personal_account"),
    Column("debit_account", BigInteger, nullable=False),
    Column("credit_account", BigInteger, nullable=False),
    Column("amount_fen", BigInteger, nullable=False),
    Column("booking_date", Date, nullable=False, comment="the day of the books it belongs to"),
    Column("effective_date", Date, nullable=False, comment="value date at the bank, or of what caused it"),
    Column("cause", Text, nullable=False),
    Column(
        "cause_id", BigInteger, nullable=False, comment="line, claim, clearing, statement or change of class, by cause"
    ),
    Column("rlts_traf_id", Text),
    Column("reverses", BigInteger),
    Column("reason", Text),
    instant("recorded_at"),
    CheckConstraint("amount_fen > 0", name="amount_positive"),
    CheckConstraint("debit_account <> credit_account", name="two_accounts"),
    CheckConstraint("(reverses IS NULL) = (reason IS NULL)", name="reversal_has_reason"),
    CheckConstraint(
        "cause IN ('opening', 'line', 'claim', 'correction', 'reclassification', 'clearing', 'undone_claim')",
        name="cause",
    ),
    CheckConstraint("(cause = 'correction') = (reverses IS NOT NULL)", name="correction_reverses"),
    CheckConstraint("dimension IN ('personal_account', 'pooled')", name="dimension"),
    UniqueConstraint("cause", "cause_id"),
    Index("uq_posting_reverses", "reverses", unique=True, postgresql_where=text("reverses IS NOT NULL")),
    Index("ix_posting_debit", "debit_account", "booking_date", "id", postgresql_include=["amount_fen"]),
    Index("ix_posting_credit", "credit_account", "booking_date", "id", postgresql_include=["amount_fen"]),
)
