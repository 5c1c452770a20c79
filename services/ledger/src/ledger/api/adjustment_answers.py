"""What a call about an adjustment answers: the adjustment as it stands, its ``ETag`` on the response."""

from collections.abc import Awaitable, Callable
from datetime import datetime
from uuid import UUID

from fastapi import Response
from sqlalchemy.ext.asyncio import AsyncConnection

from ledger.context import LedgerContext
from ledger.repository import adjustments
from ledger.schemas.adjustments import AdjustmentShown
from shared.errors import NotFound
from shared.web.etags import etag
from shared.web.idempotency import KeyedRequest, act_once

Propose = Callable[[AsyncConnection], Awaitable[UUID]]
"""Makes an adjustment within the request's transaction; its id."""


async def answer_proposed(
    context: LedgerContext, admdvs: str, keyed: KeyedRequest, response: Response, propose: Propose, *, now: datetime
) -> AdjustmentShown:
    """What ``propose`` makes, or made when the same request came before."""
    adjustment_id = await act_once(context.database, keyed, propose, status=201, location="/v1/adjustments", now=now)
    response.headers["Location"] = f"/v1/adjustments/{adjustment_id}"
    return await answer_adjustment(context, admdvs, UUID(adjustment_id), response)


async def answer_adjustment(
    context: LedgerContext, admdvs: str, adjustment_id: UUID, response: Response
) -> AdjustmentShown:
    """The agency's adjustment; raises ``NotFound``."""
    async with context.database.connection() as connection:
        row = await adjustments.by_id(connection, admdvs, adjustment_id)
    if row is None:
        raise NotFound("没有这项调整")
    response.headers["ETag"] = etag(row.version)
    return AdjustmentShown.of(row)
