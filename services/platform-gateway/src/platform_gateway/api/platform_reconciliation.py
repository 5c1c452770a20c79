"""平台对账: paid by the one agency against received by the other, from the events that the platform got (S53-2)."""

from datetime import date, timedelta
from typing import Annotated, Literal

from fastapi import Depends, Header, Query, Response

from platform_gateway.api.callers import Context, Overseer
from platform_gateway.api.statistics import areas_of
from platform_gateway.repository import statistics, transit
from platform_gateway.repository.transit import Asked
from platform_gateway.schemas.platform_reconciliation import (
    CaseInTransit,
    PairReconciled,
    PlatformReconciliation,
    rows_of,
)
from shared.clock import local_date
from shared.contracts.codes import AreaCode
from shared.errors import InvalidInput
from shared.months import YearMonth, month_at, month_index
from shared.spreadsheet import CSV, as_csv
from shared.web.paging import Page, Paging, encode_cursor, page_of
from shared.web.routing import Router

router = Router(tags=["对账"])


async def _asked(
    caller: Overseer,
    context: Context,
    day: Annotated[date | None, Query(ge=date(2000, 1, 1), le=date(2199, 12, 31), description="一天；默认昨天")] = None,
    month: Annotated[YearMonth | None, Query(description="一个月 YYYYMM；与 day 二选一")] = None,
    trafout_admdvs: AreaCode | None = None,
    trafin_admdvs: AreaCode | None = None,
) -> Asked:
    if day is not None and month is not None:
        raise InvalidInput("day 与 month 只能选一个。", code="day-and-month")
    yesterday = local_date(context.clock.now()) - timedelta(days=1)
    first = last = day or yesterday
    if month is not None:
        following = month_at(month_index(month) + 1)
        first = date(int(month[:4]), int(month[4:]), 1)
        last = date(int(following[:4]), int(following[4:]), 1) - timedelta(days=1)
    return Asked(areas_of(caller, None), first, last, trafout_admdvs, trafin_admdvs)


Wanted = Annotated[Asked, Depends(_asked)]


@router.get(
    "/reconciliations/platform",
    summary="平台对账：转出地已付与转入地已收、在途及账龄（JSON 或 CSV）",
    response_model=PlatformReconciliation,
    responses={200: {"content": {CSV: {"schema": {"type": "string"}}}}},
)
async def get_platform_reconciliation(
    context: Context,
    asked: Wanted,
    paging: Paging,
    form: Annotated[Literal["json", "csv"] | None, Query(alias="format")] = None,
    accept: Annotated[str, Header(max_length=1000)] = "",
) -> PlatformReconciliation | Response:
    """By pair of areas; in CSV ``X-Next-Cursor`` leads to the next page."""
    after = paging.after(str, str)
    async with context.database.connection() as connection:
        key = None if after is None else (str(after[0]), str(after[1]))
        waiting_since = await statistics.as_of(connection)
        found = await transit.pairs(connection, asked, key, paging.limit + 1)
    page = found[: paging.limit]
    cursor = (page[-1].trafout_admdvs, page[-1].trafin_admdvs) if len(found) > paging.limit else None
    shown = PlatformReconciliation(
        as_of=waiting_since or context.clock.now(),
        from_day=asked.from_day,
        until=asked.until,
        items=[PairReconciled.of(row) for row in page],
        next_cursor=None if cursor is None else encode_cursor(cursor),
    )
    is_csv = form == "csv" or (form is None and accept.partition(",")[0].strip().startswith(CSV))
    return _csv(shown) if is_csv else shown


@router.get("/reconciliations/platform/cases", summary="平台对账：未达的办件，逐件列出")
async def get_cases_in_transit(
    context: Context,
    asked: Wanted,
    paging: Paging,
    is_in_transit: Annotated[bool, Query(description="只列已付未收的")] = True,
) -> Page[CaseInTransit]:
    """Each case whose money was not level at the end of the last day, by number."""
    after = paging.after(str)
    async with context.database.connection() as connection:
        rows = await transit.items(
            connection,
            asked,
            is_under_way_only=is_in_transit,
            after=None if after is None else str(after[0]),
            limit=paging.limit + 1,
        )
    return page_of(rows, paging.limit, lambda row: (row.rlts_traf_id,), lambda row: CaseInTransit.of(row, asked.until))


def _csv(shown: PlatformReconciliation) -> Response:
    name = f"platform-reconciliation-{shown.from_day.isoformat()}-{shown.until.isoformat()}.csv"
    headers = {"Content-Disposition": f'attachment; filename="{name}"'}
    if shown.next_cursor is not None:
        headers["X-Next-Cursor"] = shown.next_cursor
    return Response(as_csv(rows_of(shown)), media_type=f"{CSV}; charset=utf-8", headers=headers)
