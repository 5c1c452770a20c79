"""Alerts: raised once for a subject, settled by somebody or by what removes their cause."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import bindparam, func, select, text, update
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.ext.asyncio import AsyncConnection

from ledger.domain.alerts import Finding
from ledger.tables import alert

_RAISE = text(
    """
    INSERT INTO alert (admdvs, kind, subject, data, raised_at)
    SELECT f.admdvs, f.kind, f.subject, f.data, :now
    FROM jsonb_to_recordset(:found) AS f (admdvs text, kind text, subject text, data jsonb)
    ON CONFLICT (admdvs, kind, subject) WHERE settled_at IS NULL DO NOTHING
    RETURNING admdvs, kind, subject
    """
).bindparams(bindparam("found", type_=JSONB))


@dataclass(frozen=True, slots=True)
class AlertRow:
    """One alert; open while ``settled_at`` is ``None``."""

    id: int
    admdvs: str
    kind: str
    subject: str
    data: dict[str, Any]
    raised_at: datetime
    settled_at: datetime | None
    settled_by: str | None
    reason: str | None
    version: int


async def raise_alerts(connection: AsyncConnection, found: Sequence[Finding], *, now: datetime) -> list[Finding]:
    """Open an alert for each finding whose subject has none of its kind; those that are new."""
    if not found:
        return []
    rows = [{"admdvs": one.admdvs, "kind": one.kind, "subject": one.subject, "data": one.data} for one in found]
    added = await connection.execute(_RAISE, {"found": rows, "now": now})
    new = {(row.kind, row.subject, row.admdvs) for row in added}
    return [one for one in found if (one.kind, one.subject, one.admdvs) in new]


async def open_of_kind(connection: AsyncConnection, admdvs: str, kind: str) -> list[AlertRow]:
    """The agency's open alerts of a kind, locked."""
    query = _select().where(alert.c.admdvs == admdvs, alert.c.kind == kind, alert.c.settled_at.is_(None))
    return [AlertRow(**row._mapping) for row in await connection.execute(query.order_by(alert.c.id).with_for_update())]


async def lock(connection: AsyncConnection, admdvs: str, alert_id: int) -> AlertRow | None:
    """One alert of the agency, locked."""
    query = _select().where(alert.c.admdvs == admdvs, alert.c.id == alert_id).with_for_update()
    row = (await connection.execute(query)).one_or_none()
    return None if row is None else AlertRow(**row._mapping)


async def settle(connection: AsyncConnection, ids: Sequence[int], *, by: str, reason: str, now: datetime) -> None:
    """Close alerts, saying who or what did."""
    await connection.execute(
        update(alert)
        .where(alert.c.id.in_(ids), alert.c.settled_at.is_(None))
        .values(settled_at=now, settled_by=by, reason=reason, version=alert.c.version + 1)
    )


async def page(
    connection: AsyncConnection, admdvs: str, *, kind: str | None, is_open: bool | None, after: int | None, limit: int
) -> list[AlertRow]:
    """The agency's alerts, newest first, up to ``limit + 1``."""
    query = _select().where(alert.c.admdvs == admdvs).order_by(alert.c.id.desc()).limit(limit + 1)
    if kind is not None:
        query = query.where(alert.c.kind == kind)
    if is_open is not None:
        query = query.where(alert.c.settled_at.is_(None) if is_open else alert.c.settled_at.is_not(None))
    if after is not None:
        query = query.where(alert.c.id < after)
    return [AlertRow(**row._mapping) for row in await connection.execute(query)]


async def is_open(connection: AsyncConnection, admdvs: str, kind: str, subject: str) -> bool:
    """Whether an alert of a kind about a subject waits for somebody."""
    query = select(alert.c.id).where(
        alert.c.admdvs == admdvs, alert.c.kind == kind, alert.c.subject == subject, alert.c.settled_at.is_(None)
    )
    return await connection.scalar(query) is not None


async def open_totals(connection: AsyncConnection) -> list[tuple[str, int]]:
    """Number of open alerts by kind, for the gauge."""
    query = select(alert.c.kind, func.count()).where(alert.c.settled_at.is_(None)).group_by(alert.c.kind)
    return [(row[0], row[1]) for row in await connection.execute(query)]


def _select() -> Any:
    return select(*(alert.c[name] for name in AlertRow.__dataclass_fields__))
