"""The history of suspense items. Who changes an item writes its event here, which gives the item a new version."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from sqlalchemy import bindparam, select, text
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.ext.asyncio import AsyncConnection

from ledger.domain.suspense_steps import SuspenseStep
from ledger.tables import suspense_event

_ADD = text(
    """
    WITH told AS (
        SELECT r.value, r.place FROM jsonb_array_elements(:events) WITH ORDINALITY AS r (value, place)
    ), renewed AS (
        UPDATE suspense s SET version = s.version + 1
        WHERE s.line_id IN (SELECT CAST(value ->> 'line_id' AS bigint) FROM told)
    )
    INSERT INTO suspense_event (admdvs, line_id, at, by, what, reason, detail)
    SELECT :admdvs, CAST(value ->> 'line_id' AS bigint), :now, :by, value ->> 'what', value ->> 'reason',
           value -> 'detail'
    FROM told ORDER BY place
    """
).bindparams(bindparam("events", type_=JSONB))


@dataclass(frozen=True, slots=True)
class NewEvent:
    """A step to be kept; ``detail`` is JSON: ids and amounts (fen), nothing that names a person."""

    line_id: int
    what: SuspenseStep
    reason: str | None = None
    detail: dict[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class SuspenseEventRow:
    """One step as it is kept: when (UTC), by whom, what, and why."""

    id: int
    at: datetime
    by: str
    what: str
    reason: str | None
    detail: dict[str, Any]


async def add(connection: AsyncConnection, admdvs: str, events: Sequence[NewEvent], *, by: str, now: datetime) -> None:
    """Keep steps of the agency's items; the caller holds the items' rows or the agency's matching lock."""
    if events:
        rows = [
            {"line_id": one.line_id, "what": one.what.value, "reason": one.reason, "detail": one.detail}
            for one in events
        ]
        await connection.execute(_ADD, {"events": rows, "admdvs": admdvs, "by": by, "now": now})


async def page(connection: AsyncConnection, line_id: int, *, after: int | None, limit: int) -> list[SuspenseEventRow]:
    """The steps of an item, newest first, up to ``limit + 1``."""
    query = select(*(suspense_event.c[name] for name in SuspenseEventRow.__dataclass_fields__))
    query = query.where(suspense_event.c.line_id == line_id).order_by(suspense_event.c.id.desc()).limit(limit + 1)
    if after is not None:
        query = query.where(suspense_event.c.id < after)
    return [SuspenseEventRow(**row._mapping) for row in await connection.execute(query)]
