"""Monthly partitions, made ahead by the migrate command for every table that is partitioned by range of time.

Each such table also has a default partition, so that a forgotten command never stops a service.
"""

from datetime import UTC, datetime

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncConnection

MONTHS_AHEAD = 12

_PARTITIONED = text(
    """
    SELECT parent.relname AS name, a.attname AS key, pg_get_partkeydef(parent.oid) AS definition,
           (SELECT d.relname FROM pg_class d WHERE d.oid = p.partdefid) AS fallback
    FROM pg_partitioned_table p
    JOIN pg_class parent ON parent.oid = p.partrelid
    JOIN pg_attribute a ON a.attrelid = parent.oid AND a.attnum = p.partattrs[0]
    WHERE p.partstrat = 'r' AND p.partnatts = 1 AND parent.relnamespace = current_schema()::regnamespace
    ORDER BY parent.relname
    """
)


async def make_ahead(connection: AsyncConnection, since: datetime) -> None:
    """Make the partitions of the UTC month of ``since`` and the ``MONTHS_AHEAD`` after it, where they are missing."""
    for table in (await connection.execute(_PARTITIONED)).all():
        for index in range(MONTHS_AHEAD + 1):
            await _make(connection, table.name, table.key, table.fallback, *_month(since, index))


async def _make(
    connection: AsyncConnection, table: str, key: str, fallback: str | None, begin: datetime, end: datetime
) -> None:
    name = f"{table}_y{begin.year:04d}m{begin.month:02d}"
    if await connection.scalar(text("SELECT to_regclass(:name)"), {"name": name}) is not None:
        return
    # Rows that already went to the default partition stay there: PostgreSQL would refuse to split them off.
    if fallback is not None and await connection.scalar(
        text(f'SELECT EXISTS (SELECT FROM "{fallback}" WHERE "{key}" >= :begin AND "{key}" < :end)'),  # noqa: S608
        {"begin": begin, "end": end},
    ):
        return
    await connection.execute(
        text(
            f'CREATE TABLE "{name}" PARTITION OF "{table}"'
            f" FOR VALUES FROM ('{begin.isoformat()}') TO ('{end.isoformat()}')"
        )
    )


def _month(since: datetime, offset: int) -> tuple[datetime, datetime]:
    index = since.astimezone(UTC).year * 12 + since.astimezone(UTC).month - 1 + offset
    begin, end = (datetime(i // 12, i % 12 + 1, 1, tzinfo=UTC) for i in (index, index + 1))
    return begin, end
