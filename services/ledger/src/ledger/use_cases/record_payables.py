"""Turn accepted sheets and addenda into obligations and payment orders, replacing what older versions left unpaid."""

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field
from datetime import datetime
from typing import Any

from sqlalchemy.ext.asyncio import AsyncConnection

from ledger.domain.earlier import earlier_of, given_free
from ledger.domain.obligations import (
    Direction,
    Earlier,
    Obligation,
    ObligationState,
    Owed,
    Reason,
    owed_by_version,
)
from ledger.domain.payable import AccountNotRegistered, Payable, PayableDisagrees, Route
from ledger.repository import obligations
from ledger.repository.locks import lock_matching
from ledger.repository.obligations import Key
from ledger.repository.waiting_money import agencies_with_money
from ledger.use_cases.add_orders import Mover, add_orders, remittance_note
from ledger.use_cases.doubt_obligations import doubt_obligations
from ledger.use_cases.match_lines import match_cases
from ledger.use_cases.verify_payable import PayableDelivery, verify_payable
from shared.clock import local_date
from shared.messaging import CannotApply
from shared.person_name import normalise_name
from shared.registry.copy import RegistryCopy
from shared.signing.signers import Signers


@dataclass(slots=True)
class _Plan:
    """What a set of payables changes."""

    added: list[tuple[Payable, Owed, int]] = field(default_factory=list)
    confirmed: list[tuple[Payable, Obligation]] = field(default_factory=list)
    cancelled: list[int] = field(default_factory=list)


async def record_payables(
    connection: AsyncConnection,
    deliveries: Sequence[PayableDelivery],
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
    ids = await obligations.add(connection, [_obligation(*each, now) for each in plan.added])
    await doubt_obligations(connection, obligations=sorted(ids.values()), now=now)
    await add_orders(connection, [_mover(*each, ids) for each in plan.added], now=now)
    waiting = await agencies_with_money(connection, [payable.rlts_traf_id for payable in payables])
    # What is cancelled may settle a proposal, without any money.
    for admdvs in sorted(agencies if plan.cancelled else agencies & waiting):
        cases = {payable.rlts_traf_id for payable in payables if payable.admdvs == admdvs}
        await match_cases(connection, admdvs, cases, signers=signers, now=now)


def _plan(payables: Sequence[Payable], known: Mapping[Key, Sequence[Obligation]]) -> _Plan:
    plan = _Plan()
    for payable in payables:
        rows = known[payable.key]
        _require_one_number(payable, rows)
        same = next((row for row in rows if row.obligation_no == payable.event.obligation_no), None)
        if same is not None:
            _require_confirmation(payable, same)
            plan.confirmed.append((payable, same))
            continue
        owed = owed_by_version(payable.event.amount, _older(payable, rows))
        plan.cancelled += owed.cancelled
        plan.added.append((payable, owed, given_free(rows, owed)))
    return plan


def _older(payable: Payable, rows: Sequence[Obligation]) -> list[Earlier]:
    """What counts toward the document: earlier sheet versions for a sheet, nothing for an addendum."""
    if payable.reason is Reason.ADDENDUM:
        return []
    versions = [row for row in rows if row.reason != Reason.ADDENDUM]
    return earlier_of(versions)


def _require_confirmation(payable: Payable, row: Obligation) -> None:
    """A number that is known keeps its amount, and its accounts where money moves: else it is another obligation."""
    direction = Direction(row.direction)
    way = _way(payable, direction)
    accounts = (way.payer_bankacct, way.payee_bankacct)
    is_other_way = direction is not Direction.NOTHING and accounts != (row.payer_bankacct, row.payee_bankacct)
    if is_other_way or payable.event.amount != row.amount_fen:
        message = "同一应付编号的金额或账户与先前不同"
        raise CannotApply(message, code=PayableDisagrees.code)


def _require_one_number(payable: Payable, rows: Sequence[Obligation]) -> None:
    """A document owes what it owes once, under one number."""
    kinds = {Reason.ADDENDUM} if payable.reason is Reason.ADDENDUM else {Reason.BALANCE, Reason.CORRECTION}
    of_document = [row for row in rows if row.sheet_version == payable.document_no and row.reason in kinds]
    if any(row.obligation_no != payable.event.obligation_no for row in of_document):
        raise CannotApply("同一信息表或补充单已有另一应付编号", code=PayableDisagrees.code)


def _obligation(payable: Payable, owed: Owed, released_fen: int, now: datetime) -> dict[str, Any]:
    event, way = payable.event, _way(payable, owed.direction)
    is_nothing = owed.direction is Direction.NOTHING
    return {
        "admdvs": payable.admdvs,
        "side": payable.side.value,
        "rlts_traf_id": payable.rlts_traf_id,
        "obligation_no": event.obligation_no,
        "sheet_version": payable.document_no,
        "reason": payable.reason.value,
        "trafout_admdvs": event.trafout_admdvs,
        "trafin_admdvs": event.trafin_admdvs,
        "psn_name": event.psn_name,
        "match_name": normalise_name(event.psn_name),
        "amount_fen": event.amount,
        "direction": owed.direction.value,
        "due_fen": owed.due_fen,
        "released_fen": released_fen,
        "payer_bankacct": way.payer_bankacct,
        "payee_bankacct": way.payee_bankacct,
        "sheet_digest": payable.digest,
        "state": (ObligationState.SETTLED if is_nothing else ObligationState.OPEN).value,
        "known_on": local_date(now),
        "known_at": now,
        "way_back": None if payable.back is None else asdict(payable.back),
        "origin": event.origin.value,
    }


def _mover(payable: Payable, owed: Owed, released_fen: int, ids: dict[tuple[str, str, str, str], int]) -> Mover:
    obligation_no = payable.event.obligation_no
    return Mover(
        obligation_id=ids[*payable.key, obligation_no],
        admdvs=payable.admdvs,
        side=payable.side,
        direction=owed.direction,
        rlts_traf_id=payable.rlts_traf_id,
        obligation_no=obligation_no,
        psn_name=payable.event.psn_name,
        due_fen=owed.due_fen,
        way=_way(payable, owed.direction),
        is_free=released_fen >= owed.due_fen,
    )


def _refreshed(payable: Payable, row: Obligation) -> dict[str, Any]:
    return {
        "id": row.id,
        "sheet_version": payable.document_no,
        "sheet_digest": payable.digest,
        "psn_name": payable.event.psn_name,
        "match_name": normalise_name(payable.event.psn_name),
        "note": remittance_note(payable.rlts_traf_id, payable.event.psn_name),
    }


def _way(payable: Payable, direction: Direction) -> Route:
    try:
        return payable.way(direction)
    except AccountNotRegistered as error:
        raise CannotApply(error.message, code=error.code) from error
