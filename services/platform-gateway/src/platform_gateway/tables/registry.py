"""Tables of the registry: areas, keys, bank accounts with their four-eyes changes, versions."""

from sqlalchemy import (
    BigInteger,
    CheckConstraint,
    Column,
    Date,
    DateTime,
    Identity,
    Index,
    Integer,
    String,
    Table,
    Text,
    UniqueConstraint,
    Uuid,
    text,
)
from sqlalchemy.dialects.postgresql import JSONB

from platform_gateway.tables.metadata import metadata

_INSTANT = DateTime(timezone=True)

area = Table(
    "area",
    metadata,
    Column("admdvs", String(6), primary_key=True),
    Column("document", JSONB, nullable=False),
    Column("row_version", Integer, nullable=False),
    Column("updated_at", _INSTANT, nullable=False),
    Column("updated_by", Text, nullable=False),
)
"""``document``: name, province, city, counties, validity, successor, former names, state, windows, endpoints."""

agency_key = Table(
    "agency_key",
    metadata,
    Column("kid", String(64), primary_key=True),
    Column("owner", String(20), nullable=False),
    Column("admdvs", String(6)),
    Column("purpose", String(10), nullable=False),
    Column("algorithm", String(12), nullable=False),
    Column("public_key", Text, nullable=False),
    Column("valid_from", _INSTANT, nullable=False),
    Column("valid_to", _INSTANT),
    Column("revoked_at", _INSTANT),
    Column("revocation_reason", Text),
    CheckConstraint("(revoked_at IS NULL) = (revocation_reason IS NULL)", name="revocation_has_reason"),
    Index("ix_agency_key_admdvs", "admdvs"),
)

bank_account = Table(
    "bank_account",
    metadata,
    Column("account_no", BigInteger, Identity(always=True), primary_key=True),
    Column("admdvs", String(6), nullable=False),
    Column("use", String(10), nullable=False),
    Column("document", JSONB, nullable=False),
    Column("valid_from", Date, nullable=False),
    Column("valid_to", Date),
    Column("change_id", Uuid, nullable=False),
    UniqueConstraint("change_id"),
    Index("ix_bank_account_admdvs", "admdvs", "use", "valid_from"),
)

bank_account_change = Table(
    "bank_account_change",
    metadata,
    Column("change_id", Uuid, primary_key=True),
    Column("admdvs", String(6), nullable=False),
    Column("document", JSONB, nullable=False),
    Column("jws", Text, nullable=False),
    Column("digest", String(64), nullable=False),
    Column("state", String(10), nullable=False),
    Column("proposed_by", Text, nullable=False),
    Column("proposed_at", _INSTANT, nullable=False),
    Column("decided_by", Text),
    Column("decided_at", _INSTANT),
    Column("decision_reason", Text),
    Column("row_version", Integer, nullable=False),
    CheckConstraint("decided_by IS NULL OR decided_by <> proposed_by", name="two_people"),
    CheckConstraint("(state = 'pending') = (decided_by IS NULL)", name="decided_by_somebody"),
    # The same signed document is proposed once: a captured one cannot be played again.
    UniqueConstraint("digest"),
    Index("ix_bank_account_change_admdvs", "admdvs", "proposed_at"),
    Index("ix_bank_account_change_pending", "proposed_at", postgresql_where=text("state = 'pending'")),
)

registry_version = Table(
    "registry_version",
    metadata,
    Column("version", Integer, primary_key=True, autoincrement=False),
    Column("made_at", _INSTANT, nullable=False),
    Column("made_by", Text, nullable=False),
    Column("what", Text, nullable=False),
    Column("subject", Text, nullable=False),
    Column("content", JSONB, nullable=False),
)
"""The audit: one row per change, with the content that it set."""

registry_snapshot = Table(
    "registry_snapshot",
    metadata,
    Column("version", Integer, primary_key=True, autoincrement=False),
    Column("jws", Text, nullable=False),
)
"""The registry of a version as the root key signed it; made once, so that an ETag always names the same bytes."""
