"""Keep what happened to money, in whatever order it comes, and work the state out anew; no fact is refused."""

from collections.abc import Sequence
from typing import Any

from sqlalchemy.ext.asyncio import AsyncConnection

from platform_gateway.context import GatewayContext
from platform_gateway.domain.money import MoneyFact, MoneyFactKind
from platform_gateway.repository import money_facts
from platform_gateway.use_cases.changes import Changes, save_changes
from platform_gateway.use_cases.deliveries import cause_of, lock_cases
from platform_gateway.use_cases.money_states import recompute_money
from shared.clock import local_date
from shared.contracts.events import (
    BalanceCredited,
    BalanceMatched,
    BalancePaid,
    BalanceReceived,
    BalanceReleased,
    BalanceReturned,
    BalanceSettledOtherwise,
    Event,
)
from shared.errors import TransferError
from shared.messaging.delivery import Delivery

MONEY_EVENTS: tuple[type[Event], ...] = (
    BalancePaid,
    BalanceReceived,
    BalanceMatched,
    BalanceCredited,
    BalanceReturned,
    BalanceReleased,
    BalanceSettledOtherwise,
)


class NoMoneyFact(TransferError):
    """The event is none of ``MONEY_EVENTS`` (a fault of the calling code)."""


async def record_money_facts(
    context: GatewayContext, connection: AsyncConnection, deliveries: Sequence[Delivery[Any]]
) -> None:
    """Keep the facts of ``deliveries``, at most one per case, and recompute those cases."""
    now = context.clock.now()
    locked = await lock_cases(connection, deliveries)
    pairs = list(locked.paired(deliveries))
    await money_facts.append(
        connection,
        [
            money_facts.row_of(
                case.rlts_traf_id,
                fact_of(delivery.event),
                sender=str(delivery.sender),
                message_id=delivery.message_id,
                recorded_at=now,
                reason=getattr(delivery.event, "reason", None),
            )
            for delivery, case in pairs
        ],
    )
    changes = Changes()
    causes = {case.rlts_traf_id: cause_of(delivery, now) for delivery, case in pairs}
    await recompute_money(connection, changes, [case for _, case in pairs], causes)
    await save_changes(connection, context, changes, now)


def fact_of(event: Event) -> MoneyFact:
    """The fact that an event tells; dates are those of Asia/Shanghai."""
    match event:
        case BalancePaid():
            return MoneyFact(MoneyFactKind.PAID, event.amount, event.booked_on, event.obligation_no)
        case BalanceReceived():
            return MoneyFact(
                MoneyFactKind.RECEIVED,
                event.amount,
                event.booked_on,
                receipt_no=event.receipt_no,
                suspense_code=event.suspense_code,
            )
        case BalanceMatched():
            matched_on = local_date(event.matched_at)
            return MoneyFact(MoneyFactKind.MATCHED, event.amount, matched_on, event.obligation_no, event.receipt_no)
        case BalanceCredited():
            return MoneyFact(MoneyFactKind.CREDITED, event.amount, event.credited_on, event.obligation_no)
        case BalanceReturned():
            kind = MoneyFactKind.REFUNDED if event.is_owed else MoneyFactKind.RETURNED
            return MoneyFact(kind, event.amount, event.booked_on, event.obligation_no)
        case BalanceReleased():
            released_on = event.released_on
            return MoneyFact(MoneyFactKind.REVERSED, event.reversed_amount, released_on, event.obligation_no)
        case BalanceSettledOtherwise():
            return MoneyFact(MoneyFactKind.SETTLED_OTHERWISE, event.amount, event.settled_on)
        case _:
            raise NoMoneyFact(type(event).__name__)
