"""The inbound has decided benefits anew after the completion: the payment has come, or the last day has passed."""

from collections.abc import Sequence
from dataclasses import replace

from sqlalchemy.ext.asyncio import AsyncConnection

from platform_gateway.context import GatewayContext
from platform_gateway.domain.history import Note, note
from platform_gateway.use_cases.changes import Changes, save_changes
from platform_gateway.use_cases.deliveries import cause_of, lock_cases, require_inbound
from shared.contracts.events import BenefitsDecided
from shared.law import law
from shared.messaging.delivery import Delivery


@law("N10", "N11-1", "N11-2")
async def keep_benefits(
    context: GatewayContext, connection: AsyncConnection, deliveries: Sequence[Delivery[BenefitsDecided]]
) -> None:
    """Keep the newest short result, in whatever state the case is; raises ``NotAParty``."""
    now = context.clock.now()
    changes = Changes()
    locked = await lock_cases(connection, deliveries)
    for delivery, case in locked.paired(deliveries):
        require_inbound(delivery, case)
        event = delivery.event
        told = replace(
            case,
            benefits=event.benefits.model_dump(mode="json"),
            years=event.years.model_dump(mode="json") if event.years else case.years,
        )
        changes.put(told, [note(told, Note.BENEFITS_DECIDED, cause_of(delivery, now))])
    await save_changes(connection, context, changes, now)
