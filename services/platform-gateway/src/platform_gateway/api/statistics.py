"""Oversight's questions: volumes, time limits kept, returns, money outstanding (N3, N10, S53-4)."""

from collections.abc import Sequence
from typing import Annotated, Any

from fastapi import Depends, Header, Query, Response

from platform_gateway.api.callers import Context, Overseer
from platform_gateway.context import GatewayContext
from platform_gateway.domain import statistics as rules
from platform_gateway.domain.statistics import AreaRange, Distance, Figures, FiguresWanted, GroupBy
from platform_gateway.repository import statistics
from platform_gateway.schemas.statistics import StatisticsLine, StatisticsShown, line
from platform_gateway.schemas.statistics_csv import rows_of
from shared.clock import local_date
from shared.contracts.codes import AreaCode, Insutype, Origin
from shared.contracts.facts import Side
from shared.errors import InvalidInput, NotFound
from shared.months import YearMonth, month_of
from shared.registry.registry import Registry
from shared.spreadsheet import CSV, as_csv
from shared.web.paging import PageRequest, Paging, encode_cursor
from shared.web.principal import Principal
from shared.web.routing import Router

_KEY_NAMES = {
    GroupBy.TOTAL: (),
    GroupBy.MONTH: ("month",),
    GroupBy.PROVINCE: ("province",),
    GroupBy.AREA: ("admdvs",),
    GroupBy.DIRECTION: ("trafout_admdvs", "trafin_admdvs"),
    GroupBy.COUNTY: ("side", "admdvs", "county"),
    GroupBy.SCHEMES: ("trafout_insutype", "trafin_insutype"),
    GroupBy.DISTANCE: ("distance",),
}

router = Router(tags=["统计与监督"])


async def _wanted(
    caller: Overseer,
    context: Context,
    month_from: Annotated[YearMonth | None, Query(description="起始月 YYYYMM，默认为当年一月")] = None,
    month_to: Annotated[YearMonth | None, Query(description="截止月 YYYYMM（含），默认为当月")] = None,
    by: Annotated[GroupBy, Query(description="每一行统计什么")] = GroupBy.TOTAL,
    admdvs: Annotated[AreaCode | None, Query(description="只统计该省（末四位 0000）或该统筹区")] = None,
    side: Annotated[Side | None, Query(description="只统计作为转出地或转入地的办件；不写则两侧都算且不重复")] = None,
    trafout_insutype: Insutype | None = None,
    trafin_insutype: Insutype | None = None,
    distance: Annotated[Distance | None, Query(description="区内、市内、省内、跨省")] = None,
    origin: Annotated[Origin | None, Query(description="电子或纸质")] = None,
) -> FiguresWanted:
    today = local_date(context.clock.now())
    last = month_to or month_of(today)
    first = month_from or f"{last[:4]}01"
    if first > last:
        raise InvalidInput("起始月不能晚于截止月。", code="months-reversed")
    areas = areas_asked(caller, await context.registry.fresh(), admdvs)
    if by is GroupBy.COUNTY and areas == rules.NATION:
        raise InvalidInput("按县区统计须用 admdvs 选定省或统筹区。", code="area-missing")
    return FiguresWanted(
        areas,
        first,
        last,
        by,
        side,
        trafout_insutype,
        trafin_insutype,
        distance,
        origin,
    )


Wanted = Annotated[FiguresWanted, Depends(_wanted)]

NO_SUCH_AREA: dict[int | str, dict[str, Any]] = {404: {"description": "没有该地区，或无权查看"}}
"""What ``areas_asked`` may answer, for the routes that ask it."""


@router.get(
    "/statistics",
    summary="统计：业务量、时限、退回率、未清资金",
    response_model=StatisticsShown,
    responses={200: {"content": {CSV: {"schema": {"type": "string"}}}}, **NO_SUCH_AREA},
)
async def get_statistics(
    context: Context,
    wanted: Wanted,
    paging: Paging,
    accept: Annotated[str, Header(max_length=1000)] = "",
) -> StatisticsShown | Response:
    """The figures as JSON, or as CSV where ``Accept`` asks for it."""
    shown = await _figures(context, wanted, paging)
    return _csv(shown) if accept.partition(",")[0].strip().startswith(CSV) else shown


