"""The draft sheet: read it, correct it."""

from fastapi import Response

from outbound.api.callers import CasePath, Clerk, Context, Reader, actor_of, agency_of, own_case
from outbound.context import OutboundContext
from outbound.domain.case import Case
from outbound.domain.command import Command, Result
from outbound.domain.draft import drafted_from
from outbound.domain.errors import SheetUnknown
from outbound.domain.sheet import check_draft, drafted_sheet
from outbound.repository.drafts import load_corrections, load_drafts
from outbound.repository.sheets import load_accepted
from outbound.schemas.drafts import DraftCorrection, DraftOrigin, DraftRenewal, DraftShown
from outbound.use_cases.correct_draft import Correction, correct_draft_sheet
from outbound.use_cases.renew_draft import Renewal, renew_draft_sheet
from shared.sheet_rules import sheet_changes
from shared.signing.seal import read_sheet
from shared.telemetry.trace import bind_case
from shared.web.etags import IfMatch, etag
from shared.web.routing import Router

router = Router(tags=["信息表"])


@router.get("/cases/{rlts_traf_id}/draft-sheet", summary="查看信息表草稿")
async def get_draft(rlts_traf_id: CasePath, caller: Reader, context: Context, response: Response) -> DraftShown:
    """The draft made from the records, with what annex 3's rules say of it."""
    case = await own_case(context, caller, rlts_traf_id)
    response.headers["ETag"] = etag(case.row_version)
    return await _shown(context, case, caller.opter_name)


@router.put("/cases/{rlts_traf_id}/draft-sheet", summary="更正信息表草稿")
async def put_draft(
    rlts_traf_id: CasePath,
    correction: DraftCorrection,
    caller: Clerk,
    context: Context,
    expected: IfMatch,
    response: Response,
) -> DraftShown:
    """The correction is kept with its reason; errors are shown and only stop the submission."""
    bind_case(rlts_traf_id)
    ask = Correction(correction.rows, correction.reason, correction.gend, correction.tel)
    command = Command(rlts_traf_id, expected.tags, ask)
    result = await correct_draft_sheet(context.office, agency_of(caller, context), actor_of(caller), command)
    return await _changed(context, result, caller, response)


@router.post("/cases/{rlts_traf_id}/draft-sheet/renewal", summary="按现有记录重新生成信息表草稿")
async def post_renewal(
    rlts_traf_id: CasePath,
    renewal: DraftRenewal,
    caller: Clerk,
    context: Context,
    expected: IfMatch,
    response: Response,
) -> DraftShown:
    """What stood in the draft before is kept beside the reason, as with a correction."""
    bind_case(rlts_traf_id)
    command = Command(rlts_traf_id, expected.tags, Renewal(renewal.reason))
    result = await renew_draft_sheet(context.office, agency_of(caller, context), actor_of(caller), command)
    return await _changed(context, result, caller, response)


async def _changed(context: OutboundContext, result: Result, caller: Clerk, response: Response) -> DraftShown:
    case = result.require()
    response.headers["ETag"] = etag(case.row_version)
    return await _shown(context, case, caller.opter_name)


async def _shown(context: OutboundContext, case: Case, opter_name: str) -> DraftShown:
    await context.office.registry_copy.keep_up()
    async with context.database.connection() as connection:
        drafts = await load_drafts(connection, [case.rlts_traf_id])
        corrections = await load_corrections(connection, case.rlts_traf_id)
        accepted = await load_accepted(connection, case.rlts_traf_id)
    draft = drafts.get(case.rlts_traf_id)
    if draft is None:
        raise SheetUnknown("没有信息表草稿")
    registry, today = context.office.registry, context.office.today()
    findings = check_draft(
        case, draft, opter_name, area=registry.area, today=today, blocking=context.office.blocking_for(case)
    )
    drafted = drafted_from(
        draft.attachment, case.admdvs, areas=registry, today=draft.drafted_on, rules=context.settings.draft_rules
    )
    sheet = drafted_sheet(case, draft, opter_name, area=registry.area, today=today)
    return DraftShown.of(
        case,
        draft,
        findings,
        corrections,
        origin=DraftOrigin.of(draft, drafted),
        changes=sheet_changes(read_sheet(accepted[-1]), sheet) if accepted and sheet is not None else [],
    )
