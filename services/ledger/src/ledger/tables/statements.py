"""What the bank told us: files, statements, lines. Append-only: evidence."""

from sqlalchemy import (
    BigInteger,
    Boolean,
    CheckConstraint,
    Column,
    Date,
    ForeignKey,
    Identity,
    Index,
    Integer,
    SmallInteger,
    Table,
    Text,
    UniqueConstraint,
    text,
)
from sqlalchemy.dialects.postgresql import ARRAY, UUID, ExcludeConstraint

from ledger.tables.metadata import instant, metadata

statement_file = Table(
    "statement_file",
    metadata,
    Column("id", UUID(as_uuid=True), primary_key=True),
    Column("admdvs", Text, nullable=False),
    Column("digest", Text, nullable=False, comment="SHA-256, hex, of the file's bytes"),
    Column("form", Text, nullable=False),
    Column("size_bytes", BigInteger, nullable=False),
    instant("received_at"),
    Column("received_by", Text, nullable=False),
    UniqueConstraint("admdvs", "digest"),
    Index("ix_statement_file_recent", "admdvs", "received_at", "id"),
)

statement = Table(
    "statement",
    metadata,
    Column("id", BigInteger, Identity(), primary_key=True),
    Column("file_id", ForeignKey("statement_file.id"), nullable=False),
    Column("bank_account_id", ForeignKey("bank_account.id"), nullable=False),
    Column("statement_no", Text, nullable=False),
    Column("period_from", Date, nullable=False),
    Column("period_to", Date, nullable=False),
    Column("opening_fen", BigInteger, nullable=False),
    Column("closing_fen", BigInteger, nullable=False),
    Column("line_count", Integer, nullable=False),
    Column("credit_fen", BigInteger, nullable=False),
    Column("debit_fen", BigInteger, nullable=False),
    Column("is_newest_first", Boolean, nullable=False),
    Column("content_digest", Text, nullable=False, comment="SHA-256, hex, over head and lines, however written"),
    Column("is_opening_computed", Boolean, nullable=False, server_default=text("false")),
    Column(
        "part_no", SmallInteger, nullable=False, server_default=text("1"), comment="2, 3, …: goes on with a day told"
    ),
    Column("sequence_no", BigInteger, comment="how the bank counts the account's statements, where it does"),
    CheckConstraint("opening_fen + credit_fen - debit_fen = closing_fen", name="adds_up"),
    CheckConstraint("period_from <= period_to", name="period"),
    # One bank day is told once per account: a second telling is a restatement, or a part that goes on.
    # (int8range: no extension needed.)
    ExcludeConstraint(
        (text("int8range(bank_account_id, bank_account_id, '[]')"), "&&"),
        (text("int4range(part_no, part_no, '[]')"), "&&"),
        (text("daterange(period_from, period_to, '[]')"), "&&"),
        name="ex_statement_one_per_day",
        using="gist",
    ),
    Index("ix_statement_file", "file_id"),
    Index("ix_statement_period", "bank_account_id", "period_to"),
)

# What a line refers to a trigger checks, a set at a time (decision 0082).
statement_line = Table(
    "statement_line",
    metadata,
    Column("id", BigInteger, Identity(), primary_key=True),
    Column("file_id", UUID(as_uuid=True), nullable=False),
    Column("statement_id", BigInteger, comment="none for an old item of the cut-over"),
    Column("bank_account_id", BigInteger, nullable=False),
    Column("admdvs", Text, nullable=False),
    Column("entry_no", Integer, nullable=False, comment="position in the file; a batch entry's details share it"),
    Column("detail_no", Integer, nullable=False),
    Column("kind", Text, nullable=False, comment="what it may be matched with: receipt, payment, return"),
    Column("line_class", Text, nullable=False, server_default="unclassified"),
    Column("direction", Text, nullable=False, comment="C money in, D money out, as the bank says"),
    Column("amount_fen", BigInteger, nullable=False),
    Column("booked_on", Date, nullable=False),
    Column("value_on", Date, nullable=False),
    Column("bank_ref", Text),
    Column("end_to_end_id", Text),
    Column("note", Text),
    Column("counterparty_acct", Text),
    Column("counterparty_name", Text),
    Column("counterparty_admdvs", Text, comment="agency whose registered payer account it is, at import"),
    Column("balance_fen", BigInteger),
    Column("is_return", Boolean, nullable=False),
    Column("return_reason", Text),
    Column("rlts_traf_id", Text, comment="set when exactly one check-valid case number stands there"),
    Column("obligation_no", Text),
    Column("reference_count", SmallInteger, nullable=False),
    Column("names", ARRAY(Text), nullable=False, comment="words of the note that could name a person"),
    Column("rules_version", Integer, comment="the agency's rules by which it was classed; 0 the shipped ones"),
    Column("rule_name", Text),
    Column("foreign_currency", Text, comment="the currency it was paid in, where that was not CNY"),
    CheckConstraint("amount_fen > 0", name="amount_positive"),
    CheckConstraint("direction IN ('C', 'D')", name="direction"),
    CheckConstraint(
        "line_class IN ('transfer_in', 'transfer_out', 'return', 'treasury_allotment', 'sweep', 'interest', 'fee',"
        " 'other_business', 'unclassified')",
        name="line_class",
    ),
    CheckConstraint("kind IN ('receipt', 'payment', 'return')", name="kind"),
    UniqueConstraint("statement_id", "entry_no", "detail_no"),
    Index("ix_statement_line_file", "file_id", "id"),
    Index("ix_statement_line_case", "admdvs", "rlts_traf_id", postgresql_where=text("rlts_traf_id IS NOT NULL")),
    Index("ix_statement_line_day", "bank_account_id", "booked_on"),
    Index(
        "ix_statement_line_unclassified",
        "bank_account_id",
        "booked_on",
        postgresql_where=text("line_class = 'unclassified'"),
    ),
)
