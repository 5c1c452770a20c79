"""Take applications in and answer them: two commits, both sides asked at once between them (N6, N7)."""

from collections.abc import Sequence
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncConnection

from platform_gateway.context import GatewayContext
from platform_gateway.domain.case import Case
from platform_gateway.domain.states import CaseState
from platform_gateway.repository import batches
from platform_gateway.use_cases.check_cases import check_cases
from platform_gateway.use_cases.lodge_cases import lodge_cases
from platform_gateway.use_cases.screen_applications import (
    ApplicationNotTaken,
    Screened,
    reason_document,
    screen_applications,
)
from shared.contracts.application import Application
from shared.messaging.ids import new_ids
from shared.web.idempotency import KeyedRequest, Replay, once, remember
from shared.web.principal import Principal

NOT_NEEDED = "not-needed"
"""Stands in place of a case number where an application needs no case (A05)."""


async def apply_for_transfer(
    context: GatewayContext, caller: Principal, application: Application, keyed: KeyedRequest, *, respond_async: bool
) -> tuple[Replay, Case | None]:
    """Answer one application: status, location, and its case number or ``NOT_NEEDED``; and the case if decided now.

    Raises ``ApplicationNotTaken`` with all reasons that need no side.
    """
    registry = await context.registry.fresh()
    (screened,) = screen_applications([application], caller, registry, context.settings, context.clock.now())
    answer = _first_answer(screened)
    async with context.database.transaction() as connection:
        # Before anything is refused: a repeat gets the first answer even where the registry has changed since.
        before = await once(connection, keyed, now=context.clock.now())
        if before is not None:
            return before, None
        if screened.case is None and not screened.is_not_needed:
            raise ApplicationNotTaken(screened.reasons)
        await _lodge(connection, context, [screened], respond_async=respond_async)
        await _remember(connection, context, keyed, answer)
    if screened.case is None or respond_async:
        return answer, None
    case = (await check_cases(context, [screened.case]))[answer.resource_id]
    status = 202 if case.state is CaseState.CHECKING else 201
    return Replay(status, answer.location, answer.resource_id), case


async def apply_in_batch(
    context: GatewayContext, caller: Principal, applications: Sequence[Application], keyed: KeyedRequest
) -> UUID:
    """Answer many applications as one set; the batch's id, under which each item's outcome is kept."""
    registry = await context.registry.fresh()
    now = context.clock.now()
    screened = screen_applications(applications, caller, registry, context.settings, now)
    (batch_id,) = new_ids(now, 1)
    async with context.database.transaction() as connection:
        before = await once(connection, keyed, now=now)
        if before is not None:
            return UUID(before.resource_id)
        await _lodge(connection, context, screened, respond_async=False)
        await batches.insert(connection, batch_id, caller.subject, now, [_item(one) for one in screened])
        await _remember(connection, context, keyed, Replay(200, None, str(batch_id)))
    await check_cases(context, [one.case for one in screened if one.case is not None])
    return batch_id


async def _lodge(
    connection: AsyncConnection, context: GatewayContext, screened: Sequence[Screened], *, respond_async: bool
) -> None:
    cases = [one.case for one in screened if one.case is not None]
    await lodge_cases(connection, context, cases, asked_now=not respond_async)


async def _remember(connection: AsyncConnection, context: GatewayContext, keyed: KeyedRequest, answer: Replay) -> None:
    await remember(
        connection,
        keyed,
        status=answer.status,
        location=answer.location,
        resource_id=answer.resource_id,
        now=context.clock.now(),
    )


def _first_answer(screened: Screened) -> Replay:
    if screened.case is None:
        return Replay(200, None, NOT_NEEDED)
    number = screened.case.rlts_traf_id
    return Replay(202, f"/v1/transfers/{number}", number)


def _item(screened: Screened) -> dict[str, object]:
    return {
        "rlts_traf_id": screened.case.rlts_traf_id if screened.case else None,
        "is_not_needed": screened.is_not_needed,
        "reasons": [reason_document(reason) for reason in screened.reasons],
    }
