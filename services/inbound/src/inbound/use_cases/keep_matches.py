"""BalanceMatched: money agrees with a sealed sheet; kept whenever it comes, credited once the relation is synced."""

from collections.abc import Sequence

from sqlalchemy.ext.asyncio import AsyncConnection

from inbound.addressing import own_ledger
from inbound.domain.credit import Match
from inbound.office import Office
from inbound.repository.history import Happened, add_history
from inbound.repository.money import add_matches
from inbound.use_cases.locked_cases import lock_delivered
from inbound.use_cases.open_credits import open_credits
from inbound.use_cases.release_money import release_money
from shared.contracts.events import BalanceMatched
from shared.messaging import Delivery, NotAParty


async def keep_matches(
    connection: AsyncConnection, deliveries: Sequence[Delivery[BalanceMatched]], office: Office
) -> None:
    """Keep each match; raises ``NotAParty`` for one that does not come from the agency's own ledger."""
    now = office.clock.now()
    cases = await lock_delivered(connection, deliveries)
    for delivery in deliveries:
        if delivery.sender != own_ledger(cases[delivery.rlts_traf_id]):
            raise NotAParty("匹配结果不是本统筹区财务发来的", code="not-our-ledger")
    await add_matches(connection, [_match(delivery) for delivery in deliveries], now=now)
    steps = [
        Happened(case, "balance_matched", case.state, message_id=delivery.message_id)
        for delivery in deliveries
        for case in [cases[delivery.rlts_traf_id]]
    ]
    await add_history(connection, steps, now=now)
    await release_money(connection, [case for case in cases.values() if case.is_settled], office)
    await open_credits(connection, list(cases.values()), office)


def _match(delivery: Delivery[BalanceMatched]) -> Match:
    event = delivery.event
    return Match(delivery.rlts_traf_id, event.obligation_no, event.amount, event.receipt_no, event.matched_at)
