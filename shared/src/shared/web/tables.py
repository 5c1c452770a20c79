"""The one table of the HTTP side."""

from sqlalchemy import Column, DateTime, Index, LargeBinary, PrimaryKeyConstraint, SmallInteger, Table, Text

from shared.database import new_metadata

metadata = new_metadata()

idempotency = Table(
    "idempotency",
    metadata,
    Column("scope", Text, nullable=False),
    Column("key", Text, nullable=False),
    Column("body_digest", LargeBinary, nullable=False),
    Column("status", SmallInteger, nullable=False),
    Column("location", Text),
    Column("resource_id", Text, nullable=False),
    Column("expires_at", DateTime(timezone=True), nullable=False),
    PrimaryKeyConstraint("scope", "key"),
    Index(None, "expires_at"),
    Index(None, "resource_id"),
)
"""What a POST with a key was answered: ``scope`` is caller and operation, the body is rendered anew each time."""
