"""Compare what the sides report of their cases with the platform's own, and keep what does not agree."""

from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Row
from sqlalchemy.ext.asyncio import AsyncConnection

from platform_gateway.context import GatewayContext
from platform_gateway.domain.breaks import BreakKind, Comparison, Verdict
from platform_gateway.domain.invariants import OwnCase, compare
from platform_gateway.repository import breaks, figures, own_cases
from platform_gateway.repository.breaks import BreakRow, Seen
from platform_gateway.repository.figures import Reported, ReportPart
from shared.clock import local_date
from shared.contracts.events import FiguresReported
from shared.contracts.events.figures import AFTER_ALL, FiguresSide
from shared.contracts.party import Party, Role
from shared.messaging.delivery import CannotApply, Delivery

_SIDES = {
    Role.OUTBOUND: (FiguresSide.OUTBOUND,),
    Role.INBOUND: (FiguresSide.INBOUND,),
    Role.LEDGER: (FiguresSide.PAYER, FiguresSide.PAYEE),
}
_MOST_MISSING = 1000
"""Told of one report; a side that lost more is found out by these."""
LOOKED_AT_ONCE = 1000

_CLOCKS_DIFFER = timedelta(minutes=5)
"""No more than that; a report just before midnight may seem to be of the next day."""

Told = Delivery[FiguresReported]
Compared = tuple[Reported, OwnCase | None, Comparison]


class FiguresFromTheFuture(CannotApply):
    """A report that says it is of a later day than today: kept, nothing newer would ever count against it."""

    code = "figures-from-the-future"


async def keep_figures(context: GatewayContext, connection: AsyncConnection, deliveries: Sequence[Told]) -> None:
    """Compare every case in ``deliveries``; with a report's last part, find the cases that it left out.

    Raises ``FiguresFromTheFuture``: the report waits in quarantine, and no other behind it.
    """
    now = context.clock.now()
    for each in deliveries:
        _refuse_future(each.event, now)
    reported = [
        Reported(str(each.sender), one, each.event.as_of, each.message_id)
        for each in deliveries
        for one in each.event.figures
    ]
    newest = {one.key: one for one in sorted(reported, key=lambda one: one.as_of)}
    await _compare(context, connection, list(newest.values()), now, is_told_now=True)
    for each in sorted(deliveries, key=lambda each: each.event.part):
        await _keep_gone(connection, each, now)
        await figures.note_part(connection, _part(each))
        if each.event.is_last:
            await _find_missing(context, connection, each, now)


def _refuse_future(event: FiguresReported, now: datetime) -> None:
    latest = max(local_date(event.as_of), local_date(event.started_at), event.reported_on)
    if latest > local_date(now + _CLOCKS_DIFFER):
        raise FiguresFromTheFuture(f"报送的日期为 {latest}，晚于平台的当天 {local_date(now)}。")


async def look_again(context: GatewayContext) -> int:
    """Compare anew what waited for something that must have arrived by now; how many cases there were."""
    now = context.clock.now()
    async with context.database.transaction() as connection:
        due = await figures.lock_due(connection, now, LOOKED_AT_ONCE)
        await _compare(context, connection, due, now, is_told_now=False)
    return len(due)


async def _compare(
    context: GatewayContext,
    connection: AsyncConnection,
    reported: Sequence[Reported],
    now: datetime,
    *,
    is_told_now: bool,
) -> None:
    if reported:
        own = await own_cases.read(connection, [one.asked for one in reported])
        found = [compared(context, one, own.get(one.asked), now) for one in reported]
        await keep_compared(connection, found, now, is_told_now=is_told_now)


def compared(context: GatewayContext, one: Reported, own: OwnCase | None, now: datetime) -> Compared:
    """What was reported of a case, what the platform has of it, and what that comes to."""
    sender, grace = Party.parse(one.sender), context.settings.figures_grace
    return one, own, compare(own, one.figures, sender, as_of=one.as_of, now=now, grace=grace)


