"""The daily and the monthly report."""

from datetime import date
from enum import StrEnum
from typing import Annotated

import anyio
from fastapi import Header, Path, Query, Response
from sqlalchemy import text

from ledger.api.callers import Context, Reader, agency_of
from ledger.context import LedgerContext
from ledger.domain.periods import first_day_of, last_day_of
from ledger.schemas.reconciliation import ReconciliationReport
from ledger.schemas.reconciliation_rows import csv_rows, worksheets
from ledger.use_cases.reconcile_period import reconcile_period
from shared.contracts.codes import AreaCode
from shared.errors import NotFound
from shared.months import YearMonth
from shared.spreadsheet import CSV, XLSX, as_csv, as_xlsx
from shared.web.authentication import Principal
from shared.web.routing import Router


class ReportForm(StrEnum):
    """How a report is answered."""

    JSON = "json"
    CSV = "csv"
    XLSX = "xlsx"


Area = Annotated[AreaCode, Path()]
Form = Annotated[ReportForm | None, Query(alias="format")]
Accept = Annotated[str, Header(max_length=1000)]
_FORMS = {CSV: {"schema": {"type": "string"}}, XLSX: {"schema": {"type": "string", "format": "binary"}}}

router = Router(tags=["对账"])


@router.get(
    "/reconciliations/{admdvs}/{day}",
    summary="日对账报告（JSON、CSV 或 XLSX）",
    response_model=ReconciliationReport,
    responses={200: {"content": _FORMS}},
)
async def get_reconciliation(
    caller: Reader,
    context: Context,
    admdvs: Area,
    day: Annotated[date, Path()],
    form: Form = None,
    accept: Accept = "",
) -> ReconciliationReport | Response:
    """Bank, books and business of one day; what stays open is carried forward, with its age."""
    report = await _report(caller, context, admdvs, day, day)
    return await _answer(report, form, accept, day.isoformat())


@router.get(
    "/reconciliations/{admdvs}/months/{month}",
    summary="月对账报告（JSON、CSV 或 XLSX）",
    response_model=ReconciliationReport,
    responses={200: {"content": _FORMS}},
)
async def get_month_reconciliation(
    caller: Reader,
    context: Context,
    admdvs: Area,
    month: Annotated[YearMonth, Path(description="YYYYMM")],
    form: Form = None,
    accept: Accept = "",
) -> ReconciliationReport | Response:
    """The same over a month: what it opened with, what moved, what was matched, and what stands open at its end."""
    report = await _report(caller, context, admdvs, first_day_of(month), last_day_of(month))
    return await _answer(report, form, accept, month)


async def _report(
    caller: Principal, context: LedgerContext, admdvs: str, since: date, day: date
) -> ReconciliationReport:
    if agency_of(caller, context) != admdvs:
        raise NotFound("没有这个机构的对账报告")
    async with context.database.transaction() as connection:
        # One picture: lists and figures must not see different moments.
        await connection.execute(text("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ READ ONLY"))
        return ReconciliationReport.of(await reconcile_period(connection, admdvs, since, day))


async def _answer(
    report: ReconciliationReport, form: ReportForm | None, accept: str, when: str
) -> ReconciliationReport | Response:
    asked = accept.partition(",")[0].strip()
    wanted = form or next((each for each, kind in _KINDS.items() if asked.startswith(kind)), ReportForm.JSON)
    if wanted is ReportForm.JSON:
        return report
    headers = {"Content-Disposition": f'attachment; filename="reconciliation-{report.admdvs}-{when}.{wanted}"'}
    if wanted is ReportForm.CSV:
        return Response(as_csv(csv_rows(report)), media_type=f"{CSV}; charset=utf-8", headers=headers)
    content = await anyio.to_thread.run_sync(lambda: as_xlsx(worksheets(report)))
    return Response(content, media_type=XLSX, headers=headers)


_KINDS = {ReportForm.CSV: CSV, ReportForm.XLSX: XLSX}
