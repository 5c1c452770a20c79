"""The chart of accounts as data, each agency's books, and its real bank accounts."""

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
    Table,
    Text,
    UniqueConstraint,
    text,
)

from ledger.tables.metadata import instant, metadata

account_title = Table(
    "account_title",
    metadata,
    Column("title", Text, primary_key=True),
    Column("name", Text, nullable=False),
    Column("normal_side", Text, nullable=False),
    Column("official_code", Text, nullable=False, server_default=""),
    Column("version", Integer, nullable=False, server_default="1"),
    instant("updated_at", nullable=True),
    Column("updated_by", Text),
    CheckConstraint("normal_side IN ('debit', 'credit')", name="normal_side"),
)

bank_account = Table(
    "bank_account",
    metadata,
    Column("id", BigInteger, Identity(), primary_key=True),
    Column("admdvs", Text, nullable=False),
    Column("fund", Text, nullable=False, comment="insutype whose fund owns the money"),
    Column("bankacct", Text, nullable=False),
    Column("acctname", Text, nullable=False),
    Column("bankcode", Text),
    Column("hif_acct_type", Text, nullable=False, comment="1 income, 2 expenditure, 3 both"),
    Column("use", Text, nullable=False, server_default="shared", comment="dedicated to transfers, or shared"),
    Column("is_treasury", Boolean, nullable=False, server_default=text("false"), comment="财政专户"),
    Column(
        "needs_funds", Boolean, nullable=False, server_default=text("false"), comment="filled on request (用款申请)"
    ),
    Column("payment_form", Text, nullable=False, server_default="pain.001", comment="of files that pay from it"),
    Column("valid_from", Date, nullable=False),
    Column("valid_to", Date),
    Column("version", Integer, nullable=False, server_default="1"),
    instant("updated_at"),
    Column("updated_by", Text, nullable=False),
    CheckConstraint("hif_acct_type IN ('1', '2', '3')", name="hif_acct_type"),
    CheckConstraint("use IN ('dedicated', 'shared')", name="use"),
    UniqueConstraint("admdvs", "bankacct"),
)

account = Table(
    "account",
    metadata,
    Column("id", BigInteger, Identity(), primary_key=True),
    Column("admdvs", Text, nullable=False),
    Column("fund", Text, nullable=False),
    Column("title", ForeignKey("account_title.title"), nullable=False),
    Column("bank_account_id", ForeignKey("bank_account.id"), comment="deposits: one account per bank account"),
    UniqueConstraint("admdvs", "fund", "title", "bank_account_id", postgresql_nulls_not_distinct=True),
    UniqueConstraint("id", "admdvs", "fund", name="uq_account_books"),
    Index("ix_account_bank_account", "bank_account_id"),
)
