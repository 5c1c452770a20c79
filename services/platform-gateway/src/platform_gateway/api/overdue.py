"""The list of what is overdue, for oversight and for agencies themselves (N3, N10, S53-4)."""

from datetime import date
from typing import Annotated

from fastapi import Depends, Query, Response

from platform_gateway.api.callers import Context, Overseer
from platform_gateway.api.statistics import NO_SUCH_AREA, areas_asked
from platform_gateway.repository import overdue as overdue_rows
from platform_gateway.schemas.statistics import OverdueClock
from platform_gateway.schemas.statistics_csv import rows_of_overdue
from shared.clock import local_date
from shared.contracts.codes import AreaCode
from shared.contracts.facts import Side
from shared.spreadsheet import CSV, as_csv
from shared.web.paging import Page, PageRequest, Paging, invalid_cursor, page_of
from shared.web.routing import Router

_MAX_VERSION = 2**31 - 1

router = Router(tags=["统计与监督"])


async def _page(
    caller: Overseer,
    context: Context,
    paging: Paging,
    admdvs: Annotated[AreaCode | None, Query(description="只列该省或该统筹区")] = None,
    side: Side | None = None,
) -> Page[OverdueClock]:
    today = local_date(context.clock.now())
    after = _after(paging)
    areas = areas_asked(caller, await context.registry.fresh(), admdvs)
    async with context.database.connection() as connection:
        rows = await overdue_rows.page(connection, areas, side, today, after, paging.limit + 1)
    return page_of(
        rows,
        paging.limit,
        lambda row: (row.due_on.isoformat(), row.rlts_traf_id, row.kind, row.sheet_version),
        lambda row: OverdueClock.model_validate({**row._mapping, "days_over": (today - row.due_on).days}),
    )


def _after(paging: PageRequest) -> tuple[date, str, str, int] | None:
    key = paging.after(str, str, str, int)
    if key is None:
        return None
    due_on, number, kind, version = key
    if not 0 <= int(version) <= _MAX_VERSION:
        raise invalid_cursor()
    try:
        return date.fromisoformat(str(due_on)), str(number), str(kind), int(version)
    except ValueError:
        raise invalid_cursor() from None


OverduePage = Annotated[Page[OverdueClock], Depends(_page)]


@router.get("/statistics/overdue", summary="超期清单", responses=NO_SUCH_AREA)
async def get_overdue(_caller: Overseer, page: OverduePage) -> Page[OverdueClock]:
    """Running clocks past their last day, the longest overdue first."""
    return page


@router.get(
    "/statistics/overdue.csv",
    summary="超期清单（CSV）",
    response_class=Response,
    responses={200: {"content": {CSV: {"schema": {"type": "string"}}}}, **NO_SUCH_AREA},
)
async def get_overdue_csv(_caller: Overseer, page: OverduePage) -> Response:
    """The same; ``X-Next-Cursor`` leads to the next page."""
    headers = {"Content-Disposition": 'attachment; filename="overdue.csv"'}
    if page.next_cursor is not None:
        headers["X-Next-Cursor"] = page.next_cursor
    return Response(as_csv(rows_of_overdue(page.items)), media_type=f"{CSV}; charset=utf-8", headers=headers)
