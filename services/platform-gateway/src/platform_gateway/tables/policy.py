"""What operators load beside areas: regions' policies and calendar years. The newest revision of each counts."""

from sqlalchemy import Column, DateTime, Integer, String, Table, Text
from sqlalchemy.dialects.postgresql import JSONB

from platform_gateway.tables.metadata import metadata

policy_version = Table(
    "policy_version",
    metadata,
    Column("region", String(6), primary_key=True),
    Column("revision", Integer, primary_key=True, autoincrement=False),
    Column("digest", String(64), nullable=False),
    Column("document", JSONB, nullable=False),
    Column("text", Text, nullable=False),
    Column("loaded_at", DateTime(timezone=True), nullable=False),
    Column("loaded_by", Text, nullable=False),
)
"""``text``: the file as it came; ``document``: what it says; ``digest``: of what it says, named by decisions."""

calendar_year = Table(
    "calendar_year",
    metadata,
    Column("year", Integer, primary_key=True, autoincrement=False),
    Column("revision", Integer, primary_key=True, autoincrement=False),
    Column("document", JSONB, nullable=False),
    Column("loaded_at", DateTime(timezone=True), nullable=False),
    Column("loaded_by", Text, nullable=False),
)
"""``document``: the days off beside weekends, and the weekend days that are worked."""
