"""What each account moved on each day, kept by a trigger of the journal, and the check of it."""

from sqlalchemy import BigInteger, CheckConstraint, Column, Date, ForeignKey, Integer, Table

from ledger.tables.metadata import instant, metadata

account_turnover = Table(
    "account_turnover",
    metadata,
    Column("account_id", ForeignKey("account.id"), primary_key=True),
    Column("booking_date", Date, primary_key=True),
    Column("debit_fen", BigInteger, nullable=False),
    Column("credit_fen", BigInteger, nullable=False),
    CheckConstraint("debit_fen >= 0 AND credit_fen >= 0", name="not_negative"),
)

balance_check = Table(
    "balance_check",
    metadata,
    Column("account_id", ForeignKey("account.id"), primary_key=True),
    instant("checked_at"),
    Column("break_count", Integer, nullable=False, comment="days on which turnover and postings differ"),
    Column("first_break_on", Date),
    CheckConstraint("(break_count = 0) = (first_break_on IS NULL)", name="break_has_day"),
)
