"""Where a side's report does not agree with the platform: found, seen again, settled."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from pydantic_core import to_json
from sqlalchemy import Row, func, or_, select, text
from sqlalchemy.ext.asyncio import AsyncConnection

from platform_gateway.domain.statistics import AreaRange
from platform_gateway.tables import invariant_break

_KEEP = text(
    """
    INSERT INTO invariant_break AS present
           (rlts_traf_id, sender, side, kind, trafout_admdvs, trafin_admdvs, own_value, own_evidence, told_value,
            told_evidence, found_at, seen_at)
    SELECT r.*, :now, :now FROM jsonb_to_recordset(CAST(:rows AS jsonb)) AS r (
        rlts_traf_id text, sender text, side text, kind text, trafout_admdvs text, trafin_admdvs text, own_value text,
        own_evidence jsonb, told_value text, told_evidence jsonb)
    ORDER BY rlts_traf_id, sender, side, kind
    ON CONFLICT (rlts_traf_id, sender, side, kind) WHERE settled_at IS NULL DO UPDATE
    SET own_value = excluded.own_value, own_evidence = excluded.own_evidence, told_value = excluded.told_value,
        told_evidence = excluded.told_evidence, seen_at = excluded.seen_at
    """
)
_SETTLE = text(
    """
    UPDATE invariant_break b SET settled_at = :now
    FROM jsonb_to_recordset(CAST(:rows AS jsonb)) AS r (rlts_traf_id text, sender text, side text, kinds jsonb,
                                                        is_final boolean, is_known boolean)
    WHERE b.settled_at IS NULL AND b.rlts_traf_id = r.rlts_traf_id AND b.sender = r.sender AND b.side = r.side
      AND CASE WHEN r.is_final THEN NOT r.kinds ? b.kind
               ELSE (b.kind = 'case_missing' AND NOT r.kinds ? b.kind) OR (b.kind = 'case_unknown' AND r.is_known) END
    """
)

_SETTLE_GONE = text(
    """
    UPDATE invariant_break SET settled_at = :now
    WHERE settled_at IS NULL AND sender = :sender AND side = :side
      AND rlts_traf_id >= :low AND rlts_traf_id < :high
      AND CASE kind WHEN 'case_missing' THEN rlts_traf_id <> ALL(:missing)
                    WHEN 'case_unknown' THEN CAST(told_evidence ->> 'as_of' AS timestamptz) < :started_at END
    """
)


@dataclass(frozen=True, slots=True)
class BreakRow:
    """One disagreement with both sides' evidence (documents for people to follow, without personal data)."""

    rlts_traf_id: str
    sender: str
    side: str
    kind: str
    trafout_admdvs: str
    trafin_admdvs: str
    own_value: str
    own_evidence: dict[str, Any]
    told_value: str
    told_evidence: dict[str, Any]


@dataclass(frozen=True, slots=True)
class Seen:
    """What a newer report of a case says, or one that is looked at again: which kinds of break still stand. Where it is
    not ``is_final``, something is on its way, and it only proves that the case is there; ``is_known``: the platform has
    it by now, too.
    """

    rlts_traf_id: str
    sender: str
    side: str
    kinds: Sequence[str]
    is_final: bool
    is_known: bool


async def keep(connection: AsyncConnection, rows: Iterable[BreakRow], now: datetime) -> None:
    """Open each break, or note that it was seen again."""
    listed = [{name: getattr(row, name) for name in BreakRow.__dataclass_fields__} for row in rows]
    if listed:
        await connection.execute(_KEEP, {"rows": to_json(listed).decode(), "now": now})


async def settle(connection: AsyncConnection, seen: Iterable[Seen], now: datetime) -> None:
    """Close every break that a newer report does not show any more."""
    listed = [{name: getattr(row, name) for name in Seen.__dataclass_fields__} for row in seen]
    if listed:
        await connection.execute(_SETTLE, {"rows": to_json(listed).decode(), "now": now})


async def settle_gone(
    connection: AsyncConnection,
    *,
    sender: str,
    side: str,
    low: str,
    high: str,
    started_at: datetime,
    missing: Sequence[str],
    now: datetime,
) -> None:
    """Close what the whole report of a range, begun at ``started_at``, shows no more: cases that are ``missing`` no
    longer, and cases that are nobody's and were not reported again.
    """
    values = {"sender": sender, "side": side, "low": low, "high": high, "started_at": started_at}
    await connection.execute(_SETTLE_GONE, values | {"missing": list(missing), "now": now})


async def page(
    connection: AsyncConnection,
    areas: AreaRange,
    *,
    kind: str | None,
    side: str | None,
    rlts_traf_id: str | None,
    is_open: bool,
    after: int | None,
    limit: int,
) -> Sequence[Row[Any]]:
    """Breaks of cases with a side in ``areas``, oldest first."""
    table = invariant_break.c
    query = select(invariant_break).where(
        or_(table.trafout_admdvs.between(areas.low, areas.high), table.trafin_admdvs.between(areas.low, areas.high)),
        table.settled_at.is_(None) if is_open else table.settled_at.is_not(None),
    )
    for column, value in ((table.kind, kind), (table.side, side), (table.rlts_traf_id, rlts_traf_id)):
        if value is not None:
            query = query.where(column == value)
    if after is not None:
        query = query.where(table.id > after)
    return (await connection.execute(query.order_by(table.id).limit(limit))).all()


async def count_open(connection: AsyncConnection) -> dict[tuple[str, str], int]:
    """Open breaks by kind and side, for the gauge."""
    table = invariant_break.c
    query = select(table.kind, table.side, func.count()).where(table.settled_at.is_(None))
    rows = await connection.execute(query.group_by(table.kind, table.side))
    return {(row[0], row[1]): row[2] for row in rows}
