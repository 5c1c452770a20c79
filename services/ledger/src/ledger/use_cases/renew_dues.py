"""Count anew what cases owe when money comes, or comes back, that a later version had counted otherwise."""

from collections.abc import Collection
from datetime import datetime
from typing import Any

from sqlalchemy.ext.asyncio import AsyncConnection

from ledger.domain.obligations import BookSide, Direction, ObligationState, Owed
from ledger.domain.payable import Route
from ledger.repository import obligations, orders
from ledger.repository.obligations import ObligationRow
from ledger.use_cases.add_orders import Mover, add_orders
from ledger.use_cases.counted_anew import counted_anew
from shared.clock import local_date


async def renew_dues(
    connection: AsyncConnection, admdvs: str, cases: Collection[str], *, come_back: Collection[str] = (), now: datetime
) -> list[str]:
    """Those of ``cases`` and ``come_back`` (to which a payment has come back) that owe something else now.

    With the order that moves it. A case without an account for that stays as it is, for its clerks.
    """
    keys = [(admdvs, side.value, case) for side in BookSide for case in sorted({*cases, *come_back})]
    if not keys:
        return []
    rows = await obligations.of_cases(connection, keys)
    changed: set[str] = set()
    for key in keys:
        present = [row for row in rows if (row.admdvs, row.side, row.rlts_traf_id) == key]
        for row, owed in counted_anew(present, has_come_back=key[2] in come_back):
            way = await _way(connection, row, owed)
            if way is not None:
                await _renew(connection, row, owed, way, now)
                changed.add(row.rlts_traf_id)
    return sorted(changed)


async def _renew(connection: AsyncConnection, row: ObligationRow, owed: Owed, way: Route, now: datetime) -> None:
    await obligations.owe_anew(connection, row.id, _values(row, owed, way, now))
    if row.state == ObligationState.CANCELLED:
        return
    if row.order_state is not None:
        await orders.owe_more(connection, row.id, owed.due_fen)
    else:
        await add_orders(connection, [_mover(row, owed, way)], now=now)


async def _way(connection: AsyncConnection, row: ObligationRow, owed: Owed) -> Route | None:
    if owed.direction is Direction.RETURN and row.direction != Direction.RETURN:
        return None if row.way_back is None else Route(**row.way_back)
    if owed.direction is Direction.PAY and row.side == BookSide.PAYER:
        return await orders.last_way(connection, row.admdvs, row.rlts_traf_id)
    return Route(row.payer_bankacct, row.payee_bankacct, "", None)


def _values(row: ObligationRow, owed: Owed, way: Route, now: datetime) -> dict[str, Any]:
    values = {
        "direction": owed.direction.value,
        "due_fen": owed.due_fen,
        "payer_bankacct": way.payer_bankacct,
        "payee_bankacct": way.payee_bankacct,
    }
    if row.state == ObligationState.CANCELLED:
        return values
    is_nothing = owed.direction is Direction.NOTHING
    return values | {
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
