"""Person records: pushed one at a time or by the stream, read back as they count."""

from typing import Annotated

from fastapi import Header, Path, Response, Security
from starlette.requests import Request

from shared.agency.api.context import AgencyContext, Context, served_agency
from shared.agency.api.schemas import ConflictShown, ImportReport, PersonKept, PersonShown
from shared.agency.record_checks import require_sound
from shared.agency.repository.conflicts import list_conflicts
from shared.agency.repository.imports import find_import, import_errors
from shared.agency.repository.persons import UpsertOutcome
from shared.agency.repository.records import load_records
from shared.agency.use_cases.import_persons import KEPT_ERRORS, ImportPersons
from shared.agency.use_cases.keep_persons import keep_persons
from shared.contracts.facts import PersonRecord, PsnNo
from shared.errors import FieldError, InvalidInput, NotFound
from shared.web.authentication import Principal, authenticated
from shared.web.paging import Page, Paging, page_of
from shared.web.routing import Router, streamed

Writer = Annotated[Principal, Security(authenticated, scopes=["records:write"])]
Reader = Annotated[Principal, Security(authenticated, scopes=["records:read"])]
PersonPath = Annotated[PsnNo, Path()]
IMPORT_ID = r"^[0-9A-Za-z._-]{1,64}$"
ImportKey = Annotated[
    str,
    Header(alias="Idempotency-Key", pattern=IMPORT_ID, description="导入批次编号；中断后以同一编号重新提交即可继续"),
]

router = Router(tags=["参保记录"])


@router.put(
    "/persons/{psn_no}",
    summary="写入一名参保人员的记录",
    responses={201: {"model": PersonKept, "description": "此前没有这名人员"}},
)
async def put_person(
    caller: Writer, context: Context, psn_no: PersonPath, record: PersonRecord, response: Response
) -> PersonKept:
    """``updt_time`` and ``rid`` decide what is newer; an older one is ignored, and the answer says so."""
    admdvs = served_agency(caller, context)
    if record.psn_no != psn_no:
        raise InvalidInput(
            "正文与地址中的人员编号不一致。", errors=[FieldError("/psn_no", "psn-no-differs", "编号不一致")]
        )
    now = context.clock.now()
    require_sound(record, now)
    async with context.database.transaction() as connection:
        [outcome] = await keep_persons(connection, admdvs, [record], now=now)
    response.status_code = 201 if outcome is UpsertOutcome.CREATED else 200
    return PersonKept(psn_no=psn_no, outcome=outcome)


@router.get("/persons/{psn_no}", summary="查询一名参保人员的记录")
async def get_person(caller: Reader, context: Context, psn_no: PersonPath) -> PersonShown:
    """The record with our own holds laid over it."""
    admdvs = served_agency(caller, context)
    as_of = context.clock.now() if context.settings.is_core_embedded(admdvs) else None
    async with context.database.connection() as connection:
        [held] = await load_records(connection, [(admdvs, psn_no)], embedded_as_of=as_of)
    if held is None:
        raise NotFound("没有这名参保人员。")
    return PersonShown.of(held)


def _max_import_bytes(context: AgencyContext) -> int:
    return context.settings.max_import_bytes


@router.post("/persons/imports", summary="批量导入参保记录（NDJSON，可续传）", status_code=201)
@streamed("application/x-ndjson", limit=_max_import_bytes)
async def import_persons(
    caller: Writer, context: Context, import_id: ImportKey, request: Request, response: Response
) -> ImportReport:
    """One person a line. Lines that are wrong are reported and left out; the same import again goes on."""
    admdvs = served_agency(caller, context)
    await ImportPersons(context.database, context.clock, admdvs, import_id).run(request.stream())
    response.headers["Location"] = f"/v1/persons/imports/{import_id}"
    return await _report(context, admdvs, import_id)


@router.get("/persons/imports/{import_id}", summary="查询一次导入的进度")
async def get_import(
    caller: Reader, context: Context, import_id: Annotated[str, Path(pattern=IMPORT_ID)]
) -> ImportReport:
    """Lines done, what became of them, and the first errors."""
    return await _report(context, served_agency(caller, context), import_id)


async def _report(context: AgencyContext, admdvs: str, import_id: str) -> ImportReport:
    async with context.database.connection() as connection:
        state = await find_import(connection, admdvs, import_id)
        if state is None:
            raise NotFound("没有这个导入批次。")
        errors = await import_errors(connection, admdvs, import_id, limit=KEPT_ERRORS)
    return ImportReport.of(state, errors)


@router.get("/record-conflicts", summary="推送记录与本系统控制状态的冲突")
async def get_conflicts(caller: Reader, context: Context, paging: Paging) -> Page[ConflictShown]:
    """Pushed records that disagreed with a hold, a freeze or an end of ours; newest last."""
    admdvs = served_agency(caller, context)
    [after] = paging.after(int) or (0,)
    async with context.database.connection() as connection:
        rows = await list_conflicts(connection, admdvs, after=int(after), limit=paging.limit + 1)
    return page_of(rows, paging.limit, lambda row: (row.position,), ConflictShown.model_validate)
