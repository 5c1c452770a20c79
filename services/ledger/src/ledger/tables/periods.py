"""Closed months and their audit."""

from sqlalchemy import BigInteger, CheckConstraint, Column, Date, Identity, Index, Integer, Table, Text
from sqlalchemy.dialects.postgresql import JSONB

from ledger.tables.metadata import instant, metadata

book_closing = Table(
    "book_closing",
    metadata,
    Column("admdvs", Text, primary_key=True),
    Column("closed_through", Date, nullable=False, comment="the last day that takes no posting any more"),
    Column("closed_by", Text, nullable=False),
    Column("version", Integer, nullable=False, server_default="1"),
)

period_event = Table(
    "period_event",
    metadata,
    Column("id", BigInteger, Identity(always=True), primary_key=True),
    Column("admdvs", Text, nullable=False),
    Column("period", Text, nullable=False, comment="YYYYMM"),
    Column("what", Text, nullable=False),
    Column("opter_id", Text, nullable=False),
    instant("occurred_at"),
    Column("reason", Text),
    Column("checklist", JSONB, nullable=False, comment="what stood open, as it was seen"),
    CheckConstraint("what IN ('closed', 'reopened')", name="what"),
    CheckConstraint("what <> 'reopened' OR reason IS NOT NULL", name="reopening_has_reason"),
    Index("ix_period_event_period", "admdvs", "period", "id"),
)
