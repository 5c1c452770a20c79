"""Addenda on paper of a case on paper: entered by one clerk, confirmed by another."""

from typing import Annotated
from uuid import UUID

from fastapi import Path

from inbound.api.callers import CasePath, Checker, Reader, Worker, clerk_of
from inbound.context import Context
from inbound.domain.paper_addendum import AddendumEntry
from inbound.repository.cases import find_case
from inbound.repository.paper_addenda import entries_of
from inbound.schemas.paper import PaperDecision
from inbound.schemas.paper_addenda import PaperAddenda, PaperAddendumBody, PaperAddendumShown
from inbound.use_cases.outcomes import CaseNotFound
from inbound.use_cases.paper_addenda import confirm_paper_addendum, enter_paper_addendum
from shared.agency.api.context import served_agency
from shared.messaging.ids import new_ids
from shared.web.authentication import Principal
from shared.web.etags import IfMatch
from shared.web.idempotency import Keyed, once, remember
from shared.web.routing import Router

router = Router(tags=["纸质办件"])


@router.get("/cases/{rlts_traf_id}/paper-addenda", summary="纸质补充单的录入")
async def get_addenda(caller: Reader, context: Context, rlts_traf_id: CasePath) -> PaperAddenda:
    """What was typed, by whom, and who confirmed it."""
    items = [PaperAddendumShown.model_validate(each) for each in await _entries(context, caller, rlts_traf_id)]
    return PaperAddenda(items=items)


@router.post("/cases/{rlts_traf_id}/paper-addenda", summary="录入纸质补充单", status_code=201)
async def post_addendum(
    caller: Worker, context: Context, rlts_traf_id: CasePath, body: PaperAddendumBody, expected: IfMatch, keyed: Keyed
) -> PaperAddendumShown:
    """Takes effect when another clerk confirms it; one at a time."""
    admdvs, now = served_agency(caller, context), context.clock.now()
    (entry_id,) = new_ids(now, 1)
    async with context.database.transaction() as connection:
        before = await once(connection, keyed, now=now)
        if before is None:
            entry = body.entry(entry_id, rlts_traf_id, clerk_of(caller), now)
            await enter_paper_addendum(connection, admdvs, entry, expected, context.office)
            await remember(connection, keyed, status=201, location=None, resource_id=str(entry_id), now=now)
    wanted = UUID(before.resource_id) if before else entry_id
    [kept] = [each for each in await _entries(context, caller, rlts_traf_id) if each.entry_id == wanted]
    return PaperAddendumShown.model_validate(kept)


@router.post(
    "/cases/{rlts_traf_id}/paper-addenda/{entry_id}/confirmation", summary="第二人核对纸质补充单：确认或退回录入"
)
async def post_confirmation(
    caller: Checker,
    context: Context,
    rlts_traf_id: CasePath,
    entry_id: Annotated[UUID, Path()],
    body: PaperDecision,
    expected: IfMatch,
) -> PaperAddendumShown:
    """Confirmed, its amount is owed beside the sheet's, and credited once it is matched."""
    admdvs = served_agency(caller, context)
    async with context.database.transaction() as connection:
        decided = await confirm_paper_addendum(
            connection,
            admdvs,
            rlts_traf_id,
            entry_id,
            clerk_of(caller),
            expected,
            context.office,
            is_confirmed=body.decision == "confirm",
            reason=body.reason,
        )
    return PaperAddendumShown.model_validate(decided)


async def _entries(context: Context, caller: Principal, rlts_traf_id: str) -> list[AddendumEntry]:
    admdvs = served_agency(caller, context)
    async with context.database.connection() as connection:
        if await find_case(connection, rlts_traf_id, trafin_admdvs=admdvs) is None:
            raise CaseNotFound("没有这个办件。")
        return list(await entries_of(connection, rlts_traf_id))
