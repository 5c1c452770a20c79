"""The table of a service's own copy of the registry."""

from sqlalchemy import CheckConstraint, Column, DateTime, Integer, SmallInteger, Table, Text

from shared.database import new_metadata

metadata = new_metadata()

registry_copy = Table(
    "registry_copy",
    metadata,
    Column("id", SmallInteger, primary_key=True, autoincrement=False),
    Column("version", Integer, nullable=False),
    Column("etag", Text),
    Column("jws", Text, nullable=False),
    Column("fetched_at", DateTime(timezone=True), nullable=False),
    CheckConstraint("id = 1", name="one_row"),
)
"""The last snapshot, exactly as the root key signed it."""
