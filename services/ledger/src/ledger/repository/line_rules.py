"""An agency's rules, version by version."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncConnection

from ledger.tables import line_rule_set


@dataclass(frozen=True, slots=True)
class RuleSetRow:
    """One version."""

    admdvs: str
    version: int
    rules: list[dict[str, Any]]
    note: str
    made_by: str
    made_at: datetime


async def newest(connection: AsyncConnection, admdvs: str) -> RuleSetRow | None:
    """The version in force, ``None`` where the agency has none of its own."""
    found = await page(connection, admdvs, after=None, limit=0)
    return found[0] if found else None


async def add(connection: AsyncConnection, row: RuleSetRow) -> bool:
    """Keep a version; false where somebody has made it meanwhile."""
    values = {name: getattr(row, name) for name in RuleSetRow.__dataclass_fields__}
    statement = insert(line_rule_set).values(values).on_conflict_do_nothing().returning(line_rule_set.c.version)
    return await connection.scalar(statement) is not None


async def page(connection: AsyncConnection, admdvs: str, *, after: int | None, limit: int) -> list[RuleSetRow]:
    """The agency's versions, newest first, up to ``limit + 1``."""
    query = select(*(line_rule_set.c[name] for name in RuleSetRow.__dataclass_fields__))
    query = query.where(line_rule_set.c.admdvs == admdvs).order_by(line_rule_set.c.version.desc()).limit(limit + 1)
    if after is not None:
        query = query.where(line_rule_set.c.version < after)
    return [RuleSetRow(**row._mapping) for row in await connection.execute(query)]
