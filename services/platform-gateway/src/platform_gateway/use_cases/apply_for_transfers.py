"""Take applications in and answer them: two commits, both sides asked at once between them (N6, N7)."""

from collections.abc import Sequence
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncConnection

from platform_gateway import metrics
from platform_gateway.context import GatewayContext
from platform_gateway.domain.case import Case
from platform_gateway.domain.screened import Screened
from platform_gateway.domain.states import CaseState
from platform_gateway.repository import batches
from platform_gateway.schemas.applications import TransferRequest
from platform_gateway.use_cases.check_cases import check_cases
from platform_gateway.use_cases.keep_answers import keep_answers
from platform_gateway.use_cases.lodge_cases import lodge_cases
from platform_gateway.use_cases.screen_applications import ApplicationNotTaken, reason_document, screen_applications
from shared.law import law
from shared.messaging.ids import new_ids
from shared.web.idempotency import KeyedRequest, Replay, once, remember
from shared.web.principal import Principal


@law("N annex 1", "N7-1")
async def apply_for_transfer(
    context: GatewayContext,
    caller: Principal,
    application: TransferRequest,
    keyed: KeyedRequest,
    *,
    respond_async: bool,
) -> tuple[Replay, Case | None]:
    """Answer one application: status, location, and the case's number or, without a location, the id of an answer
    that needs no case; and the case if decided now.

    Raises ``ApplicationNotTaken`` with all reasons that need no side.
    """
    registry = await context.registry.fresh()
    (screened,) = screen_applications([application], caller, registry, context.clock.now())
    is_taken = screened.case is not None or screened.is_not_needed
    async with context.database.transaction() as connection:
        # Before anything is refused: a repeat gets the first answer even where the registry has changed since.
        before = await once(connection, keyed, now=context.clock.now())
        if before is not None:
            return before, None
        answer = await _lodge_one(connection, context, screened, respond_async=respond_async)
        if is_taken:
            await _remember(connection, context, keyed, answer)
    if screened.case is None:
        metrics.count_without_case([screened])
        if not is_taken:
            raise ApplicationNotTaken(screened.reasons)
        return answer, None
    if respond_async:
        return answer, None
    case = (await check_cases(context, [screened.case]))[answer.resource_id]
    status = 202 if case.state is CaseState.CHECKING else 201
    return Replay(status, answer.location, answer.resource_id), case


async def apply_in_batch(
    context: GatewayContext, caller: Principal, applications: Sequence[TransferRequest], keyed: KeyedRequest
) -> UUID:
    """Answer many applications as one set; the batch's id, under which each item's outcome is kept."""
    registry = await context.registry.fresh()
    now = context.clock.now()
    screened = screen_applications(applications, caller, registry, now)
    (batch_id,) = new_ids(now, 1)
    async with context.database.transaction() as connection:
        before = await once(connection, keyed, now=now)
        if before is not None:
            return UUID(before.resource_id)
        await _lodge(connection, context, screened, respond_async=False)
        await keep_answers(connection, screened, now)
        await batches.insert(connection, batch_id, caller.subject, now, [_item(one) for one in screened])
        await _remember(connection, context, keyed, Replay(200, None, str(batch_id)))
    metrics.count_without_case(screened)
    await check_cases(context, [one.case for one in screened if one.case is not None])
    return batch_id


async def _lodge_one(
    connection: AsyncConnection, context: GatewayContext, screened: Screened, *, respond_async: bool
) -> Replay:
    if screened.case is None:
        (answer_id,) = await keep_answers(connection, [screened], context.clock.now())
        return Replay(200, None, str(answer_id))
    await _lodge(connection, context, [screened], respond_async=respond_async)
    number = screened.case.rlts_traf_id
    return Replay(202, f"/v1/transfers/{number}", number)


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


def _item(screened: Screened) -> dict[str, object]:
    return {
        "rlts_traf_id": screened.case.rlts_traf_id if screened.case else None,
        "is_not_needed": screened.is_not_needed,
        "reasons": [reason_document(reason) for reason in screened.reasons],
    }
