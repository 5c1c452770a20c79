"""An agency's rules that class bank lines, version by version, and what clerks changed. Append-only: evidence."""

from sqlalchemy import (
    BigInteger,
    CheckConstraint,
    Column,
    Date,
    ForeignKey,
    ForeignKeyConstraint,
    Identity,
    Integer,
    Table,
    Text,
    UniqueConstraint,
)
from sqlalchemy.dialects.postgresql import JSONB, UUID

from ledger.tables.metadata import instant, metadata

line_rule_set = Table(
    "line_rule_set",
    metadata,
    Column("admdvs", Text, primary_key=True),
    Column("version", Integer, primary_key=True, comment="0 stands for the shipped rules and has no row"),
    Column("rules", JSONB, nullable=False),
    Column("note", Text, nullable=False),
    Column("made_by", Text, nullable=False),
    instant("made_at"),
    CheckConstraint("version > 0", name="version"),
)

line_class_change = Table(
    "line_class_change",
    metadata,
    Column("id", BigInteger, Identity(), primary_key=True),
    Column("admdvs", Text, nullable=False),
    Column("line_id", ForeignKey("statement_line.id"), nullable=False),
    Column("change_no", Integer, nullable=False),
    Column("from_class", Text, nullable=False),
    Column("to_class", Text, nullable=False),
    Column("reason", Text, nullable=False),
    Column("booked_on", Date, nullable=False, comment="the day of the books on which the line moves"),
    Column("changed_by", Text, nullable=False),
    Column("adjustment_id", UUID(as_uuid=True), comment="what two people decided; null before two were needed"),
    Column("adjustment_state", Text),
    instant("changed_at"),
    CheckConstraint("from_class <> to_class", name="is_change"),
    ForeignKeyConstraint(["adjustment_id", "adjustment_state"], ["adjustment.id", "adjustment.state"]),
    UniqueConstraint("line_id", "change_no"),
)
