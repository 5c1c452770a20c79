"""What somebody has to look at; one open alert of a kind for a subject."""

from sqlalchemy import BigInteger, CheckConstraint, Column, Identity, Index, Integer, Table, Text, text
from sqlalchemy.dialects.postgresql import JSONB

from ledger.tables.metadata import instant, metadata

alert = Table(
    "alert",
    metadata,
    Column("id", BigInteger, Identity(), primary_key=True),
    Column("admdvs", Text, nullable=False),
    Column("kind", Text, nullable=False),
    Column("subject", Text, nullable=False, comment="what it is about, by kind"),
    Column("data", JSONB, nullable=False),
    instant("raised_at"),
    instant("settled_at", nullable=True),
    Column("settled_by", Text),
    Column("reason", Text),
    Column("version", Integer, nullable=False, server_default="1"),
    CheckConstraint(
        "(settled_at IS NULL) = (settled_by IS NULL) AND (settled_at IS NULL) = (reason IS NULL)", name="settled"
    ),
    Index("uq_alert_open", "admdvs", "kind", "subject", unique=True, postgresql_where=text("settled_at IS NULL")),
    Index("ix_alert_recent", "admdvs", "id"),
    Index("ix_alert_subject", "subject", "kind", "admdvs"),
)
