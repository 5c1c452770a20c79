"""The money of a case on this side: what the ledger matched, what the core credited, what goes back."""

from sqlalchemy import BigInteger, CheckConstraint, Column, Date, ForeignKeyConstraint, Table, Text, UniqueConstraint

from inbound.tables.metadata import instant, metadata

balance_match = Table(
    "balance_match",
    metadata,
    Column("rlts_traf_id", Text, primary_key=True),
    Column("obligation_no", Text, primary_key=True),
    Column("amount", BigInteger, nullable=False, comment="fen"),
    Column("receipt_no", Text, nullable=False),
    instant("matched_at", nullable=False),
    instant("recorded_at", nullable=False),
    UniqueConstraint("rlts_traf_id", "obligation_no", "amount", name="uq_balance_match_amount"),
)

balance_credit = Table(
    "balance_credit",
    metadata,
    Column("rlts_traf_id", Text, primary_key=True),
    Column("obligation_no", Text, primary_key=True),
    Column("amount", BigInteger, nullable=False, comment="fen; all that was matched unless the rest goes back"),
    Column("matched_amount", BigInteger, nullable=False, comment="fen"),
    instant("opened_at", nullable=False),
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
    instant("decided_at", nullable=False),
    Column("released_on", Date),
    Column("core_ref", Text),
    Column("core_failure", Text),
    CheckConstraint("amount > 0 AND reversed_amount BETWEEN 0 AND amount", name="amounts"),
)