async def keep_compared(
    connection: AsyncConnection, found: Sequence[Compared], now: datetime, *, is_told_now: bool
) -> None:
    """Keep the verdicts; breaks that are shown are opened, those that are shown no more closed. That a side has lost a
    case is over only where it ``is_told_now``.
    """
    await figures.save(connection, [(one, comparison) for one, _, comparison in found])
    await breaks.settle(connection, [_seen(*each, is_told_now=is_told_now) for each in found], now)
    await breaks.keep(connection, [row for each in found for row in _rows(*each)], now)


def _seen(one: Reported, own: OwnCase | None, comparison: Comparison, *, is_told_now: bool) -> Seen:
    kinds = [each.kind.value for each in comparison.breaks]
    if not is_told_now:
        kinds.append(BreakKind.CASE_MISSING.value)
    return Seen(*one.key, kinds, comparison.verdict is not Verdict.IN_TRANSIT, own is not None)


def _rows(one: Reported, own: OwnCase | None, comparison: Comparison) -> Iterable[BreakRow]:
    number, sender, side = one.key
    for each in comparison.breaks:
        yield BreakRow(
            number,
            sender,
            side,
            each.kind,
            own.trafout_admdvs if own else sender[-6:],
            own.trafin_admdvs if own else sender[-6:],
            each.ours,
            {"messages": list(each.messages)} | (_own_evidence(own) if own else {}),
            each.theirs,
            {"message_id": str(one.message_id), "as_of": one.as_of}
            | one.figures.model_dump(mode="json", exclude_none=True),
        )


def _own_evidence(own: OwnCase) -> dict[str, Any]:
    return {
        "state": own.state,
        "state_since": own.state_since,
        "sheet_version": own.sheet_version,
        "sheet_digest": own.sheet_digest,
        "sheet_message": own.sheet_message,
        "applied": own.applied,
        "sent": own.sent,
    }


async def _keep_gone(connection: AsyncConnection, each: Told, now: datetime) -> None:
    sender, gone = str(each.sender), each.event.gone
    own = await own_cases.read(connection, [(one.rlts_traf_id, sender) for one in gone]) if gone else {}
    known = [(one.side, own[key]) for one in gone if (key := (one.rlts_traf_id, sender)) in own]
    await breaks.keep(connection, [_missing(each, side, case) for side, case in known], now)


async def _find_missing(context: GatewayContext, connection: AsyncConnection, each: Told, now: datetime) -> None:
    event, sender = each.event, str(each.sender)
    low, high = event.range_from, event.range_to or AFTER_ALL
    for side in _SIDES[each.sender.role]:
        rows = await own_cases.not_reported(
            connection,
            sender=sender,
            side=side.value,
            low=low,
            high=high,
            started_at=event.started_at,
            before=event.started_at - context.settings.figures_grace,
            limit=_MOST_MISSING,
        )
        # Of those after the last that is told, nothing is known.
        end = rows[-1].rlts_traf_id if len(rows) == _MOST_MISSING else high
        await breaks.settle_gone(
            connection,
            sender=sender,
            side=side.value,
            low=low,
            high=end,
            started_at=event.started_at,
            missing=[row.rlts_traf_id for row in rows],
            now=now,
        )
        await breaks.keep(connection, [_missing(each, side, row) for row in rows], now)


def _missing(each: Told, side: FiguresSide, row: Row[Any] | OwnCase) -> BreakRow:
    event = each.event
    return BreakRow(
        row.rlts_traf_id,
        str(each.sender),
        side.value,
        BreakKind.CASE_MISSING,
        row.trafout_admdvs,
        row.trafin_admdvs,
        row.state,
        {"state": row.state, "state_since": row.state_since},
        "",
        {
            "message_id": str(each.message_id),
            "started_at": event.started_at,
            "as_of": event.as_of,
            "range_from": event.range_from,
            "range_to": event.range_to,
        },
    )


def _part(each: Told) -> ReportPart:
    event = each.event
    return ReportPart(
        str(each.sender),
        event.reported_on,
        event.started_at,
        event.as_of,
        event.part,
        len(event.figures),
        event.reported_on if event.is_last else None,
    )
