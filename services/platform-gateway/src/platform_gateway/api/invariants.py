"""Three-way agreement of sheets, cases and money, for oversight (S53-2)."""

from typing import Annotated

from fastapi import Query

from platform_gateway.api.callers import Context, Overseer
from platform_gateway.api.statistics import NO_SUCH_AREA, areas_asked, areas_of
from platform_gateway.domain.breaks import BreakKind
from platform_gateway.repository import breaks, reporting_sides
from platform_gateway.schemas.invariants import BreakShown, FiguresReportShown
from shared.contracts.codes import AreaCode, CaseNumber
from shared.contracts.events.figures import FiguresSide
from shared.web.paging import Page, Paging, page_of
from shared.web.routing import Router

router = Router(tags=["对账"])


@router.get(
    "/reconciliations/invariants",
    summary="三方一致性核对：信息表、办件、资金的不一致及双方依据",
    responses=NO_SUCH_AREA,
)
async def get_invariants(
    caller: Overseer,
    context: Context,
    paging: Paging,
    admdvs: Annotated[AreaCode | None, Query(description="只列该省（末四位 0000）或该统筹区的办件")] = None,
    kind: BreakKind | None = None,
    side: FiguresSide | None = None,
    rlts_traf_id: Annotated[CaseNumber | None, Query()] = None,
    is_open: Annotated[bool, Query(description="false：列已消除的")] = True,
) -> Page[BreakShown]:
    """Every break, the oldest first; what is on its way between two services is none."""
    after = paging.after(int)
    areas = areas_asked(caller, await context.registry.fresh(), admdvs)
    async with context.database.connection() as connection:
        rows = await breaks.page(
            connection,
            areas,
            kind=kind,
            side=side,
            rlts_traf_id=rlts_traf_id,
            is_open=is_open,
            after=None if after is None else int(after[0]),
            limit=paging.limit + 1,
        )
    return page_of(rows, paging.limit, lambda row: (row.id,), BreakShown.of)


@router.get("/reconciliations/invariants/reports", summary="各方最近一次报送的进度")
async def get_figures_reports(caller: Overseer, context: Context, paging: Paging) -> Page[FiguresReportShown]:
    """Each side's newest report, and who never made one; a side that is silent for long is compared with nothing."""
    areas = areas_of(caller, None)
    after = paging.after(str)
    async with context.database.connection() as connection:
        rows = await reporting_sides.page(connection, areas, None if after is None else str(after[0]), paging.limit + 1)
    return page_of(rows, paging.limit, lambda row: (row.sender,), FiguresReportShown.of)
