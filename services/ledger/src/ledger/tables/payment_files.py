"""Files of payments for banks, and who took them away."""

from sqlalchemy import (
    BigInteger,
    CheckConstraint,
    Column,
    ForeignKey,
    Index,
    Integer,
    LargeBinary,
    SmallInteger,
    Table,
    Text,
    UniqueConstraint,
)
from sqlalchemy.dialects.postgresql import UUID

from ledger.tables.metadata import instant, metadata

payment_file = Table(
    "payment_file",
    metadata,
    Column("id", UUID(as_uuid=True), primary_key=True),
    Column("admdvs", Text, nullable=False),
    Column("batch_id", UUID(as_uuid=True), ForeignKey("payment_batch.id"), nullable=False),
    Column("payer_bankacct", Text, nullable=False),
    Column("form", Text, nullable=False, comment="pain.001, or the code of a bank's template"),
    Column("name", Text, nullable=False),
    Column("media_type", Text, nullable=False),
    Column("content", LargeBinary, nullable=False),
    Column("digest", Text, nullable=False, comment="SHA-256, hex, of content"),
    Column("order_count", Integer, nullable=False),
    Column("amount_fen", BigInteger, nullable=False),
    Column("made_by", Text, nullable=False),
    instant("made_at"),
    Index("ix_payment_file_batch_id", "batch_id"),
    comment="append-only",
)

payment_file_item = Table(
    "payment_file_item",
    metadata,
    Column("file_id", UUID(as_uuid=True), ForeignKey("payment_file.id"), primary_key=True),
    Column("order_id", UUID(as_uuid=True), ForeignKey("payment_order.id"), primary_key=True),
    Column("attempt_no", SmallInteger, nullable=False, server_default="1"),
    # An order leaves in one file only: in the last that holds it, and a trigger sees that none of the others has left.
    UniqueConstraint("order_id", "attempt_no"),
    comment="append-only",
)

payment_download = Table(
    "payment_download",
    metadata,
    Column("file_id", UUID(as_uuid=True), ForeignKey("payment_file.id"), primary_key=True),
    Column("download_no", Integer, primary_key=True),
    Column("permitted_by", Text),
    instant("permitted_at", nullable=True),
    Column("reason", Text),
    Column("downloaded_by", Text),
    instant("downloaded_at", nullable=True),
    CheckConstraint(
        "(download_no = 1) = (permitted_by IS NULL) AND (permitted_by IS NULL) = (permitted_at IS NULL)"
        " AND (permitted_by IS NULL) = (reason IS NULL)",
        name="permitted",
    ),
    CheckConstraint(
        "(downloaded_by IS NULL) = (downloaded_at IS NULL) AND (download_no > 1 OR downloaded_by IS NOT NULL)",
        name="downloaded",
    ),
    CheckConstraint("downloaded_by <> permitted_by", name="two_people"),
)
