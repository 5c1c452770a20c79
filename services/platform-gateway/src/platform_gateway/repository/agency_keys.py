"""Verification keys of the parties."""

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Row, select, update
from sqlalchemy.dialects.postgresql import insert as upsert
from sqlalchemy.ext.asyncio import AsyncConnection

from platform_gateway.tables import agency_key


async def add(connection: AsyncConnection, rows: Sequence[Mapping[str, Any]]) -> frozenset[str]:
    """Register keys; the ids of those that were new. A key that is registered keeps what it was registered with."""
    if not rows:
        return frozenset()
    statement = upsert(agency_key).values(list(rows)).on_conflict_do_nothing().returning(agency_key.c.kid)
    return frozenset((await connection.execute(statement)).scalars())


async def parts_played(connection: AsyncConnection, kids: Collection[str]) -> set[tuple[str, str, str]]:
    """Id, owner and purpose of those of ``kids`` that are registered."""
    query = select(agency_key.c.kid, agency_key.c.owner, agency_key.c.purpose)
    rows = await connection.execute(query.where(agency_key.c.kid.in_(kids)))
    return {(row.kid, row.owner, row.purpose) for row in rows}


async def of_area(connection: AsyncConnection, admdvs: str | None) -> Sequence[Row[Any]]:
    """The keys of an area's services, or the platform's own for ``None``."""
    query = select(agency_key).where(agency_key.c.admdvs.is_not_distinct_from(admdvs))
    return (await connection.execute(query.order_by(agency_key.c.valid_from, agency_key.c.kid))).all()


async def revoke(connection: AsyncConnection, kid: str, admdvs: str | None, at: datetime, reason: str) -> bool:
    """Revoke a key that is not revoked yet, or move an earlier revocation back; false where there is no such key."""
    result = await connection.execute(
        update(agency_key)
        .where(agency_key.c.kid == kid, agency_key.c.admdvs.is_not_distinct_from(admdvs))
        .where(agency_key.c.revoked_at.is_(None) | (agency_key.c.revoked_at > at))
        .values(revoked_at=at, revocation_reason=reason)
    )
    return result.rowcount == 1
