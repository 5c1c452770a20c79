"""What could not be matched, why, since when, and whose work it is."""

from typing import Annotated

from fastapi import Query

from ledger.api.callers import Clerk, Context, agency_of
from ledger.api.cursors import after_id
from ledger.domain.suspense import SuspenseReason
from ledger.repository import outcomes
from ledger.schemas.statements import LineShown
from shared.contracts.codes import CaseNumber
from shared.web.paging import Page, Paging, page_of
from shared.web.routing import Router

router = Router(tags=["挂账"])


@router.get("/suspense", summary="挂账：未能匹配的款项")
async def get_suspense(
    caller: Clerk,
    context: Context,
    paging: Paging,
    reason: SuspenseReason | None = None,
    rlts_traf_id: Annotated[CaseNumber | None, Query()] = None,
) -> Page[LineShown]:
    """Open items, oldest first."""
    admdvs, now = agency_of(caller, context), context.clock.now()
    async with context.database.connection() as connection:
        rows = await outcomes.open_suspense(
            connection,
            admdvs,
            reason=reason,
            rlts_traf_id=rlts_traf_id,
            after=after_id(paging),
            limit=paging.limit,
        )
    return page_of(rows, paging.limit, lambda row: (row.id,), lambda row: LineShown.of(row, now))
