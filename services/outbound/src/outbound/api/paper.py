"""Cases for areas that are not connected: the application, the printed sheet, and what paper says."""

from typing import Annotated
from uuid import UUID

from fastapi import Path, Response
from starlette.requests import Request

from outbound.api.callers import CasePath, Clerk, Context, Reader, Reviewer, SheetReader, actor_of, agency_of, own_case
from outbound.context import OutboundContext
from outbound.domain.errors import AddendumUnknown, SheetUnknown
from outbound.domain.printing import printed, printed_addendum
from outbound.repository.addenda import addenda_of
from outbound.repository.paper import steps_of
from outbound.repository.sheets import load_sealed
from outbound.schemas.cases import CaseLine
from outbound.schemas.old_cases import OldCaseImport
from outbound.schemas.paper import PaperApplication, PaperApproval, PaperNote, PaperSteps, PaperStepShown
from outbound.use_cases.import_old_cases import ImportedBy, import_old_cases
from outbound.use_cases.open_paper_cases import open_paper_case
from outbound.use_cases.paper_steps import decide_paper_step, enter_step
from shared.contracts.application import LodgedApplication
from shared.contracts.codes import OptChnl
from shared.messaging.ids import new_ids
from shared.signing.addendum import read_addendum
from shared.signing.seal import read_sheet, sheet_digest
from shared.web.etags import IfMatch, etag
from shared.web.idempotency import Keyed
from shared.web.line_imports import ImportKey
from shared.web.ndjson import NDJSON
from shared.web.routing import Router, streamed

_HTML = "text/html"

router = Router(tags=["纸质办件"])


@router.post("/paper-cases", summary="受理转往未接入地区的申请", status_code=201)
async def post_paper_case(
    caller: Clerk, context: Context, body: PaperApplication, keyed: Keyed, response: Response
) -> CaseLine:
    """Checked like any application on this side; then drafted, checked, sealed and printed."""
    lodged = LodgedApplication(
        application=body.application(agency_of(caller, context)),
        opt_chnl=OptChnl.OUTBOUND_WINDOW,
        optins_no=caller.optins_no,
        opter_id=caller.opter_id,
    )
    number = await open_paper_case(context.office, actor_of(caller), lodged, body.acct_disposition, keyed)
    case = await own_case(context, caller, number)
    response.headers["Location"] = f"/v1/cases/{number}"
    response.headers["ETag"] = etag(case.row_version)
    return CaseLine.of(case, context.office.today())


def _max_import_bytes(context: OutboundContext) -> int:
    return context.settings.max_import_bytes


@router.post("/paper-cases/imports", summary="切换时批量导入在办的转出办件（NDJSON）", status_code=201)
@streamed(NDJSON, limit=_max_import_bytes)
async def post_import(caller: Clerk, context: Context, key: ImportKey, request: Request) -> OldCaseImport:
    """One case a line, checked like an application at the window; the same file again adds what is missing."""
    by = ImportedBy(agency_of(caller, context), actor_of(caller), caller.optins_no, key)
    return await import_old_cases(context.office, by, request.stream())


@router.get(
    "/cases/{rlts_traf_id}/sheets/{version}/print",
    summary="信息表打印页",
    response_class=Response,
    responses={200: {"content": {_HTML: {"schema": {"type": "string"}}}}},
)
async def get_print(
    rlts_traf_id: CasePath,
    version: Annotated[int, Path(ge=1, le=999)],
    caller: SheetReader,
    context: Context,
) -> Response:
    """The sealed sheet as a page; the digest on it leads back to the sealed file."""
    case = await own_case(context, caller, rlts_traf_id)
    key = (case.rlts_traf_id, version)
    async with context.database.connection() as connection:
        sealed = (await load_sealed(connection, [key])).get(key)
    if sealed is None:
        raise SheetUnknown("该办件没有这一版信息表")
    return _printed(printed(read_sheet(sealed.sealed_sheet), sealed.sheet_digest))


@router.get(
    "/cases/{rlts_traf_id}/addenda/{addendum_no}/print",
    summary="补充单打印页",
    response_class=Response,
    responses={200: {"content": {_HTML: {"schema": {"type": "string"}}}}},
)
async def get_addendum_print(
    rlts_traf_id: CasePath,
    addendum_no: Annotated[int, Path(ge=1, le=99)],
    caller: SheetReader,
    context: Context,
) -> Response:
    """The sealed addendum as a page; the digest on it leads back to the sealed file."""
    case = await own_case(context, caller, rlts_traf_id)
    async with context.database.connection() as connection:
        known = await addenda_of(connection, [case.rlts_traf_id])
    present = known.get((case.rlts_traf_id, addendum_no))
    if present is None or present.sealed_addendum is None:
        raise AddendumUnknown("该办件没有这一号已签章的补充单")
    text = present.sealed_addendum
    return _printed(printed_addendum(read_addendum(text), sheet_digest(text)))


def _printed(page: str) -> Response:
    # The page's own style, and nothing else, may be applied.
    policy = {"Content-Security-Policy": "default-src 'none'; style-src 'unsafe-inline'; frame-ancestors 'none'"}
    return Response(page, media_type=f"{_HTML}; charset=utf-8", headers=policy)


@router.get("/cases/{rlts_traf_id}/paper-steps", summary="纸质办理的登记")
async def get_steps(rlts_traf_id: CasePath, caller: Reader, context: Context) -> PaperSteps:
    """What was noted, by whom, and who approved it."""
    case = await own_case(context, caller, rlts_traf_id)
    async with context.database.connection() as connection:
        steps = await steps_of(connection, case.rlts_traf_id)
    return PaperSteps(items=[PaperStepShown.model_validate(step) for step in steps])


@router.post("/cases/{rlts_traf_id}/paper-steps", summary="登记寄送、转入地书面确认或退回、撤销、终止", status_code=201)
async def post_step(
    rlts_traf_id: CasePath, body: PaperNote, caller: Clerk, context: Context, expected: IfMatch, keyed: Keyed
) -> PaperStepShown:
    """Takes effect when another clerk approves it; one at a time."""
    now = context.clock.now()
    (step_id,) = new_ids(now, 1)
    step = body.step(step_id, rlts_traf_id, actor_of(caller), now)
    kept = await enter_step(context.office, agency_of(caller, context), step, expected, keyed)
    return PaperStepShown.model_validate(kept)


@router.post("/cases/{rlts_traf_id}/paper-steps/{step_id}/approval", summary="批准或退回登记")
async def post_approval(
    rlts_traf_id: CasePath,
    step_id: Annotated[UUID, Path()],
    body: PaperApproval,
    caller: Reviewer,
    context: Context,
    expected: IfMatch,
) -> PaperStepShown:
    """The dispatch frees the payment; the inbound's confirmation ends the relation."""
    decided = await decide_paper_step(
        context.office,
        agency_of(caller, context),
        rlts_traf_id,
        step_id,
        actor_of(caller),
        expected,
        is_approved=body.decision == "approve",
        reason=body.reason,
    )
    return PaperStepShown.model_validate(decided)
