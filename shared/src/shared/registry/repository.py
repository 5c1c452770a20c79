"""Queries of the registry's copy."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncConnection

from shared.registry.tables import registry_copy


@dataclass(frozen=True, slots=True)
class StoredSnapshot:
    """A snapshot as it was fetched: its version, the ETag that came with it, the JWS text, when (UTC)."""

    version: int
    etag: str | None
    jws: str
    fetched_at: datetime


async def load(connection: AsyncConnection) -> StoredSnapshot | None:
    """The stored snapshot, if any."""
    columns = (registry_copy.c.version, registry_copy.c.etag, registry_copy.c.jws, registry_copy.c.fetched_at)
    row = (await connection.execute(select(*columns))).one_or_none()
    return None if row is None else StoredSnapshot(*row)


async def save(connection: AsyncConnection, snapshot: StoredSnapshot) -> None:
    """Stores ``snapshot`` unless another replica has stored a newer one meanwhile."""
    values = {
        "version": snapshot.version,
        "etag": snapshot.etag,
        "jws": snapshot.jws,
        "fetched_at": snapshot.fetched_at,
    }
    statement = insert(registry_copy).values(id=1, **values)
    await connection.execute(
        statement.on_conflict_do_update(
            index_elements=[registry_copy.c.id],
            set_=values,
            where=registry_copy.c.version <= statement.excluded.version,
        )
    )
