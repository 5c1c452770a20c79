"""What the own ledger tells of a case's payments. A fact is kept in any state of the case."""

from collections.abc import Callable, Sequence
from datetime import datetime
from typing import TypeVar

from sqlalchemy.ext.asyncio import AsyncConnection

from outbound.domain.case import Actor, Case
from outbound.domain.decision import Decision
from outbound.domain.transitions.money import take_payment, take_payment_return
from outbound.office import Office
from outbound.repository.payments import PaymentFact, keep_payment_facts
from outbound.use_cases.apply_messages import apply_messages, lock_cases_of
from shared.contracts.events.money import BalancePaid, BalanceReturned
from shared.messaging.delivery import Delivery

News = TypeVar("News", BalancePaid, BalanceReturned)


async def take_payments(
    office: Office, connection: AsyncConnection, deliveries: Sequence[Delivery[BalancePaid]]
) -> None:
    """The bank shows payments: the core takes them off the accounts."""
    facts = [_fact(each, "paid") for each in deliveries]
    await _keep_and_apply(office, connection, deliveries, facts, take_payment)


async def take_payment_returns(
    office: Office, connection: AsyncConnection, deliveries: Sequence[Delivery[BalanceReturned]]
) -> None:
    """Payments came back: the core puts them on the accounts again; the ledger pays anew or closes."""
    facts = [_fact(each, "returned", each.event.reason) for each in deliveries]
    await _keep_and_apply(office, connection, deliveries, facts, take_payment_return)


async def _keep_and_apply(
    office: Office,
    connection: AsyncConnection,
    deliveries: Sequence[Delivery[News]],
    facts: Sequence[PaymentFact],
    decide: Callable[[Case, News, Actor, datetime], Decision],
) -> None:
    now = office.now()
    cases = await lock_cases_of(connection, deliveries)
    await keep_payment_facts(connection, facts, now=now)
    await apply_messages(
        office, connection, deliveries, lambda case, each, actor: decide(case, each.event, actor, now), cases=cases
    )


def _fact(delivery: Delivery[News], kind: str, reason: str | None = None) -> PaymentFact:
    event = delivery.event
    return PaymentFact(
        delivery.message_id,
        delivery.rlts_traf_id,
        kind,
        event.obligation_no,
        event.amount,
        event.booked_on,
        reason,
    )
