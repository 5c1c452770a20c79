"""Turn accepted sheets into obligations and payment orders, replacing what older versions left unpaid."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from uuid import uuid4

from sqlalchemy.ext.asyncio import AsyncConnection

from ledger.domain.obligations import BookSide, Direction, Earlier, ObligationState, Owed, owed_by_version
from ledger.domain.orders import COMMITTED, OrderState
from ledger.domain.payable import Payable, PayableDisagrees
from ledger.repository import obligations
from ledger.repository.locks import lock_matching
from ledger.repository.match_receipts import MatchScope
from ledger.repository.obligations import ObligationRow
from ledger.use_cases.match_lines import match_lines
from ledger.use_cases.verify_payable import verify_payable
from shared.case_number import end_to_end_id
from shared.clock import local_date
from shared.contracts.events import BalancePayable
from shared.messaging import CannotApply, Delivery
from shared.person_name import normalise_name
from shared.registry.copy import RegistryCopy
from shared.signing.signers import Signers

_MOVED_NOTHING = frozenset({ObligationState.CANCELLED, ObligationState.RETURNED})
_MOVED_AT_PAYEE = frozenset({ObligationState.MATCHED, ObligationState.CREDITED})


@dataclass(slots=True)
class _Plan:
    """What a set of payables changes."""

    added: list[tuple[Payable, Owed]] = field(default_factory=list)
    confirmed: list[tuple[Payable, ObligationRow]] = field(default_factory=list)
    cancelled: list[int] = field(default_factory=list)


async def record_payables(
    connection: AsyncConnection,
    deliveries: Sequence[Delivery[BalancePayable]],
    *,
    registry: RegistryCopy,
    signers: Signers,
    now: datetime,
) -> None:
    """Keep what accepted sheets owe, and match it with money that came before; raises ``CannotApply``."""
    payables = [await verify_payable(delivery, registry, now) for delivery in deliveries]
    agencies = {payable.admdvs for payable in payables}
    await lock_matching(connection, agencies)
    known = await obligations.of_cases(connection, [payable.key for payable in payables])
    plan = _plan(payables, known)
    await obligations.cancel(connection, plan.cancelled, day=local_date(now))
    await obligations.refresh(connection, [_refreshed(payable, row) for payable, row in plan.confirmed])
    ids = await obligations.add(connection, [_obligation(payable, owed, now) for payable, owed in plan.added])
    await _add_orders(connection, plan, ids, now)
    for admdvs in sorted(agencies):
        cases = sorted({payable.rlts_traf_id for payable in payables if payable.admdvs == admdvs})
        await match_lines(connection, MatchScope(admdvs, cases), signers=signers, now=now)


def _plan(payables: Sequence[Payable], known: Sequence[ObligationRow]) -> _Plan:
    plan = _Plan()
    for payable in payables:
        rows = [row for row in known if (row.admdvs, row.side, row.rlts_traf_id) == payable.key]
        same = next((row for row in rows if row.obligation_no == payable.event.obligation_no), None)
        if same is not None:
            _require_confirmation(payable, same)
            plan.confirmed.append((payable, same))
            continue
        older = [_earlier(row) for row in rows if row.state not in _MOVED_NOTHING]
        owed = owed_by_version(payable.event.amount, older)
        plan.cancelled += owed.cancelled
        plan.added.append((payable, owed))
    return plan


def _require_confirmation(payable: Payable, row: ObligationRow) -> None:
    """A number that is known keeps its amount and accounts: another amount is another obligation."""
    said = (payable.event.amount, payable.payer_bankacct, payable.payee_bankacct)
    if said != (row.amount_fen, row.payer_bankacct, row.payee_bankacct):
        message = "同一应付编号的金额或账户与先前不同"
        raise CannotApply(message, code=PayableDisagrees.code)


def _earlier(row: ObligationRow) -> Earlier:
    direction = Direction(row.direction)
    if direction is Direction.NOTHING:
        return Earlier(row.id, direction, 0, is_committed=True)
    if row.side == BookSide.PAYEE:
        is_committed = row.state in _MOVED_AT_PAYEE
    else:
        is_committed = row.order_state is not None and OrderState(row.order_state) in COMMITTED
    return Earlier(row.id, direction, row.due_fen, is_committed)


def _obligation(payable: Payable, owed: Owed, now: datetime) -> dict[str, Any]:
    event = payable.event
    is_nothing = owed.direction is Direction.NOTHING
    return {
        "admdvs": payable.admdvs,
        "side": payable.side.value,
        "rlts_traf_id": payable.rlts_traf_id,
        "obligation_no": event.obligation_no,
        "sheet_version": event.sheet_version,
        "reason": "balance" if event.obligation_no == "1" else "correction",
        "trafout_admdvs": event.trafout_admdvs,
        "trafin_admdvs": event.trafin_admdvs,
        "psn_name": event.psn_name,
        "match_name": normalise_name(event.psn_name),
        "amount_fen": event.amount,
        "direction": owed.direction.value,
        "due_fen": owed.due_fen,
        "payer_bankacct": payable.payer_bankacct,
        "payee_bankacct": payable.payee_bankacct,
        "sheet_digest": payable.sheet_digest,
        "state": (ObligationState.SETTLED if is_nothing else ObligationState.OPEN).value,
        "known_on": local_date(now),
        "known_at": now,
        "origin": event.origin.value,
    }


def _refreshed(payable: Payable, row: ObligationRow) -> dict[str, Any]:
    return {
        "id": row.id,
        "sheet_version": payable.event.sheet_version,
        "sheet_digest": payable.sheet_digest,
        "psn_name": payable.event.psn_name,
        "match_name": normalise_name(payable.event.psn_name),
        "note": remittance_note(payable.rlts_traf_id, payable.event.psn_name),
    }


async def _add_orders(
    connection: AsyncConnection, plan: _Plan, ids: dict[tuple[str, str, str, str], int], now: datetime
) -> None:
    paying = [
        (payable, owed)
        for payable, owed in plan.added
        if payable.side is BookSide.PAYER and owed.direction is Direction.PAY
    ]
    held = await obligations.held_cases(connection, [(one.admdvs, one.rlts_traf_id) for one, _ in paying])
    rows = [
        _order(payable, owed.due_fen, ids[*payable.key, payable.event.obligation_no], now)
        | {"state": _first_state(is_held=(payable.admdvs, payable.rlts_traf_id) in held)}
        for payable, owed in paying
    ]
    await obligations.add_orders(connection, rows)


def _order(payable: Payable, due_fen: int, obligation_id: int, now: datetime) -> dict[str, Any]:
    event = payable.event
    return {
        "id": uuid4(),
        "admdvs": payable.admdvs,
        "obligation_id": obligation_id,
        "rlts_traf_id": payable.rlts_traf_id,
        "obligation_no": event.obligation_no,
        "end_to_end_id": end_to_end_id(payable.rlts_traf_id, event.obligation_no),
        "remittance_note": remittance_note(payable.rlts_traf_id, event.psn_name),
        "match_name": normalise_name(event.psn_name),
        "amount_fen": due_fen,
        "payer_bankacct": payable.payer_bankacct,
        "payee_bankacct": payable.payee_bankacct,
        "payee_acctname": payable.payee_acctname,
        "payee_bankcode": payable.payee_bankcode,
        "created_at": now,
    }


def remittance_note(rlts_traf_id: str, psn_name: str) -> str:
    """附言: case number and name, and never a certificate number, which would stand on bank documents."""
    return f"{rlts_traf_id} {psn_name}"


def _first_state(*, is_held: bool) -> str:
    return (OrderState.HELD if is_held else OrderState.READY).value
