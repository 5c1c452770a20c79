"""Closing months and opening them again."""

from typing import Annotated

from fastapi import Path, Response

from ledger.api.callers import Checker, Context, Reader, agency_of
from ledger.repository import periods
from ledger.schemas.periods import PeriodClosing, PeriodReopening, PeriodShown
from ledger.use_cases.close_period import close_period
from ledger.use_cases.list_open_points import list_open_points
from ledger.use_cases.reopen_period import reopen_period
from shared.months import YearMonth
from shared.web.etags import IfMatch, etag
from shared.web.idempotency import Keyed, act_once
from shared.web.routing import Router

Period = Annotated[YearMonth, Path(description="月份，YYYYMM")]

router = Router(tags=["结账"])


@router.get("/periods/{yyyymm}", summary="一个月的账：是否结账、检查单")
async def get_period(caller: Reader, context: Context, yyyymm: Period, response: Response) -> PeriodShown:
    """Whether the month is closed, what stands open, who closed and opened it; ``ETag`` for the next step."""
    return await _shown(context, agency_of(caller, context), yyyymm, response)


@router.post("/periods/{yyyymm}/close", summary="结账")
async def post_close(
    caller: Checker,
    context: Context,
    yyyymm: Period,
    body: PeriodClosing,
    expected: IfMatch,
    keyed: Keyed,
    response: Response,
) -> PeriodShown:
    """Close the month: its books add up, and every open point of the checklist was seen."""
    admdvs, now = agency_of(caller, context), context.clock.now()
    await act_once(
        context.database,
        keyed,
        lambda connection: close_period(
            connection,
            admdvs,
            yyyymm,
            seen=frozenset(body.seen),
            reason=body.reason,
            expected=expected,
            by=caller.opter_id,
            now=now,
        ),
        resource_id=yyyymm,
        now=now,
    )
    return await _shown(context, admdvs, yyyymm, response)


@router.post("/periods/{yyyymm}/reopening", summary="重开已结账的月份")
async def post_reopening(
    caller: Checker,
    context: Context,
    yyyymm: Period,
    body: PeriodReopening,
    expected: IfMatch,
    keyed: Keyed,
    response: Response,
) -> PeriodShown:
    """Open the last closed month again; not by who closed it."""
    admdvs, now = agency_of(caller, context), context.clock.now()
    await act_once(
        context.database,
        keyed,
        lambda connection: reopen_period(
            connection, admdvs, yyyymm, reason=body.reason, expected=expected, by=caller.opter_id, now=now
        ),
        resource_id=yyyymm,
        now=now,
    )
    return await _shown(context, admdvs, yyyymm, response)


async def _shown(context: Context, admdvs: str, period: str, response: Response) -> PeriodShown:
    async with context.database.connection() as connection:
        closing = await periods.closing_of(connection, admdvs)
        checklist = await list_open_points(connection, admdvs, period)
        events = await periods.events_of(connection, admdvs, period)
    response.headers["ETag"] = etag(closing.version)
    return PeriodShown.of(period, closing, checklist, events)
