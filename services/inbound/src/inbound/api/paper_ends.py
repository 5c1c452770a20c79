"""A case on paper ends after its sheet: noted by one clerk, approved by another."""

from typing import Annotated
from uuid import UUID

from fastapi import Path

from inbound.api.callers import CasePath, Checker, Reader, Worker, clerk_of
from inbound.context import Context
from inbound.domain.paper_end import PaperEnd
from inbound.repository.cases import find_case
from inbound.repository.paper_ends import ends_of
from inbound.schemas.paper_ends import PaperEndApproval, PaperEndNote, PaperEnds, PaperEndShown
from inbound.use_cases.end_paper_case import decide_paper_end, enter_paper_end
from inbound.use_cases.outcomes import CaseNotFound
from shared.agency.api.context import served_agency
from shared.messaging.ids import new_ids
from shared.web.authentication import Principal
from shared.web.etags import IfMatch
from shared.web.idempotency import Keyed, once, remember
from shared.web.routing import Router

router = Router(tags=["纸质办件"])


@router.get("/cases/{rlts_traf_id}/paper-ends", summary="纸质办件的终止登记")
async def get_ends(caller: Reader, context: Context, rlts_traf_id: CasePath) -> PaperEnds:
    """What was noted, by whom, and who approved it."""
    return PaperEnds(items=[PaperEndShown.model_validate(end) for end in await _ends(context, caller, rlts_traf_id)])


@router.post("/cases/{rlts_traf_id}/paper-ends", summary="登记双方书面同意的终止", status_code=201)
async def post_end(
    caller: Worker, context: Context, rlts_traf_id: CasePath, body: PaperEndNote, expected: IfMatch, keyed: Keyed
) -> PaperEndShown:
    """Takes effect when another clerk approves it; one at a time."""
    admdvs, now = served_agency(caller, context), context.clock.now()
    (end_id,) = new_ids(now, 1)
    async with context.database.transaction() as connection:
        before = await once(connection, keyed, now=now)
        if before is None:
            end = body.end(end_id, rlts_traf_id, clerk_of(caller), now)
            await enter_paper_end(connection, admdvs, end, expected)
            await remember(connection, keyed, status=201, location=None, resource_id=str(end_id), now=now)
    wanted = UUID(before.resource_id) if before else end_id
    [kept] = [end for end in await _ends(context, caller, rlts_traf_id) if end.end_id == wanted]
    return PaperEndShown.model_validate(kept)


@router.post("/cases/{rlts_traf_id}/paper-ends/{end_id}/approval", summary="批准或退回终止登记")
async def post_approval(
    caller: Checker,
    context: Context,
    rlts_traf_id: CasePath,
    end_id: Annotated[UUID, Path()],
    body: PaperEndApproval,
    expected: IfMatch,
) -> PaperEndShown:
    """Nothing more is synced or credited; what was paid goes back."""
    admdvs = served_agency(caller, context)
    async with context.database.transaction() as connection:
        decided = await decide_paper_end(
            connection,
            admdvs,
            rlts_traf_id,
            end_id,
            clerk_of(caller),
            expected,
            context.office,
            is_approved=body.decision == "approve",
            reason=body.reason,
        )
    return PaperEndShown.model_validate(decided)


async def _ends(context: Context, caller: Principal, rlts_traf_id: str) -> list[PaperEnd]:
    admdvs = served_agency(caller, context)
    async with context.database.connection() as connection:
        if await find_case(connection, rlts_traf_id, trafin_admdvs=admdvs) is None:
            raise CaseNotFound("没有这个办件。")
        return list(await ends_of(connection, rlts_traf_id))
