"""What banks reported of payments (pain.002), line by line. Append-only: evidence."""

from sqlalchemy import BigInteger, Column, ForeignKey, Index, Integer, Table, Text, UniqueConstraint
from sqlalchemy.dialects.postgresql import UUID

from ledger.tables.metadata import instant, metadata

status_report = Table(
    "status_report",
    metadata,
    Column("id", UUID(as_uuid=True), primary_key=True),
    Column("admdvs", Text, nullable=False),
    Column("digest", Text, nullable=False, comment="SHA-256, hex, of the report's bytes"),
    Column("message_id", Text, nullable=False),
    Column("original_message_id", Text, comment="the payment file that it answers"),
    Column("size_bytes", BigInteger, nullable=False),
    Column("line_count", Integer, nullable=False),
    instant("received_at"),
    Column("received_by", Text, nullable=False),
    UniqueConstraint("admdvs", "digest"),
    UniqueConstraint("admdvs", "message_id", "original_message_id"),
    Index("ix_status_report_recent", "admdvs", "received_at", "id"),
)

status_report_line = Table(
    "status_report_line",
    metadata,
    Column("report_id", UUID(as_uuid=True), ForeignKey("status_report.id"), primary_key=True),
    Column("line_no", Integer, primary_key=True),
    Column("reference", Text, comment="what the bank names the payment by"),
    Column("order_id", UUID(as_uuid=True), ForeignKey("payment_order.id")),
    Column("status", Text, nullable=False),
    Column("reason_code", Text),
    Column("reason_text", Text),
    Column("outcome", Text, nullable=False, comment="what came of it here"),
)
