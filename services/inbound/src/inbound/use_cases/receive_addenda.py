"""AddendumRouted: money that came after sealing; verified by ourselves, told to our ledger."""

from collections.abc import Sequence
from dataclasses import replace

from sqlalchemy.ext.asyncio import AsyncConnection

from inbound.addressing import to_ledger
from inbound.domain.case import CaseState, InboundCase
from inbound.office import Office
from inbound.repository.addenda import ReceivedAddendum, add_addenda
from inbound.repository.cases import save_cases
from inbound.repository.history import Happened, add_history
from inbound.use_cases.locked_cases import lock_delivered
from inbound.use_cases.open_credits import open_credits
from shared.contracts.events import AddendumPayable, AddendumRouted
from shared.law import design
from shared.messaging import CannotApply, Delivery, enqueue
from shared.sheet_rules import addendum_obligation_no
from shared.signing.addendum import OpenedAddendum, open_arrived_addendum
from shared.signing.errors import KeyUnknown

_OVER = (CaseState.ANNOUNCED, CaseState.WITHDRAWN, CaseState.TERMINATED)


@design("addendum for money after sealing")
async def receive_addenda(
    connection: AsyncConnection, deliveries: Sequence[Delivery[AddendumRouted]], office: Office
) -> None:
    """Take in an addendum per delivery; the sheet is not reopened, and what is owed grows by the amount.

    Raises ``VerificationFailed`` where seal or arrival do not hold, ``CannotApply`` for a case that takes none.
    """
    now = office.clock.now()
    cases = await lock_delivered(connection, deliveries)
    kept, changed, news, steps = [], [], [], []
    for delivery in deliveries:
        case, opened = cases[delivery.rlts_traf_id], await _open(delivery, office)
        if case.state in _OVER:
            raise CannotApply("办件当前状态不接收补充单", code="addendum-not-expected")
        after = replace(case, addenda_amount=case.addenda_amount + opened.addendum.amount)
        kept.append(_received(delivery, opened, office))
        changed.append(after)
        news.append(to_ledger(after, _payable(after, delivery.event, opened, office)))
        steps.append(Happened(after, "addendum_received", case.state, message_id=delivery.message_id))
    await add_addenda(connection, kept)
    await save_cases(connection, changed)
    await add_history(connection, steps, now=now)
    await enqueue(connection, news, signers=office.signers, now=now)
    await open_credits(connection, changed, office)


async def _open(delivery: Delivery[AddendumRouted], office: Office) -> OpenedAddendum:
    event = delivery.event
    try:
        arrival, opened = open_arrived_addendum(event.sealed_addendum, event.arrival, office.registry.current.keys)
    except KeyUnknown:
        if not await office.registry.refresh_for_unknown():
            raise
        arrival, opened = open_arrived_addendum(event.sealed_addendum, event.arrival, office.registry.current.keys)
    if (arrival.rlts_traf_id, arrival.addendum_no) != (delivery.rlts_traf_id, event.addendum_no):
        raise CannotApply("补充单的办件编号或序号与消息不一致", code="addendum-of-another-case")
    return opened


def _received(delivery: Delivery[AddendumRouted], opened: OpenedAddendum, office: Office) -> ReceivedAddendum:
    addendum, event = opened.addendum, delivery.event
    return ReceivedAddendum(
        rlts_traf_id=delivery.rlts_traf_id,
        addendum_no=event.addendum_no,
        sealed_addendum=event.sealed_addendum,
        arrival=event.arrival,
        digest=opened.digest,
        amount=addendum.amount,
        cause=addendum.cause,
        reason=addendum.reason,
        received_at=office.clock.now(),
    )


def _payable(case: InboundCase, event: AddendumRouted, opened: OpenedAddendum, office: Office) -> AddendumPayable:
    registry, addendum = office.registry.current, opened.addendum
    payer = registry.bank_account(case.trafout_admdvs, "payer", addendum.issued_on)
    payee = registry.bank_account(case.trafin_admdvs, "receiver", addendum.issued_on)
    return AddendumPayable(
        obligation_no=addendum_obligation_no(event.addendum_no),
        addendum_no=event.addendum_no,
        trafout_admdvs=case.trafout_admdvs,
        trafin_admdvs=case.trafin_admdvs,
        psn_name=addendum.psn_name,
        amount=addendum.amount,
        sealed_addendum=event.sealed_addendum,
        arrival=event.arrival,
        # An account that the registry lacks stays empty: the ledger then refuses, and says so.
        payer_bankacct=payer.bankacct if payer else "",
        payee_bankacct=payee.bankacct if payee else "",
    )
