"""Count anew what is owed when a payment arrives that a later version had overtaken, or comes back that it counted."""

from collections.abc import Collection
from datetime import datetime
from typing import Any

from sqlalchemy.ext.asyncio import AsyncConnection

from ledger.domain.obligations import BookSide, Direction, ObligationState, Owed, Reason
from ledger.domain.payable import Route
from ledger.repository import obligations
from ledger.repository.obligations import ObligationRow
from ledger.use_cases.add_orders import Mover, add_orders
from ledger.use_cases.earlier import owed_after_arrival, waited_after_return
from shared.clock import local_date


async def renew_dues(connection: AsyncConnection, admdvs: str, cases: Collection[str], *, now: datetime) -> list[str]:
    """The payee's cases of which the last version owes something else now, with the order that gives money back.

    A case without an account to give money back from or to stays as it is, for its clerks.
    """
    if not cases:
        return []
    rows = await obligations.of_cases(connection, [(admdvs, BookSide.PAYEE.value, case) for case in cases])
    changed: list[tuple[ObligationRow, Owed, Route]] = []
    for case in sorted(cases):
        versions = [row for row in rows if row.rlts_traf_id == case and row.reason != Reason.ADDENDUM]
        owed = owed_after_arrival(versions)
        way = None if owed is None else _way(versions[-1], owed)
        if owed is not None and way is not None:
            changed.append((versions[-1], owed, way))
    for row, owed, way in changed:
        await obligations.owe_anew(connection, row.id, _values(owed, way, now))
        await add_orders(connection, [_mover(row, owed, way)], now=now)
    return [row.rlts_traf_id for row, _, _ in changed]


async def renew_waits(connection: AsyncConnection, admdvs: str, cases: Collection[str], *, now: datetime) -> list[str]:
    """The payer's cases of which the last version waits for less now, since the bank has sent a payment back."""
    if not cases:
        return []
    rows = await obligations.of_cases(connection, [(admdvs, BookSide.PAYER.value, case) for case in cases])
    changed = []
    for case in sorted(cases):
        versions = [row for row in rows if row.rlts_traf_id == case and row.reason != Reason.ADDENDUM]
        owed = waited_after_return(versions) if versions else None
        if owed is not None:
            way = Route(versions[-1].payer_bankacct, versions[-1].payee_bankacct, "", None)
            await obligations.owe_anew(connection, versions[-1].id, _values(owed, way, now))
            changed.append(case)
    return changed


def _way(row: ObligationRow, owed: Owed) -> Route | None:
    if owed.direction is not Direction.RETURN:
        return Route(row.payer_bankacct, row.payee_bankacct, "", None)
    return None if row.way_back is None else Route(**row.way_back)


def _values(owed: Owed, way: Route, now: datetime) -> dict[str, Any]:
    is_nothing = owed.direction is Direction.NOTHING
    return {
        "direction": owed.direction.value,
        "due_fen": owed.due_fen,
        "payer_bankacct": way.payer_bankacct,
        "payee_bankacct": way.payee_bankacct,
        "state": (ObligationState.SETTLED if is_nothing else ObligationState.OPEN).value,
        "known_on": local_date(now),
        "known_at": now,
        "settled_on": local_date(now) if is_nothing else None,
    }


def _mover(row: ObligationRow, owed: Owed, way: Route) -> Mover:
    return Mover(
        obligation_id=row.id,
        admdvs=row.admdvs,
        side=BookSide(row.side),
        direction=owed.direction,
        rlts_traf_id=row.rlts_traf_id,
        obligation_no=row.obligation_no,
        psn_name=row.psn_name,
        due_fen=owed.due_fen,
        way=way,
    )
