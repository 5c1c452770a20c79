"""Which cases the outbound has taken into its hands, by its receipt of our message."""

from collections.abc import Sequence

from sqlalchemy import exists, select
from sqlalchemy.ext.asyncio import AsyncConnection

from platform_gateway.domain.case import Case
from platform_gateway.repository.cases import CASE_COLUMNS, to_case
from platform_gateway.tables import transfer_case
from shared.messaging.tables import message_receipt


async def take_receipted(connection: AsyncConnection, limit: int) -> Sequence[Case]:
    """Up to ``limit`` cases whose handover was receipted, locked; those that somebody else holds are left out."""
    query = (
        select(*CASE_COLUMNS)
        .where(
            transfer_case.c.handover_message_id.is_not(None),
            exists().where(message_receipt.c.message_id == transfer_case.c.handover_message_id),
        )
        .order_by(transfer_case.c.rlts_traf_id)
        .limit(limit)
        .with_for_update(skip_locked=True, key_share=True)
    )
    return [to_case(row) for row in await connection.execute(query)]
