"""The daily and the monthly report."""

from enum import StrEnum
from typing import Annotated

from fastapi import Depends, Header, Path, Query, Response

from ledger.api.callers import Context, Reader, agency_of
from ledger.api.report_files import report_file
from ledger.context import LedgerContext
from ledger.domain.periods import first_day_of, last_day_of
from ledger.domain.reconciliation import ReportPeriod
from ledger.domain.report_lists import Section
from ledger.repository import reconciliation_lists
from ledger.schemas.reconciliation import ReconciliationReport, ReportItem, list_page
from ledger.use_cases.reconcile_period import reconcile_period
from shared.clock import local_date
from shared.contracts.codes import AreaCode
from shared.days import Day
from shared.errors import NotFound
from shared.months import YearMonth
from shared.spreadsheet import CSV, XLSX
from shared.web.authentication import Principal
from shared.web.paging import Page, PageRequest, Paging, invalid_cursor
from shared.web.routing import Router


class ReportForm(StrEnum):
    """How a report is answered."""

    JSON = "json"
    CSV = "csv"
    XLSX = "xlsx"


Area = Annotated[AreaCode, Path()]
Form = Annotated[ReportForm | None, Query(alias="format")]
Accept = Annotated[str, Header(max_length=1000)]
List = Annotated[Section, Path(description="哪一份清单")]
_FORMS = {CSV: {"schema": {"type": "string"}}, XLSX: {"schema": {"type": "string", "format": "binary"}}}
_KINDS = {ReportForm.CSV: CSV, ReportForm.XLSX: XLSX}

router = Router(tags=["对账"])


async def _of_day(caller: Reader, context: Context, admdvs: Area, day: Annotated[Day, Path()]) -> ReportPeriod:
    return _own(ReportPeriod(admdvs, day, day), caller, context)


async def _of_month(
    caller: Reader, context: Context, admdvs: Area, month: Annotated[YearMonth, Path(description="YYYYMM")]
) -> ReportPeriod:
    return _own(ReportPeriod(admdvs, first_day_of(month), last_day_of(month)), caller, context)


def _own(period: ReportPeriod, caller: Principal, context: LedgerContext) -> ReportPeriod:
    if period.admdvs != agency_of(caller, context):
        raise NotFound("没有这个机构的对账报告")
    return period.until(local_date(context.clock.now()))


OfDay = Annotated[ReportPeriod, Depends(_of_day)]
OfMonth = Annotated[ReportPeriod, Depends(_of_month)]


@router.get(
    "/reconciliations/{admdvs}/{day}",
    summary="日对账报告（JSON、CSV 或 XLSX）",
    response_model=ReconciliationReport,
    responses={200: {"content": _FORMS}},
)
async def get_reconciliation(
    context: Context, period: OfDay, form: Form = None, accept: Accept = ""
) -> ReconciliationReport | Response:
    """Bank, books and business of one day; what stays open is carried forward, with its age.

    JSON has the first page of each list, a file all of it.
    """
    return await _report(context, period, form, accept, period.on.isoformat())


@router.get(
    "/reconciliations/{admdvs}/months/{month}",
    summary="月对账报告（JSON、CSV 或 XLSX）",
    response_model=ReconciliationReport,
    responses={200: {"content": _FORMS}},
)
async def get_month_reconciliation(
    context: Context, period: OfMonth, form: Form = None, accept: Accept = ""
) -> ReconciliationReport | Response:
    """The same over a month: what it opened with, what moved, what was matched, and what stands open at its end.

    A month that is not over is reported as far as today.
    """
    return await _report(context, period, form, accept, f"{period.on:%Y%m}")


@router.get("/reconciliations/{admdvs}/{day}/lists/{section}", summary="日对账报告的一份清单")
async def get_list(context: Context, period: OfDay, section: List, paging: Paging) -> Page[ReportItem]:
    """Every item of one list of the day's report."""
    return await _list(context, period, section, paging)


@router.get("/reconciliations/{admdvs}/months/{month}/lists/{section}", summary="月对账报告的一份清单")
async def get_month_list(context: Context, period: OfMonth, section: List, paging: Paging) -> Page[ReportItem]:
    """Every item of one list of the month's report."""
    return await _list(context, period, section, paging)


async def _report(
    context: LedgerContext, period: ReportPeriod, form: ReportForm | None, accept: str, when: str
) -> ReconciliationReport | Response:
    asked = accept.partition(",")[0].strip()
    wanted = form or next((each for each, kind in _KINDS.items() if asked.startswith(kind)), ReportForm.JSON)
    # Lists and figures must not see different moments.
    async with context.database.snapshot() as connection:
        if wanted is ReportForm.JSON:
            return ReconciliationReport.of(await reconcile_period(connection, period))
        return await report_file(connection, period, is_workbook=wanted is ReportForm.XLSX, when=when)


async def _list(
    context: LedgerContext, period: ReportPeriod, section: Section, paging: PageRequest
) -> Page[ReportItem]:
    after = paging.after(*reconciliation_lists.key_kinds(section))
    async with context.database.connection() as connection:
        try:
            rows = await reconciliation_lists.page(connection, period, section, after=after, limit=paging.limit)
        except ValueError:
            raise invalid_cursor() from None
    return list_page(section, rows, period.on, paging.limit)
