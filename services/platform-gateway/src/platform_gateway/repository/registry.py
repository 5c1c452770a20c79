"""The registry's tables, and the snapshot that they add up to."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Row, func, insert, literal, select, text
from sqlalchemy.dialects.postgresql import insert as upsert
from sqlalchemy.ext.asyncio import AsyncConnection

from platform_gateway.repository import policies
from platform_gateway.tables import agency_key, area, bank_account, registry_snapshot, registry_version

ONE_CHANGE_AT_A_TIME = 0x7265_6769_7374_7279
"""The advisory lock of whoever changes the registry."""
_KEY_COLUMNS = tuple(column for column in agency_key.columns if column.name != "admdvs")


async def lock(connection: AsyncConnection) -> None:
    """Let no other change of the registry run until this transaction ends."""
    await connection.execute(text("SELECT pg_advisory_xact_lock(:key)"), {"key": ONE_CHANGE_AT_A_TIME})


async def version(connection: AsyncConnection) -> int:
    """The present version, 0 for an empty registry."""
    return int(await connection.scalar(select(func.coalesce(func.max(registry_version.c.version), 0))) or 0)


async def add_version(
    connection: AsyncConnection, *, made_at: datetime, made_by: str, what: str, subject: str, content: Any
) -> int:
    """Write the audit line of a change and return the new version; the caller holds ``lock``."""
    following = select(func.coalesce(func.max(registry_version.c.version), literal(0)) + 1).scalar_subquery()
    values = {"made_at": made_at, "made_by": made_by, "what": what, "subject": subject, "content": content}
    made = await connection.scalar(
        insert(registry_version).values(version=following, **values).returning(registry_version.c.version)
    )
    return int(made or 0)


async def snapshot_content(connection: AsyncConnection) -> dict[str, Any]:
    """The present version's snapshot without ``cert_types``, as JSON documents.

    The caller's transaction must see one state of all tables (``REPEATABLE READ``, or ``lock``).
    """
    latest = select(registry_version.c.version, registry_version.c.made_at).order_by(registry_version.c.version.desc())
    made = (await connection.execute(latest.limit(1))).one_or_none()
    keys = await _keys_by_area(connection)
    accounts = await _accounts_by_area(connection)
    rows = await connection.execute(select(area.c.admdvs, area.c.document).order_by(area.c.admdvs))
    areas = [
        row.document
        | {"admdvs": row.admdvs, "keys": keys.get(row.admdvs, []), "bank_accounts": accounts.get(row.admdvs, [])}
        for row in rows
    ]
    return {
        "version": made.version if made else 0,
        "issued_at": made.made_at if made else None,
        "areas": areas,
        "platform_keys": keys.get(None, []),
        "policies": [row.document for row in await policies.policies(connection)],
        "calendar_years": [row.document for row in await policies.years(connection)],
    }


async def signed_snapshot(connection: AsyncConnection, of_version: int) -> str | None:
    """The signed snapshot of a version, if it was made."""
    query = select(registry_snapshot.c.jws).where(registry_snapshot.c.version == of_version)
    found: str | None = await connection.scalar(query)
    return found


async def keep_snapshot(connection: AsyncConnection, of_version: int, jws: str) -> str:
    """Keep the signed snapshot of a version; whoever was first made the one that counts, and that comes back."""
    await connection.execute(upsert(registry_snapshot).values(version=of_version, jws=jws).on_conflict_do_nothing())
    return await signed_snapshot(connection, of_version) or jws


async def areas(connection: AsyncConnection, after: str, limit: int) -> Sequence[Row[Any]]:
    """Up to ``limit`` areas after the code ``after``, by code."""
    query = select(area).where(area.c.admdvs > after).order_by(area.c.admdvs).limit(limit)
    return (await connection.execute(query)).all()


async def area_of(connection: AsyncConnection, admdvs: str) -> Row[Any] | None:
    """One area."""
    return (await connection.execute(select(area).where(area.c.admdvs == admdvs))).one_or_none()


async def put_areas(connection: AsyncConnection, rows: Sequence[Mapping[str, Any]]) -> Mapping[str, int]:
    """Insert or replace areas; each row has ``admdvs document updated_at updated_by``.

    The new row versions of those that are new or differ; one that says the same again is left as it is.
    """
    if not rows:
        return {}
    statement = upsert(area).values([{**row, "row_version": 1} for row in rows])
    result = await connection.execute(
        statement.on_conflict_do_update(
            index_elements=[area.c.admdvs],
            where=area.c.document != statement.excluded.document,
            set_={
                "document": statement.excluded.document,
                "updated_at": statement.excluded.updated_at,
                "updated_by": statement.excluded.updated_by,
                "row_version": area.c.row_version + 1,
            },
        ).returning(area.c.admdvs, area.c.row_version)
    )
    return {row.admdvs: row.row_version for row in result}


async def _keys_by_area(connection: AsyncConnection) -> dict[str | None, list[dict[str, Any]]]:
    found: dict[str | None, list[dict[str, Any]]] = defaultdict(list)
    rows = await connection.execute(
        select(agency_key.c.admdvs, *_KEY_COLUMNS).order_by(agency_key.c.valid_from, agency_key.c.kid)
    )
    for row in rows:
        found[row.admdvs].append({column.name: row._mapping[column.name] for column in _KEY_COLUMNS})
    return found


async def _accounts_by_area(connection: AsyncConnection) -> dict[str, list[dict[str, Any]]]:
    found: dict[str, list[dict[str, Any]]] = defaultdict(list)
    query = select(bank_account).order_by(bank_account.c.valid_from, bank_account.c.account_no)
    for row in await connection.execute(query):
        dates = {"use": row.use, "valid_from": row.valid_from, "valid_to": row.valid_to}
        found[row.admdvs].append(row.document | dates)
    return found
