"""Filling tables with millions of rows: what is indexed row by row takes hours, afterwards minutes."""

from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncConnection

_INDEXES = text(
    """
    SELECT format('DROP INDEX %s', CAST(i.indexrelid AS regclass)) AS dropped, pg_get_indexdef(i.indexrelid) AS made
    FROM pg_index i
    WHERE CAST(CAST(i.indrelid AS regclass) AS text) = ANY(:tables)
      AND NOT EXISTS (SELECT FROM pg_constraint c WHERE c.conindid = i.indexrelid)
    UNION ALL
    SELECT format('ALTER TABLE %s DROP CONSTRAINT %I', CAST(u.conrelid AS regclass), u.conname),
           format('ALTER TABLE %s ADD CONSTRAINT %I %s', CAST(u.conrelid AS regclass), u.conname,
                  pg_get_constraintdef(u.oid))
    FROM pg_constraint u
    WHERE u.contype = 'u' AND CAST(CAST(u.conrelid AS regclass) AS text) = ANY(:tables)
      AND NOT EXISTS (SELECT FROM pg_constraint f WHERE f.contype = 'f' AND f.conindid = u.conindid)
    """
)


@asynccontextmanager
async def without_indexes(connection: AsyncConnection, tables: Sequence[str]) -> AsyncIterator[None]:
    """While the block runs ``tables`` have no index but their keys; after it they have all of them again."""
    found = (await connection.execute(_INDEXES, {"tables": list(tables)})).all()
    for each in found:
        await connection.execute(text(each.dropped))
    yield
    await connection.execute(text("SET LOCAL maintenance_work_mem = '512MB'"))
    for each in found:
        await connection.exec_driver_sql(each.made)
