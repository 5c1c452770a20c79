"""Bank statements in, and what became of them."""

from datetime import datetime
from typing import Annotated
from uuid import UUID

from fastapi import Path, Query, Response
from sqlalchemy.ext.asyncio import AsyncConnection
from starlette.requests import Request

from ledger.api.announced import STATEMENT_KINDS
from ledger.api.callers import Context, Reader, Writer, agency_of
from ledger.api.cursors import after_id, after_instant
from ledger.api.spool import max_file_bytes, spooled
from ledger.api.statement_upload import MappingName, OwnAccount, read_upload
from ledger.context import LedgerContext
from ledger.metrics import STATEMENTS
from ledger.repository import notices, outcomes, statements
from ledger.repository.statements import FileRow
from ledger.schemas.statements import LineShown, StatementFileShown, StatementReport
from ledger.use_cases.find_registry import find_registry
from ledger.use_cases.import_notices import import_notices
from ledger.use_cases.import_statement import import_statement
from ledger.use_cases.new_file import NewFile
from shared.database import Database
from shared.errors import NotFound
from shared.registry.registry import Registry
from shared.web.idempotency import Keyed, act_once
from shared.web.paging import Page, Paging, page_of
from shared.web.routing import Router, streamed

StatementPath = Annotated[UUID, Path(description="对账单文件编号")]
IsSupplement = Annotated[
    bool, Query(description="同一天再次导出、又有新流水时为 true：核对无误后只导入多出的各笔，其他不同仍整份拒收")
]

router = Router(tags=["对账单"])


@router.post("/statements", status_code=202, summary="上传对账单（camt.053、银行 CSV 或 Excel）或到账通知（camt.054）")
@streamed(*STATEMENT_KINDS, limit=max_file_bytes)
async def post_statement(
    caller: Writer,
    context: Context,
    request: Request,
    keyed: Keyed,
    response: Response,
    mapping: MappingName = None,
    bankacct: OwnAccount = None,
    is_supplement: IsSupplement = False,
) -> StatementReport:
    """The whole file or nothing; the same file again answers the same report."""
    admdvs = agency_of(caller, context)
    async with spooled(request, context.settings.spool_dir) as body:
        content = await read_upload(context, request, body, mapping=mapping, bankacct=bankacct)
        new = NewFile(admdvs, body.digest.hex(), body.size_bytes, caller.opter_id, content, is_supplement)
        registry = await find_registry(context.registry, admdvs, new.bankaccts)
        now = context.clock.now()
        file_id = await act_once(
            context.database,
            keyed.over(body.digest),
            lambda connection: _import(connection, new, registry, context, now),
            status=202,
            location="/v1/statements",
            now=now,
        )
    STATEMENTS.labels("accepted").inc()
    response.headers["Location"] = f"/v1/statements/{file_id}"
    return await _report(context.database, admdvs, UUID(file_id))


@router.get("/statements", summary="已上传的对账单文件")
async def get_statements(caller: Reader, context: Context, paging: Paging) -> Page[StatementFileShown]:
    """The agency's files, newest first."""
    admdvs = agency_of(caller, context)
    async with context.database.connection() as connection:
        rows = await statements.files_of_agency(connection, admdvs, after_instant(paging), paging.limit)
    return page_of(rows, paging.limit, _key, StatementFileShown.of)


@router.get("/statements/{statement_id}", summary="一个对账单文件的处理报告")
async def get_statement(caller: Reader, context: Context, statement_id: StatementPath) -> StatementReport:
    """What became of the file."""
    return await _report(context.database, agency_of(caller, context), statement_id)


@router.get("/statements/{statement_id}/lines", summary="对账单的每一笔及其去向")
async def get_lines(caller: Reader, context: Context, statement_id: StatementPath, paging: Paging) -> Page[LineShown]:
    """Every line in the file's order."""
    admdvs, now = agency_of(caller, context), context.clock.now()
    async with context.database.connection() as connection:
        _require_file(await statements.file_by_id(connection, admdvs, statement_id))
        rows = await outcomes.lines_of_file(connection, statement_id, after_id(paging), paging.limit)
    return page_of(rows, paging.limit, lambda row: (row.id,), lambda row: LineShown.of(row, now))


async def _import(
    connection: AsyncConnection, new: NewFile, registry: Registry, context: LedgerContext, now: datetime
) -> UUID:
    if new.content.notices:
        return await import_notices(connection, new, registry=registry, now=now)
    return await import_statement(connection, new, registry=registry, signers=context.signers, now=now)


async def _report(database: Database, admdvs: str, file_id: UUID) -> StatementReport:
    async with database.connection() as connection:
        row = _require_file(await statements.file_by_id(connection, admdvs, file_id))
        told = await outcomes.statements_of_file(connection, file_id)
        if not told:
            return StatementReport.of(row, [], [], await notices.totals_of_file(connection, file_id))
        return StatementReport.of(row, told, await outcomes.summary_of_file(connection, file_id))


def _require_file(row: FileRow | None) -> FileRow:
    if row is None:
        raise NotFound("没有这份对账单")
    return row


def _key(row: FileRow) -> tuple[str, str]:
    return row.received_at.isoformat(), str(row.id)
