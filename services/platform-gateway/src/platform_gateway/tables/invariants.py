"""What the sides report of their own tables, and where it does not agree with the platform's."""

from sqlalchemy import (
    BigInteger,
    CheckConstraint,
    Column,
    Date,
    DateTime,
    Identity,
    Index,
    Integer,
    Table,
    Text,
    Uuid,
    text,
)
from sqlalchemy.dialects.postgresql import JSONB

from platform_gateway.tables.metadata import metadata

_INSTANT = DateTime(timezone=True)

case_figures = Table(
    "case_figures",
    metadata,
    Column("rlts_traf_id", Text, primary_key=True),
    Column("sender", Text, primary_key=True),
    Column("side", Text, primary_key=True),
    Column("figures", JSONB, nullable=False),
    Column("as_of", _INSTANT, nullable=False),
    Column("message_id", Uuid, nullable=False),
    Column("verdict", Text, nullable=False),
    Column("look_again_at", _INSTANT),
    CheckConstraint("verdict IN ('agrees', 'breaks', 'in_transit')", name="verdict"),
    Index("ix_case_figures_in_transit", "as_of", postgresql_where=text("verdict = 'in_transit'")),
    Index("ix_case_figures_look_again", "look_again_at", postgresql_where=text("look_again_at IS NOT NULL")),
)
"""The newest report of each case by each side; not tied to a case, for a side may report one that is nobody's."""

figures_report = Table(
    "figures_report",
    metadata,
    Column("sender", Text, primary_key=True),
    Column("reported_on", Date, nullable=False),
    Column("started_at", _INSTANT, nullable=False),
    Column("as_of", _INSTANT, nullable=False),
    Column("part", Integer, nullable=False),
    Column("case_count", Integer, nullable=False),
    Column("whole_on", Date),
)
"""Each sender's newest report; ``whole_on`` is the day of the last one that came to its end."""

invariant_break = Table(
    "invariant_break",
    metadata,
    Column("id", BigInteger, Identity(always=True), primary_key=True),
    Column("rlts_traf_id", Text, nullable=False),
    Column("sender", Text, nullable=False),
    Column("side", Text, nullable=False),
    Column("kind", Text, nullable=False),
    Column("trafout_admdvs", Text, nullable=False),
    Column("trafin_admdvs", Text, nullable=False),
    Column("own_value", Text, nullable=False),
    Column("own_evidence", JSONB, nullable=False),
    Column("told_value", Text, nullable=False),
    Column("told_evidence", JSONB, nullable=False),
    Column("found_at", _INSTANT, nullable=False),
    Column("seen_at", _INSTANT, nullable=False),
    Column("settled_at", _INSTANT),
    Index(
        "ux_invariant_break_open",
        "rlts_traf_id",
        "sender",
        "side",
        "kind",
        unique=True,
        postgresql_where=text("settled_at IS NULL"),
    ),
    Index("ix_invariant_break_still_open", "id", postgresql_where=text("settled_at IS NULL")),
)
