"""Alerts: raised once for a subject, settled by somebody or by what removes their cause."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import BigInteger, ColumnElement, bindparam, func, select, text, true, update
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.ext.asyncio import AsyncConnection

from ledger.domain.alerts import DEBIT_EXPLAINED, LOOKED_AT_ONCE, SYSTEM, AlertKind, Finding
from ledger.domain.orders import OrderState
from ledger.tables import adjustment, alert, order_hold, payment_download, payment_file_item, payment_order

_RAISE = text(
    """
    INSERT INTO alert AS present (admdvs, kind, subject, data, raised_at)
    SELECT f.admdvs, f.kind, f.subject, f.data, :now
    FROM jsonb_to_recordset(:found) AS f (admdvs text, kind text, subject text, data jsonb)
    WHERE NOT EXISTS (
        SELECT FROM alert s
        WHERE s.admdvs = f.admdvs AND s.kind = f.kind AND s.subject = f.subject AND s.data = f.data
          AND s.kind = ANY(:standing) AND s.settled_by <> :system)
    ON CONFLICT (admdvs, kind, subject) WHERE settled_at IS NULL
    DO UPDATE SET data = excluded.data, version = present.version + 1
    WHERE present.kind = ANY(:standing) AND present.data <> excluded.data
    RETURNING admdvs, kind, subject, version = 1 AS is_new
    """
).bindparams(bindparam("found", type_=JSONB))

_HAS_LEFT = (
    select(payment_download.c.file_id)
    .select_from(payment_file_item.join(payment_download, payment_download.c.file_id == payment_file_item.c.file_id))
    .where(payment_file_item.c.order_id == payment_order.c.id, payment_download.c.downloaded_at.is_not(None))
    .exists()
)
# What an alert holds changes while it is open: orders are added, given up or let go one by one.
_HELD = (
    select(
        func.count().label("held_count"),
        func.count().filter(payment_order.c.state == OrderState.RELEASED.value, _HAS_LEFT).label("left_count"),
        func.coalesce(func.sum(payment_order.c.amount_fen), 0).label("held_fen"),
    )
    .select_from(order_hold.join(payment_order, payment_order.c.id == order_hold.c.order_id))
    .where(
        order_hold.c.admdvs == alert.c.admdvs,
        order_hold.c.subject == alert.c.subject,
        order_hold.c.lifted_at.is_(None),
        payment_order.c.state.in_((OrderState.HELD.value, OrderState.RELEASED.value)),
    )
    .correlate(alert)
    .lateral("held")
)

_SETTLE_RELEASED = text(
    """
    UPDATE alert t SET settled_at = :now, settled_by = :by, reason = a.reason, version = t.version + 1
    FROM adjustment a WHERE a.id = ANY(:ids) AND t.id = a.alert_id AND t.settled_at IS NULL
    """
)
# Only of this kind is the subject a line's number.
_SETTLE_EXPLAINED = text(
    """
    WITH warned AS MATERIALIZED (
        SELECT id, CAST(subject AS bigint) AS line_id FROM alert
        WHERE admdvs = :admdvs AND kind = :kind AND settled_at IS NULL
    )
    UPDATE alert t SET settled_at = :now, settled_by = :by, reason = :reason, version = t.version + 1
    FROM warned w JOIN suspense s ON s.line_id = w.line_id
    WHERE t.id = w.id AND s.settled_on IS NOT NULL
    """
)


@dataclass(frozen=True, slots=True)
class AlertRow:
    """One alert; open while ``settled_at`` is ``None``. ``release_id``: the adjustment that waits to release it.

    ``held_count`` and ``held_fen``: the orders that are held for its subject now; ``left_count`` of them have left in
    a file: only the bank can still stop these.
    """

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
    release_id: UUID | None
    held_count: int
    left_count: int
    held_fen: int


async def raise_alerts(
    connection: AsyncConnection, found: Sequence[Finding], *, now: datetime
) -> tuple[list[Finding], list[Finding]]:
    """Open an alert for each finding whose subject has none of its kind: those that are new, those that have changed.

    What statements say is found in whole each time, so an open alert of it says what is found now. What stands as it
    stood when a person settled it is not told again.
    """
    if not found:
        return [], []
    rows = [{"admdvs": one.admdvs, "kind": one.kind, "subject": one.subject, "data": one.data} for one in found]
    values = {"found": rows, "standing": sorted(LOOKED_AT_ONCE), "system": SYSTEM, "now": now}
    rows_kept = await connection.execute(_RAISE, values)
    kept = {(row.kind, row.subject, row.admdvs): row.is_new for row in rows_kept}
    told = [(one, kept.get((one.kind, one.subject, one.admdvs))) for one in found]
    return [one for one, is_new in told if is_new], [one for one, is_new in told if is_new is False]


async def settle_about(
    connection: AsyncConnection,
    admdvs: str,
    kind: str,
    subjects: Collection[str],
    *,
    by: str,
    reason: str,
    now: datetime,
) -> None:
    """Close the agency's open alerts of a kind about these subjects, saying who or what did."""
    if subjects:
        about = alert.c.subject.in_(sorted(subjects))
        await _settle(connection, alert.c.admdvs == admdvs, alert.c.kind == kind, about, by=by, reason=reason, now=now)