@router.get(
    "/statistics.csv",
    summary="统计（CSV）",
    response_class=Response,
    responses={200: {"content": {CSV: {"schema": {"type": "string"}}}}, **NO_SUCH_AREA},
)
async def get_statistics_csv(context: Context, wanted: Wanted, paging: Paging) -> Response:
    """The figures as CSV; ``X-Next-Cursor`` leads to the next page."""
    return _csv(await _figures(context, wanted, paging))


def areas_asked(caller: Principal, registry: Registry, admdvs: str | None) -> AreaRange:
    """``areas_of`` a code that is a pooling area, a province or the nation; raises ``NotFound`` for any other.

    A mistyped code or a county's has no figures of its own, which would look like no cases at all.
    """
    if admdvs is not None and registry.area(admdvs) is None and not _is_region(registry, admdvs):
        raise _not_there()
    return areas_of(caller, admdvs)


def areas_of(caller: Principal, admdvs: str | None) -> AreaRange:
    """Whose figures the caller gets: what lies below its own area, narrowed to ``admdvs``; raises ``NotFound``."""
    own = _own_areas(caller)
    # A municipality is a pooling area whose code reads like a province's: its own agency means itself.
    if admdvs is None or own == rules.area(admdvs):
        return own
    wanted = rules.below(admdvs) if admdvs.endswith("0000") else rules.area(admdvs)
    if not own.holds(wanted):
        raise _not_there()
    return wanted


def _is_region(registry: Registry, code: str) -> bool:
    return code.endswith("0000") and (rules.below(code) == rules.NATION or code in registry.parents)


def _not_there() -> NotFound:
    return NotFound("没有该地区的统计。", code="area-not-found")


def _own_areas(caller: Principal) -> AreaRange:
    if caller.is_platform_wide:
        return rules.NATION
    if caller.oversight is not None and caller.admdvs is None:
        return rules.below(caller.oversight)
    return rules.area(caller.agency())


async def _figures(context: GatewayContext, wanted: FiguresWanted, paging: PageRequest) -> StatisticsShown:
    names = _KEY_NAMES[wanted.by]
    after = paging.after(*(str for _ in names)) if names else None
    now = context.clock.now()
    async with context.database.connection() as connection:
        registry = await context.registry.at(connection)
        waiting_since = await statistics.as_of(connection)
        found = await statistics.figures(
            connection, wanted, local_date(now), [str(each) for each in after or ()], paging.limit + 1
        )
    page = found[: paging.limit]
    return StatisticsShown(
        as_of=waiting_since or now,
        month_from=wanted.month_from,
        month_to=wanted.month_to,
        by=wanted.by,
        side=wanted.side,
        items=[_line(registry, wanted.by, each) for each in page],
        next_cursor=encode_cursor(page[-1].key) if len(found) > paging.limit else None,
    )


def _line(registry: Registry, by: GroupBy, figures: Figures) -> StatisticsLine:
    key = dict(zip(_KEY_NAMES[by], _shown_key(by, figures.key), strict=True))
    areas = [registry.area(code) for name, code in key.items() if name.endswith("admdvs")]
    return line(figures, by, key, {area.admdvs: area.name for area in areas if area is not None})


def _shown_key(by: GroupBy, key: Sequence[str]) -> Sequence[str]:
    if by is GroupBy.PROVINCE:
        return [f"{key[0]}0000"]
    return [key[0].removesuffix("_county"), *key[1:]] if by is GroupBy.COUNTY else key


def _csv(shown: StatisticsShown) -> Response:
    headers = {"Content-Disposition": f'attachment; filename="statistics-{shown.month_from}-{shown.month_to}.csv"'}
    if shown.next_cursor is not None:
        headers["X-Next-Cursor"] = shown.next_cursor
    return Response(as_csv(rows_of(shown)), media_type=f"{CSV}; charset=utf-8", headers=headers)
