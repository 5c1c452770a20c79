"""The cases that a set of messages is about."""

from collections.abc import Sequence
from typing import Any

from sqlalchemy.ext.asyncio import AsyncConnection

from inbound.domain.case import InboundCase
from inbound.repository.cases import lock_cases
from shared.messaging import CannotApply, Delivery


async def lock_delivered(connection: AsyncConnection, deliveries: Sequence[Delivery[Any]]) -> dict[str, InboundCase]:
    """Lock the case of each delivery; raises ``CannotApply`` for one that we do not have, or another area's."""
    cases = await lock_cases(connection, [delivery.rlts_traf_id for delivery in deliveries])
    for delivery in deliveries:
        case = cases.get(delivery.rlts_traf_id)
        if case is None or case.trafin_admdvs != delivery.recipient.admdvs:
            raise CannotApply("本统筹区没有这个办件", code="case-unknown")
    return cases
