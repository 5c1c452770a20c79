"""Banks' reports on payments (pain.002) in, and what came of them."""

from typing import Annotated
from uuid import UUID

import anyio
from fastapi import Path, Response
from starlette.requests import Request

from ledger.api.announced import XML_KINDS
from ledger.api.callers import Context, Reader, Writer, agency_of
from ledger.api.cursors import after_id, after_instant
from ledger.api.spool import max_file_bytes, spooled
from ledger.domain.bank_answers import Outcome
from ledger.parsers import pain002
from ledger.parsers.file_kind import FileKind, require_kind
from ledger.repository import status_reports
from ledger.repository.status_reports import ReportRow
from ledger.schemas.status_reports import AnswerShown, StatusReportLine, StatusReportShown
from ledger.use_cases.import_status_report import NewReport, import_status_report
from shared.database import Database
from shared.errors import NotFound
from shared.web.idempotency import Keyed, act_once
from shared.web.paging import Page, Paging, page_of
from shared.web.routing import Router, streamed

ReportPath = Annotated[UUID, Path(description="付款状态报告编号")]

router = Router(tags=["支付"])


@router.post("/payment-status-reports", status_code=202, summary="上传银行的付款状态报告（pain.002）")
@streamed(*XML_KINDS, limit=max_file_bytes)
async def post_report(
    caller: Writer, context: Context, request: Request, keyed: Keyed, response: Response
) -> StatusReportShown:
    """The whole report or nothing; the same file again answers the same report."""
    admdvs, now = agency_of(caller, context), context.clock.now()
    async with spooled(request, context.settings.spool_dir) as body:
        require_kind(body.file, FileKind.XML)
        content = await anyio.to_thread.run_sync(pain002.read, body.file)
        new = NewReport(admdvs, body.digest.hex(), body.size_bytes, caller.opter_id, content)
        over = keyed.over(body.digest)
    report_id = await act_once(
        context.database,
        over,
        lambda connection: import_status_report(connection, new, signers=context.signers, now=now),
        status=202,
        location="/v1/payment-status-reports",
        now=now,
    )
    response.headers["Location"] = f"/v1/payment-status-reports/{report_id}"
    return await _shown(context.database, admdvs, UUID(report_id))


@router.get("/payment-status-reports", summary="已上传的付款状态报告")
async def get_reports(caller: Reader, context: Context, paging: Paging) -> Page[StatusReportLine]:
    """The agency's reports, newest first."""
    admdvs, after = agency_of(caller, context), after_instant(paging)
    async with context.database.connection() as connection:
        rows = await status_reports.page(connection, admdvs, after=after, limit=paging.limit)
    return page_of(rows, paging.limit, _key, StatusReportLine.of)


@router.get("/payment-status-reports/{report_id}", summary="一份付款状态报告的处理结果")
async def get_report(caller: Reader, context: Context, report_id: ReportPath) -> StatusReportShown:
    """How many payments had which outcome."""
    return await _shown(context.database, agency_of(caller, context), report_id)


@router.get("/payment-status-reports/{report_id}/lines", summary="付款状态报告的每一笔及其处理结果")
async def get_lines(
    caller: Reader, context: Context, report_id: ReportPath, paging: Paging, outcome: Outcome | None = None
) -> Page[AnswerShown]:
    """Every payment in the report's order."""
    admdvs = agency_of(caller, context)
    async with context.database.connection() as connection:
        _found(await status_reports.by_id(connection, admdvs, report_id))
        rows = await status_reports.lines_page(
            connection, report_id, outcome=outcome, after=after_id(paging), limit=paging.limit
        )
    return page_of(rows, paging.limit, lambda row: (row.line_no,), AnswerShown.of)


async def _shown(database: Database, admdvs: str, report_id: UUID) -> StatusReportShown:
    async with database.connection() as connection:
        row = _found(await status_reports.by_id(connection, admdvs, report_id))
        return StatusReportShown.with_outcomes(row, await status_reports.totals(connection, report_id))


def _found(row: ReportRow | None) -> ReportRow:
    if row is None:
        raise NotFound("没有这份付款状态报告")
    return row


def _key(row: ReportRow) -> tuple[str, str]:
    return row.received_at.isoformat(), str(row.id)
