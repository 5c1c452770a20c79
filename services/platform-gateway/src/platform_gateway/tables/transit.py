"""Tables of 平台对账: what moved between each pair of areas, and from when to when each case's money was under way."""

from sqlalchemy import ARRAY, BigInteger, CheckConstraint, Column, Date, Index, Integer, String, Table, Text, func

from platform_gateway.tables.metadata import metadata

transit_case = Table(
    "transit_case",
    metadata,
    Column("rlts_traf_id", String(20), primary_key=True),
    Column("trafout_admdvs", String(6), nullable=False),
    Column("trafin_admdvs", String(6), nullable=False),
    Column("kinds", ARRAY(Text), nullable=False),
    Column("days", ARRAY(Date), nullable=False),
    Column("amounts", ARRAY(BigInteger), nullable=False),
)
"""What each case is in the sums for, one move across the arrays: taken off them when it is counted anew."""

transit_sum = Table(
    "transit_sum",
    metadata,
    Column("period", String(8), primary_key=True),
    Column("trafout_admdvs", String(6), primary_key=True),
    Column("trafin_admdvs", String(6), primary_key=True),
    Column("payments", Integer, nullable=False),
    Column("receipts", Integer, nullable=False),
    Column("paid", BigInteger, nullable=False),
    Column("returned", BigInteger, nullable=False),
    Column("received", BigInteger, nullable=False),
    Column("sent_back", BigInteger, nullable=False),
)
"""Amounts in fen. ``period`` is a day (``YYYYMMDD``) or a month (``YYYYMM``): a report is one stretch of the key."""

transit_span = Table(
    "transit_span",
    metadata,
    Column("rlts_traf_id", String(20), primary_key=True),
    Column("begins_on", Date, primary_key=True),
    Column("ends_on", Date),
    Column("trafout_admdvs", String(6), nullable=False),
    Column("trafin_admdvs", String(6), nullable=False),
    Column("net_fen", BigInteger, nullable=False),
    Column("since", Date, nullable=False),
    CheckConstraint("net_fen <> 0", name="not_level"),
)
"""From ``begins_on`` up to, not including, ``ends_on`` (``None``: still) ``net_fen`` of the case's money was on its way
(more than 0), or had arrived though nobody told that it left (less); ``since`` is the day of the oldest part of it.
"""
Index(
    "ix_transit_span_days",
    func.daterange(transit_span.c.begins_on, transit_span.c.ends_on),
    postgresql_using="gist",
)
