"""What matching has found and nobody was told of yet."""

from sqlalchemy import BigInteger, Boolean, Column, Date, Identity, Index, Table, Text

from ledger.tables.metadata import instant, metadata

untold = Table(
    "untold",
    metadata,
    Column("id", BigInteger, Identity(always=True), primary_key=True),
    Column("admdvs", Text, nullable=False),
    Column("kind", Text, nullable=False),
    Column("line_id", BigInteger, nullable=False),
    Column("rlts_traf_id", Text, nullable=False),
    Column("amount_fen", BigInteger, nullable=False),
    Column("booked_on", Date, nullable=False),
    Column("return_reason", Text),
    Column("is_matched", Boolean, nullable=False),
    Column("reason_before", Text),
    Column("obligation_no", Text),
    Column("is_owed_return", Boolean, nullable=False),
    Column("reason", Text),
    Column("end_to_end_id", Text),
    instant("found_at"),
    Index("ix_untold_line", "line_id"),
    comment="what matching found and nobody was told of yet; a row goes with the message",
)
