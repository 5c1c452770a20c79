"""What the own ledger tells of a case's payments. A fact is kept in any state of the case."""

from collections.abc import Sequence

from sqlalchemy.ext.asyncio import AsyncConnection

from outbound.domain.transitions.money import take_payment, take_payment_return
from outbound.office import Office
from outbound.repository.payments import PaymentFact, keep_payment_facts
from outbound.use_cases.apply_messages import apply_messages, lock_cases_of
from shared.contracts.events.money import BalancePaid, BalanceReturned
from shared.messaging.delivery import Delivery


async def take_payments(
    office: Office, connection: AsyncConnection, deliveries: Sequence[Delivery[BalancePaid]]
) -> None:
    """The bank shows payments: the core takes them off the accounts."""
    now = office.now()
    cases = await lock_cases_of(connection, deliveries)
    facts = [
        PaymentFact(
            each.message_id,
            each.rlts_traf_id,
            "paid",
            each.event.obligation_no,
            each.event.amount,
            each.event.booked_on,
        )
        for each in deliveries
    ]
    await keep_payment_facts(connection, facts, now=now)
    await apply_messages(
        office,
        connection,
        deliveries,
        lambda case, each, actor: take_payment(case, each.event, actor, now),
        cases=cases,
    )


async def take_payment_returns(
    office: Office, connection: AsyncConnection, deliveries: Sequence[Delivery[BalanceReturned]]
) -> None:
    """Payments came back: the core puts them on the accounts again; the ledger pays anew or closes."""
    now = office.now()
    cases = await lock_cases_of(connection, deliveries)
    facts = [
        PaymentFact(
            each.message_id,
            each.rlts_traf_id,
            "returned",
            each.event.obligation_no,
            each.event.amount,
            each.event.booked_on,
            each.event.reason,
        )
        for each in deliveries
    ]
    await keep_payment_facts(connection, facts, now=now)
    await apply_messages(
        office,
        connection,
        deliveries,
        lambda case, each, actor: take_payment_return(case, each.event, actor, now),
        cases=cases,
    )
