"""Tables of the statistics: what each case was counted as, the sums by month, and what stands now."""

from sqlalchemy import ARRAY, BigInteger, Column, Date, DateTime, Identity, Index, Integer, String, Table, Text, text

from platform_gateway.domain.statistics import AMOUNTS, FLOWS
from platform_gateway.tables.metadata import metadata

statistic_due = Table(
    "statistic_due",
    metadata,
    Column("due_no", BigInteger, Identity(always=True), primary_key=True),
    Column("rlts_traf_id", String(20), nullable=False),
    Column("marked_at", DateTime(timezone=True), nullable=False),
)
"""Cases that changed since they were counted, marked by the very transaction that changed them."""

statistic_case = Table(
    "statistic_case",
    metadata,
    Column("rlts_traf_id", String(20), primary_key=True),
    Column("trafout_admdvs", String(6), nullable=False),
    Column("trafin_admdvs", String(6), nullable=False),
    Column("trafout_county", String(6), nullable=False),
    Column("trafin_county", String(6), nullable=False),
    Column("trafout_insutype", String(3), nullable=False),
    Column("trafin_insutype", String(3), nullable=False),
    Column("origin", String(10), nullable=False),
    Column("measures", ARRAY(Text), nullable=False),
    Column("days", ARRAY(Date), nullable=False),
    Column("amounts", ARRAY(BigInteger), nullable=False),
)
"""What each case is in the sums for, one entry across the arrays: taken off them before it is counted anew."""

_CELL = ("kind", "area", "other", "trafout_insutype", "trafin_insutype", "distance", "origin")


def _cell_columns() -> list[Column[str]]:
    lengths = (16, 6, 6, 3, 3, 16, 10)
    return [Column(name, String(length), primary_key=True) for name, length in zip(_CELL, lengths, strict=True)]


statistic_month = Table(
    "statistic_month",
    metadata,
    *_cell_columns(),
    Column("month", String(6), primary_key=True),
    *(Column(name, Integer, nullable=False) for name in FLOWS),
    *(Column(name, BigInteger, nullable=False) for name in AMOUNTS),
    postgresql_partition_by="LIST (kind)",
)
"""``area`` is the side's, or the outbound of a direction; ``other`` the inbound of a direction, or the county.

The part of the directions has an index on ``other`` as well: nobody else is asked by it.
"""

statistic_standing = Table(
    "statistic_standing",
    metadata,
    *_cell_columns(),
    Column("measure", String(32), primary_key=True),
    Column("day", Date, primary_key=True),
    Column("n", Integer, nullable=False),
    Column("amount", BigInteger, nullable=False),
    postgresql_partition_by="LIST (kind)",
)
"""What stands now: running clocks by the day they are due, money outstanding by the day of its sheet."""
Index("ix_statistic_standing_gone", statistic_standing.c.n, postgresql_where=text("n = 0"))
