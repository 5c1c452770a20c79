"""A case has ended after a sheet was accepted: cancel what has not left, and get or give back what has (*design*)."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any

from sqlalchemy.ext.asyncio import AsyncConnection

from ledger.domain.earlier import earlier_of, given_free
from ledger.domain.obligations import BookSide, Direction, Obligation, ObligationState, Owed, Reason, owed_by_version
from ledger.domain.payable import AccountNotRegistered, PayableDisagrees, Route, side_of
from ledger.repository import obligations
from ledger.repository.locks import lock_matching
from ledger.use_cases.add_orders import Mover, add_orders
from ledger.use_cases.match_lines import match_cases
from ledger.use_cases.registered_accounts import way_back
from shared.clock import local_date
from shared.contracts.events import BalanceVoided
from shared.law import design
from shared.messaging import CannotApply, Delivery
from shared.person_name import normalise_name
from shared.registry.registry import Registry
from shared.signing.signers import Signers


@design("money path of a terminated case: both ledgers by the same count")
async def void_balances(
    connection: AsyncConnection,
    deliveries: Sequence[Delivery[BalanceVoided]],
    *,
    registry: Registry,
    signers: Signers,
    now: datetime,
) -> None:
    """Void the cases of ``deliveries``; one for which nothing was ever owed is left as it is.

    Raises ``CannotApply`` where money has to go back and the registry holds no account for it.
    """
    agencies = {delivery.recipient.admdvs or "" for delivery in deliveries}
    await lock_matching(connection, agencies)
    for delivery in deliveries:
        await _void(connection, delivery, registry, now)
    for admdvs in sorted(agencies):
        cases = {one.rlts_traf_id for one in deliveries if one.recipient.admdvs == admdvs}
        await match_cases(connection, admdvs, cases, signers=signers, now=now)


async def _void(
    connection: AsyncConnection, delivery: Delivery[BalanceVoided], registry: Registry, now: datetime
) -> None:
    side, admdvs = side_of(delivery.sender), delivery.recipient.admdvs or ""
    key = (admdvs, side.value, delivery.rlts_traf_id)
    rows = (await obligations.of_cases(connection, [key]))[key]
    if not rows or any(row.obligation_no == delivery.event.obligation_no for row in rows):
        return
    if any(row.reason == Reason.TERMINATION for row in rows):
        raise CannotApply("办件已终止，不能以另一编号再次终止", code=PayableDisagrees.code)
    owed = owed_by_version(0, earlier_of(rows))
    await obligations.cancel(connection, list(owed.cancelled), day=local_date(now))
    way = _way(registry, rows[-1], owed, now)
    released_fen = given_free(rows, owed)
    row = _obligation(rows[-1], delivery.event, owed, way, now) | {"released_fen": released_fen}
    [obligation_id] = (await obligations.add(connection, [row])).values()
    mover = _mover(rows[-1], delivery.event, side, owed, way, obligation_id)
    await add_orders(connection, [replace(mover, is_free=released_fen >= owed.due_fen)], now=now)


def _way(registry: Registry, last: Obligation, owed: Owed, now: datetime) -> Route:
    if owed.direction is not Direction.RETURN:
        return Route(last.payer_bankacct, last.payee_bankacct, "", None)
    back = way_back(registry, last.trafout_admdvs, last.trafin_admdvs, local_date(now))
    if back is None:
        raise CannotApply("登记册中没有退款所需的付款账户或收款账户", code=AccountNotRegistered.code)
    return back


def _obligation(last: Obligation, event: BalanceVoided, owed: Owed, way: Route, now: datetime) -> dict[str, Any]:
    copied = (
        "admdvs",
        "side",
        "rlts_traf_id",
        "sheet_version",
        "trafout_admdvs",
        "trafin_admdvs",
        "psn_name",
        "way_back",
    )
    return {name: getattr(last, name) for name in copied} | {
        "obligation_no": event.obligation_no,
        "reason": Reason.TERMINATION.value,
        "match_name": normalise_name(last.psn_name),
        "amount_fen": 0,
        "direction": owed.direction.value,
        "due_fen": owed.due_fen,
        "payer_bankacct": way.payer_bankacct,
        "payee_bankacct": way.payee_bankacct,
        "sheet_digest": "",
        "state": (ObligationState.SETTLED if owed.direction is Direction.NOTHING else ObligationState.OPEN).value,
        "known_on": local_date(now),
        "known_at": now,
    }


def _mover(last: Obligation, event: BalanceVoided, side: BookSide, owed: Owed, way: Route, obligation_id: int) -> Mover:
    return Mover(
        obligation_id=obligation_id,
        admdvs=last.admdvs,
        side=side,
        direction=owed.direction,
        rlts_traf_id=last.rlts_traf_id,
        obligation_no=event.obligation_no,
        psn_name=last.psn_name,
        due_fen=owed.due_fen,
        way=way,
    )
