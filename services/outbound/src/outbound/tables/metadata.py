"""What the tables stand on."""

from sqlalchemy import Column, DateTime

from shared.database import new_metadata

metadata = new_metadata()


def instant(name: str, *, nullable: bool = False) -> Column[object]:
    """A column for an aware instant in UTC."""
    return Column(name, DateTime(timezone=True), nullable=nullable)
