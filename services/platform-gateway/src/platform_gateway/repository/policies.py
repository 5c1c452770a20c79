"""Policies of regions and calendar years: what counts now, and what counted before."""

from collections.abc import Collection, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Row, Select, func, insert, select, tuple_
from sqlalchemy.dialects.postgresql import distinct_on
from sqlalchemy.ext.asyncio import AsyncConnection

from platform_gateway.tables import calendar_year, policy_version
from shared.registry.calendar_year import CalendarYear
from shared.registry.policy.effective import DIGEST_LENGTH
from shared.registry.policy.region_file import RegionFile

_MOST = 200


def latest_policies() -> Select[Any]:
    """The newest revision of every region, by region."""
    newest: Select[Any] = select(policy_version).ext(distinct_on(policy_version.c.region))
    return newest.order_by(policy_version.c.region, policy_version.c.revision.desc())


async def policies(connection: AsyncConnection, after: str = "", limit: int | None = None) -> Sequence[Row[Any]]:
    """The policy of every region that counts now, by region; up to ``limit`` after the region ``after``."""
    query = latest_policies().where(policy_version.c.region > after).limit(limit)
    return list((await connection.execute(query)).all())


async def policy_of(connection: AsyncConnection, region: str) -> Row[Any] | None:
    """The policy of a region that counts now."""
    query = latest_policies().where(policy_version.c.region == region)
    row: Row[Any] | None = (await connection.execute(query)).one_or_none()
    return row


async def policies_named(connection: AsyncConnection, names: Collection[tuple[str, str]]) -> list[RegionFile]:
    """The files of (region, beginning of the digest), of whatever revision."""
    beginning = func.left(policy_version.c.digest, DIGEST_LENGTH)
    once = distinct_on(policy_version.c.region, policy_version.c.digest)
    query = select(policy_version.c.document).ext(once)
    found = await connection.execute(query.where(tuple_(policy_version.c.region, beginning).in_(names)))
    return [RegionFile.model_validate(document) for document in found.scalars()]


async def add_policy(
    connection: AsyncConnection, file: RegionFile, text: str, *, revision: int, by: str, now: datetime
) -> None:
    """The next revision of a region's policy; the caller holds the registry's lock."""
    values = {"region": file.region, "revision": revision, "digest": file.digest, "text": text}
    document = file.model_dump(mode="json")
    await connection.execute(insert(policy_version).values(**values, document=document, loaded_at=now, loaded_by=by))


async def years(connection: AsyncConnection, after: int = 0, limit: int | None = None) -> Sequence[Row[Any]]:
    """The newest revision of every loaded calendar year, by year; up to ``limit`` after the year ``after``."""
    newest = select(calendar_year).ext(distinct_on(calendar_year.c.year)).where(calendar_year.c.year > after)
    query = newest.order_by(calendar_year.c.year, calendar_year.c.revision.desc()).limit(limit)
    return (await connection.execute(query)).all()


async def add_years(
    connection: AsyncConnection, years: Sequence[tuple[CalendarYear, int]], *, by: str, now: datetime
) -> None:
    """The next revision of each calendar year; the caller holds the registry's lock."""
    rows = [
        {"year": year.year, "revision": revision, "document": year.model_dump(mode="json")} for year, revision in years
    ]
    if rows:
        await connection.execute(
            insert(calendar_year).values([{**row, "loaded_at": now, "loaded_by": by} for row in rows])
        )


async def year_of(connection: AsyncConnection, year: int) -> Row[Any] | None:
    """The newest revision of a calendar year."""
    query = select(calendar_year).where(calendar_year.c.year == year)
    newest = query.order_by(calendar_year.c.revision.desc()).limit(1)
    row: Row[Any] | None = (await connection.execute(newest)).one_or_none()
    return row


async def revisions_of(connection: AsyncConnection, region: str) -> Sequence[Row[Any]]:
    """Every revision of a region's policy, the newest first."""
    query = select(policy_version).where(policy_version.c.region == region)
    return list((await connection.execute(query.order_by(policy_version.c.revision.desc()).limit(_MOST))).all())
