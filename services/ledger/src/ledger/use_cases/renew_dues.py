"""Count anew what cases owe when money comes, or comes back, that a later version had counted otherwise."""

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime

from sqlalchemy.ext.asyncio import AsyncConnection

from ledger.domain.counted_anew import Recount, counted_anew
from ledger.domain.obligations import BookSide, Direction, Obligation, ObligationState, Owed
from ledger.domain.payable import Route
from ledger.repository import dues, obligations, orders
from ledger.repository.dues import Anew
from ledger.use_cases.add_orders import Mover, add_orders
from shared.clock import local_date

_Renewed = tuple[Obligation, Owed, Route]


async def renew_dues(
    connection: AsyncConnection, admdvs: str, cases: Collection[str], *, come_back: Collection[str] = (), now: datetime
) -> list[str]:
    """Those of ``cases`` and ``come_back`` (whose payment came back, or was refused) that owe something else now.

    With the order that moves it. A case without an account for that stays as it is, for its clerks.
    """
    keys = [(admdvs, side.value, case) for side in BookSide for case in sorted({*cases, *come_back})]
    if not keys:
        return []
    recounts: list[Recount] = []
    for (_, _, case), rows in (await obligations.of_cases(connection, keys)).items():
        recounts += counted_anew(rows, has_come_back=case in come_back)
    if not recounts:
        return []
    last = await orders.last_ways(connection, admdvs, {row.rlts_traf_id for row, _ in recounts})
    renewed = [(row, owed, way) for row, owed in recounts if (way := _way(row, owed, last)) is not None]
    await _renew(connection, renewed, now)
    return sorted({row.rlts_traf_id for row, _, _ in renewed})


async def _renew(connection: AsyncConnection, renewed: Sequence[_Renewed], now: datetime) -> None:
    if not renewed:
        return
    cancelled = [each for _, owed, _ in renewed for each in owed.cancelled]
    await obligations.cancel(connection, cancelled, day=local_date(now))
    changes = [
        Anew(row.id, owed.direction.value, owed.due_fen, way.payer_bankacct, way.payee_bankacct)
        for row, owed, way in renewed
    ]
    await dues.owe_anew(connection, changes, day=local_date(now), now=now)
    standing = [one for one in renewed if one[0].state != ObligationState.CANCELLED]
    await orders.owe_more(
        connection, {row.id: owed.due_fen for row, owed, _ in standing if row.order_state is not None}
    )
    await add_orders(connection, [_mover(*one) for one in standing if one[0].order_state is None], now=now)


def _way(row: Obligation, owed: Owed, last: Mapping[str, Route]) -> Route | None:
    """The accounts for what is owed now; ``last``: the ways that the cases' payments went before."""
    if owed.direction is Direction.RETURN and row.direction != Direction.RETURN:
        return None if row.way_back is None else Route(**row.way_back)
    if owed.direction is Direction.PAY and row.side == BookSide.PAYER:
        return last.get(row.rlts_traf_id)
    return Route(row.payer_bankacct, row.payee_bankacct, "", None)


def _mover(row: Obligation, owed: Owed, way: Route) -> Mover:
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
