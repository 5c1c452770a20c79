"""Bank statements in, and what became of them."""

from datetime import datetime
from typing import Annotated
from uuid import UUID

import anyio
from fastapi import Path, Query, Response
from sqlalchemy.ext.asyncio import AsyncConnection
from starlette.requests import Request

from ledger.api.callers import Context, Reader, Writer, agency_of
from ledger.api.cursors import after_id, after_instant
from ledger.api.spool import spooled
from ledger.context import LedgerContext
from ledger.metrics import STATEMENTS
from ledger.parsers.file_kind import FileKind
from ledger.parsers.mapping import known_mappings, shipped_mappings
from ledger.parsers.statement_file import open_statement_file
from ledger.repository import notices, outcomes, statements
from ledger.repository.statements import FileRow
from ledger.schemas.statements import LineShown, StatementFileShown, StatementReport
from ledger.use_cases.find_registry import find_registry
from ledger.use_cases.import_notices import import_notices
from ledger.use_cases.import_statement import import_statement
from ledger.use_cases.new_file import NewFile
from shared.database import Database
from shared.errors import DomainError, NotFound
from shared.registry.registry import Registry
from shared.web.idempotency import Keyed, act_once
from shared.web.paging import Page, Paging, page_of
from shared.web.routing import Router, streamed

_KINDS = {
    "application/xml": FileKind.XML,
    "text/xml": FileKind.XML,
    "text/csv": FileKind.CSV,
    "application/vnd.ms-excel": FileKind.EXCEL,
    "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet": FileKind.EXCEL,
}
StatementPath = Annotated[UUID, Path(description="对账单文件编号")]
MappingName = Annotated[
    str | None,
    Query(
        pattern=r"^[a-z0-9-]{1,30}$",
        description="CSV 或 Excel 的银行格式（"
        + "，".join(f"{mapping.code} {mapping.name}" for mapping in shipped_mappings().values())
        + "，以及本部署自配的）；省略时按表头识别",
    ),
]
OwnAccount = Annotated[
    str | None, Query(pattern=r"^[0-9A-Za-z-]{1,40}$", description="CSV 或 Excel 文件中没有账号时，指明是哪个账户的")
]

IsSupplement = Annotated[
    bool, Query(description="同一天再次导出、又有新流水时为 true：核对无误后只导入多出的各笔，其他不同仍整份拒收")
]

router = Router(tags=["对账单"])


@router.post("/statements", status_code=202, summary="上传对账单（camt.053、银行 CSV 或 Excel）或到账通知（camt.054）")
@streamed(*_KINDS, limit=lambda context: int(context.settings.max_statement_bytes))
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
    kind = _KINDS[request.headers.get("content-type", "").partition(";")[0].strip().lower()]
    async with spooled(request, context.settings.spool_dir) as body:
        try:
            content = await anyio.to_thread.run_sync(
                lambda: open_statement_file(
                    body.file,
                    kind,
                    mapping=mapping,
                    bankacct=bankacct,
                    mappings=known_mappings(context.settings.mappings_dir),
                    spool_dir=context.settings.spool_dir,
                )
            )
        except DomainError as error:
            STATEMENTS.labels(error.code).inc()
            raise
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
