"""The daily report."""

from datetime import date
from typing import Annotated, Literal

from fastapi import Header, Path, Query, Response
from sqlalchemy import text

from ledger.api.callers import Context, Reader, agency_of
from ledger.schemas.reconciliation import ReconciliationReport, as_csv
from ledger.use_cases.reconcile_day import reconcile_day
from shared.contracts.codes import AreaCode
from shared.errors import NotFound
from shared.web.routing import Router

_CSV = "text/csv"

router = Router(tags=["对账"])


@router.get(
    "/reconciliations/{admdvs}/{day}",
    summary="日对账报告（JSON 或 CSV）",
    response_model=ReconciliationReport,
    responses={200: {"content": {_CSV: {"schema": {"type": "string"}}}}},
)
async def get_reconciliation(
    caller: Reader,
    context: Context,
    admdvs: Annotated[AreaCode, Path()],
    day: Annotated[date, Path()],
    form: Annotated[Literal["json", "csv"] | None, Query(alias="format")] = None,
    accept: Annotated[str, Header(max_length=1000)] = "",
) -> ReconciliationReport | Response:
    """Bank, books and business of one day; what stays open is carried forward."""
    if agency_of(caller, context) != admdvs:
        raise NotFound("没有这个机构的对账报告")
    async with context.database.transaction() as connection:
        # One picture: lists and figures must not see different moments.
        await connection.execute(text("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ READ ONLY"))
        report = ReconciliationReport.of(await reconcile_day(connection, admdvs, day))
    if form == "csv" or (form is None and accept.partition(",")[0].strip().startswith(_CSV)):
        name = f"reconciliation-{admdvs}-{day.isoformat()}.csv"
        headers = {"Content-Disposition": f'attachment; filename="{name}"'}
        return Response(as_csv(report), media_type=f"{_CSV}; charset=utf-8", headers=headers)
    return report
