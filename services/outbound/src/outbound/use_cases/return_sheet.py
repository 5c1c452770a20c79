"""退回更正: the inbound has returned a version; the next one is drafted, the old one stays."""

from collections.abc import Sequence

from sqlalchemy.ext.asyncio import AsyncConnection

from outbound.domain.transitions.exchange import return_sheet
from outbound.office import Office
from outbound.repository.sheets import SheetReturn, keep_returns
from outbound.use_cases.apply_messages import apply_messages, lock_cases_of
from shared.contracts.events.relation import SheetReturned
from shared.messaging.delivery import CannotApply, Delivery


async def return_sheets(
    office: Office, connection: AsyncConnection, deliveries: Sequence[Delivery[SheetReturned]]
) -> None:
    """Keep the codes with row and box, and open the draft for the next version."""
    now = office.now()
    cases = await lock_cases_of(connection, deliveries)
    for each in deliveries:
        if cases[each.rlts_traf_id].sheet_version != each.event.sheet_version:
            raise CannotApply("退回的信息表版本不是最近送出的版本")
    returns = [
        SheetReturn(
            each.rlts_traf_id, each.event.sheet_version, each.event.reasons, each.message_id, each.event.returned_at
        )
        for each in deliveries
    ]
    await keep_returns(connection, returns)
    await apply_messages(
        office,
        connection,
        deliveries,
        lambda case, each, actor: return_sheet(case, each.event, actor, now),
        cases=cases,
    )
