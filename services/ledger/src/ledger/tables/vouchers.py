"""Vouchers for the general ledger: the day's postings summed by pair of accounts, made once and never changed."""

from sqlalchemy import (
    BigInteger,
    CheckConstraint,
    Column,
    Date,
    ForeignKey,
    Index,
    Integer,
    Table,
    Text,
    UniqueConstraint,
    text,
)
from sqlalchemy.dialects.postgresql import UUID

from ledger.tables.metadata import instant, metadata

voucher_run = Table(
    "voucher_run",
    metadata,
    Column("admdvs", Text, primary_key=True),
    Column("through_posting", BigInteger, nullable=False, comment="the last posting that a voucher holds"),
    Column("ran_on", Date, nullable=False),
)

voucher = Table(
    "voucher",
    metadata,
    Column("id", UUID(as_uuid=True), primary_key=True),
    Column("admdvs", Text, nullable=False),
    Column("fund", Text, nullable=False),
    Column("booking_date", Date, nullable=False),
    Column(
        "voucher_no", Integer, nullable=False, comment="1, 2, … of the fund's day: later postings make a further one"
    ),
    instant("made_at"),
    Column("gl_voucher_no", Text, comment="the general ledger's own number"),
    Column("gl_recorded_by", Text),
    instant("gl_recorded_at", nullable=True),
    Column("version", Integer, nullable=False, server_default="1"),
    CheckConstraint(
        "(gl_voucher_no IS NULL) = (gl_recorded_by IS NULL) AND (gl_voucher_no IS NULL) = (gl_recorded_at IS NULL)",
        name="gl_recorded_by_somebody",
    ),
    UniqueConstraint("admdvs", "booking_date", "fund", "voucher_no"),
    Index(
        "ix_voucher_unnumbered",
        "admdvs",
        "booking_date",
        "fund",
        "voucher_no",
        postgresql_where=text("gl_voucher_no IS NULL"),
    ),
)

voucher_number = Table(
    "voucher_number",
    metadata,
    Column("voucher_id", ForeignKey("voucher.id"), primary_key=True),
    Column("version", Integer, primary_key=True, comment="that the voucher had with it"),
    Column("gl_voucher_no", Text, nullable=False),
    Column("recorded_by", Text, nullable=False),
    instant("recorded_at"),
)

voucher_line = Table(
    "voucher_line",
    metadata,
    Column("voucher_id", ForeignKey("voucher.id"), primary_key=True),
    Column("line_no", Integer, primary_key=True),
    Column("debit_account", ForeignKey("account.id"), nullable=False),
    Column("credit_account", ForeignKey("account.id"), nullable=False),
    Column("amount_fen", BigInteger, nullable=False),
    Column("posting_count", Integer, nullable=False),
    CheckConstraint("amount_fen > 0", name="amount_positive"),
)
