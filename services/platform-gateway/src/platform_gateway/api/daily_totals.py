"""Counts and sums of a day, for an agency to compare with its own books."""

from collections.abc import Sequence
from datetime import date
from typing import Annotated, Any

from fastapi import Path, Query
from sqlalchemy import Row

from platform_gateway.api.callers import Context, TransferReader
from platform_gateway.api.statistics import areas_asked
from platform_gateway.repository import daily_totals
from platform_gateway.schemas.statistics import DailyTotals, SideTotals, Sum
from shared.contracts.codes import AreaCode
from shared.contracts.facts import Side
from shared.errors import InvalidInput
from shared.web.routing import Router

router = Router(tags=["统计与监督"])


@router.get("/daily-totals/{day}", summary="某日各状态件数与金额，供经办机构核对")
async def get_daily_totals(
    day: Annotated[date, Path(ge=date(2000, 1, 1), le=date(2199, 12, 31), description="北京时间日期")],
    caller: TransferReader,
    context: Context,
    admdvs: Annotated[AreaCode | None, Query(description="统筹区；经办机构令牌默认为本机构")] = None,
) -> DailyTotals:
    """By side: cases that came to each state that day, sheets accepted, and money facts booked that day."""
    registry = await context.registry.fresh()
    areas = areas_asked(caller, registry, admdvs)
    async with context.database.connection() as connection:
        # A municipality's code reads like a province's, and is one pooling area all the same.
        is_one = areas.low == areas.high or registry.area(areas.low) is not None
        if (admdvs is None and areas.low != areas.high) or not is_one:
            raise InvalidInput("请用 admdvs 指明一个统筹区。", code="area-missing")
        entered = await daily_totals.entered(connection, areas.low, day)
        sheets = await daily_totals.sheets(connection, areas.low, day)
        money = await daily_totals.money(connection, areas.low, day)
    outbound, inbound = (_of_side(side, entered, sheets, money) for side in (Side.OUTBOUND, Side.INBOUND))
    return DailyTotals(date=day, admdvs=areas.low, outbound=outbound, inbound=inbound)


def _of_side(
    side: Side, entered: Sequence[Row[Any]], sheets: Sequence[Row[Any]], money: Sequence[Row[Any]]
) -> SideTotals:
    def sums(rows: Sequence[Row[Any]]) -> dict[str, Sum]:
        return {row.what: Sum(cases=row.cases, amount=int(row.amount)) for row in rows if row.side == side.value}

    return SideTotals.model_validate(
        {
            "entered": {what: each.cases for what, each in sums(entered).items()},
            "sheets": sums(sheets).get("sheets", Sum(cases=0, amount=0)),
            "money": sums(money),
        }
    )