async def settle_mended(
    connection: AsyncConnection,
    admdvs: str,
    kind: AlertKind,
    accounts: Collection[str],
    *,
    broken: Collection[str],
    by: str,
    reason: str,
    now: datetime,
) -> None:
    """Close the open alerts of a kind about statements of these accounts but for those that are still ``broken``."""
    of_accounts = alert.c.data["bankacct"].astext.in_(sorted(accounts))
    raised = (alert.c.admdvs == admdvs, alert.c.kind == kind.value, of_accounts)
    await _settle(connection, *raised, alert.c.subject.not_in(sorted(broken)), by=by, reason=reason, now=now)


async def settle_explained(connection: AsyncConnection, admdvs: str, *, now: datetime) -> None:
    """Close the agency's open alerts of debits that do not wait any more: nothing is to be looked at."""
    values = {"admdvs": admdvs, "kind": AlertKind.DEBITED_TWICE.value, "by": SYSTEM, "reason": DEBIT_EXPLAINED}
    await connection.execute(_SETTLE_EXPLAINED, values | {"now": now})


async def settle_released(
    connection: AsyncConnection, adjustment_ids: Sequence[UUID], *, by: str, now: datetime
) -> None:
    """Close the alerts that approved adjustments release, each for its own reason; ``by``: who approved."""
    await connection.execute(_SETTLE_RELEASED, {"ids": list(adjustment_ids), "by": by, "now": now})


async def by_ids(connection: AsyncConnection, admdvs: str, ids: Collection[int]) -> dict[int, AlertRow]:
    """The agency's alerts among ``ids``, locked in order."""
    query = _select().where(alert.c.admdvs == admdvs, alert.c.id.in_(ids)).order_by(alert.c.id)
    return {row.id: AlertRow(**row._mapping) for row in await connection.execute(query.with_for_update(of=alert))}


async def settle(connection: AsyncConnection, alert_id: int, *, by: str, reason: str, now: datetime) -> None:
    """Close an alert, saying who did."""
    await _settle(connection, alert.c.id == alert_id, by=by, reason=reason, now=now)


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


async def _settle(
    connection: AsyncConnection, *which: ColumnElement[bool], by: str, reason: str, now: datetime
) -> None:
    values = {"settled_at": now, "settled_by": by, "reason": reason, "version": alert.c.version + 1}
    await connection.execute(update(alert).where(*which, alert.c.settled_at.is_(None)).values(values))


def _select() -> Any:
    own = [alert.c[name] for name in AlertRow.__dataclass_fields__ if name in alert.c]
    held = (_HELD.c.held_count, _HELD.c.left_count, _HELD.c.held_fen.cast(BigInteger).label("held_fen"))
    proposed = select(adjustment.c.id).where(adjustment.c.alert_id == alert.c.id, adjustment.c.state == "proposed")
    release = proposed.correlate(alert).scalar_subquery().label("release_id")
    return select(*own, release, *held).select_from(alert.join(_HELD, true()))
