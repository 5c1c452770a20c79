"""Regional policy and calendar years: loaded by operators, read by everybody who works with cases."""

from datetime import date
from typing import Annotated, Any

from fastapi import Header, Path, Query, Response
from sqlalchemy import Row

from platform_gateway.api.callers import AreaPath, Context, RegistryReader, RegistryWriter
from platform_gateway.repository import policies as repository
from platform_gateway.schemas.policies import (
    CalendarYearShown,
    DifferenceShown,
    EffectiveShown,
    PolicyRevision,
    PolicyShown,
    PolicySummary,
    PolicyText,
)
from platform_gateway.use_cases.load_calendar_years import load_calendar_years
from platform_gateway.use_cases.load_policy import load_policy
from shared.clock import local_date
from shared.errors import NotFound
from shared.registry.calendar_year import YearDays, check_year
from shared.registry.policy.differences import differences
from shared.web.etags import Expected, etag, if_match
from shared.web.paging import Page, Paging, invalid_cursor, page_of
from shared.web.routing import Router

router = Router(tags=["地区政策"])

OptionalIfMatch = Annotated[
    str | None, Header(alias="If-Match", max_length=1000, description="修改已载入的内容时必填：读取时得到的 ETag")
]
Day = Annotated[date | None, Query(alias="on", description="哪一天的政策，默认今天")]
From = Annotated[date, Query(alias="from", description="较早的一天")]
To = Annotated[date, Query(alias="to", description="较晚的一天")]
YearPath = Annotated[int, Path(ge=2004, le=2100, description="年份")]


@router.get("/policies", summary="已载入的地区政策")
async def list_policies(caller: RegistryReader, context: Context, paging: Paging) -> Page[PolicySummary]:
    """By region."""
    (after,) = paging.after(str) or ("",)
    async with context.database.connection() as connection:
        rows = await repository.policies(connection, str(after), paging.limit + 1)
    return page_of(rows, paging.limit, lambda row: (row.region,), lambda row: PolicySummary(**_summary(row)))


@router.get("/policies/{region}", summary="一个地区的政策文件")
async def get_policy(region: AreaPath, caller: RegistryReader, context: Context, response: Response) -> PolicyShown:
    """As it was loaded, with who loaded what before."""
    async with context.database.connection() as connection:
        rows = await repository.revisions_of(connection, region)
    if not rows:
        raise NotFound("没有载入这个地区的政策。", code="policy-not-found")
    response.headers["ETag"] = etag(rows[0].revision)
    revisions = [PolicyRevision(**_revision(row)) for row in rows]
    return PolicyShown(**_summary(rows[0]), text=rows[0].text, revisions=revisions)


@router.put(
    "/policies/{region}",
    summary="载入地区政策文件",
    responses={201: {"model": PolicySummary, "description": "首次载入"}},
)
async def put_policy(
    region: AreaPath,
    document: PolicyText,
    caller: RegistryWriter,
    context: Context,
    response: Response,
    match: OptionalIfMatch = None,
) -> PolicySummary:
    """The whole file or nothing; cases that were accepted before keep the policy that they were accepted under."""
    expected = await _expected(match)
    loaded = await load_policy(context, caller.subject, document.text, expected, region=region)
    response.status_code = 201 if loaded.is_new else 200
    response.headers["ETag"] = etag(loaded.revision)
    async with context.database.connection() as connection:
        rows = await repository.revisions_of(connection, region)
    return PolicySummary(**_summary(rows[0]))


@router.get("/policies/{admdvs}/effective", summary="某地某日施行的政策，每个数值注明出处")
async def get_effective(admdvs: AreaPath, caller: RegistryReader, context: Context, on: Day = None) -> EffectiveShown:
    """Of a pooling area, a county or a region."""
    registry = await context.registry.fresh()
    day = on or local_date(context.clock.now())
    return EffectiveShown.of(admdvs, day, registry.policy(admdvs, day))


@router.get("/policies/{admdvs}/differences", summary="某地政策在两个日期之间的变化")
async def get_differences(
    admdvs: AreaPath, caller: RegistryReader, context: Context, before: From, after: To
) -> list[DifferenceShown]:
    """Value by value; empty where nothing changes."""
    registry = await context.registry.fresh()
    found = differences(registry.policy(admdvs, before), registry.policy(admdvs, after))
    return [DifferenceShown.of(difference) for difference in found]


@router.get("/calendar-years", summary="已载入的年度放假安排")
async def list_years(caller: RegistryReader, context: Context, paging: Paging) -> Page[CalendarYearShown]:
    """By year; years that the shipped calendar knows by itself are not among them."""
    (after,) = paging.after(int) or (0,)
    if not 0 <= int(after) <= date.max.year:
        raise invalid_cursor()
    async with context.database.connection() as connection:
        rows = await repository.years(connection, int(after), paging.limit + 1)
    return page_of(rows, paging.limit, lambda row: (row.year,), _year)


@router.put(
    "/calendar-years/{year}",
    summary="载入年度放假安排",
    responses={201: {"model": CalendarYearShown, "description": "首次载入"}},
)
async def put_year(
    year: YearPath,
    days: YearDays,
    caller: RegistryWriter,
    context: Context,
    response: Response,
    match: OptionalIfMatch = None,
) -> CalendarYearShown:
    """The whole year or nothing; provisional due dates are counted anew."""
    checked = check_year(year, days)
    revision = (await load_calendar_years(context, caller.subject, [checked], await _expected(match)))[year]
    response.status_code = 201 if revision == 1 else 200
    response.headers["ETag"] = etag(revision)
    async with context.database.connection() as connection:
        row = await repository.year_of(connection, year)
    if row is None:
        raise NotFound("没有载入这一年的放假安排。", code="calendar-year-not-found")
    return _year(row)


@router.get("/calendar-years/{year}", summary="一年的放假安排")
async def get_year(year: YearPath, caller: RegistryReader, context: Context, response: Response) -> CalendarYearShown:
    """As an operator loaded it."""
    async with context.database.connection() as connection:
        row = await repository.year_of(connection, year)
    if row is None:
        raise NotFound("没有载入这一年的放假安排。", code="calendar-year-not-found")
    response.headers["ETag"] = etag(row.revision)
    return _year(row)


async def _expected(match: str | None) -> Expected | None:
    return None if match is None else await if_match(match)


def _revision(row: Row[Any]) -> dict[str, Any]:
    return {name: row._mapping[name] for name in ("revision", "digest", "loaded_at", "loaded_by")}


def _summary(row: Row[Any]) -> dict[str, Any]:
    document = row.document
    return _revision(row) | {
        "region": row.region,
        "name": document["name"],
        "inherits": document["inherits"],
        "valid_from": [version["valid_from"] for version in document["versions"]],
    }


def _year(row: Row[Any]) -> CalendarYearShown:
    return CalendarYearShown(**row.document, revision=row.revision, loaded_at=row.loaded_at, loaded_by=row.loaded_by)
