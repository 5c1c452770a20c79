"""The sums of each kind lie together: an answer reads few pages, however many cells of other kinds there are."""

from alembic import op

from shared.database import grants

revision = "0011"
down_revision = "0010"
branch_labels = None
depends_on = None

_PARTITIONS = {
    "wide": ("nation", "from_province", "into_province"),
    "area": ("outbound", "inbound"),
    "direction": ("direction",),
    "county": ("outbound_county", "inbound_county"),
}


def upgrade() -> None:
    """Make both tables anew in parts, and mark every case: the sums are worked out from the cases alone."""
    for table in ("statistic_month", "statistic_standing"):
        _rebuild(table)
    op.execute("DELETE FROM statistic_case")
    op.execute("INSERT INTO statistic_due (rlts_traf_id, marked_at) SELECT rlts_traf_id, now() FROM transfer_case")


def _rebuild(table: str) -> None:
    op.execute(f"ALTER TABLE {table} RENAME TO {table}_before")
    op.execute(f"CREATE TABLE {table} (LIKE {table}_before) PARTITION BY LIST (kind)")
    key = "kind, area, other, trafout_insutype, trafin_insutype, distance, origin"
    last = "month" if table == "statistic_month" else "measure, day"
    op.execute(f"DROP TABLE {table}_before")
    op.execute(f"ALTER TABLE {table} ADD CONSTRAINT pk_{table} PRIMARY KEY ({key}, {last})")
    op.execute(f"CREATE INDEX ix_{table}_other ON {table} (kind, other)")
    if table == "statistic_standing":
        op.execute("CREATE INDEX ix_statistic_standing_gone ON statistic_standing (n) WHERE n = 0")
    for part, kinds in _PARTITIONS.items():
        listed = ", ".join(f"'{kind}'" for kind in kinds)
        op.execute(f"CREATE TABLE {table}_{part} PARTITION OF {table} FOR VALUES IN ({listed})")
    grants.writable(op, table)
