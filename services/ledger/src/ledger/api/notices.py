"""What banks notified of before their statements."""

from typing import Annotated
from uuid import UUID

from fastapi import Query

from ledger.api.callers import Context, Reader, agency_of
from ledger.api.cursors import after_id
from ledger.repository import notices
from ledger.schemas.notices import NoticeShown
from shared.web.paging import Page, Paging, page_of
from shared.web.routing import Router

router = Router(tags=["对账单"])


@router.get("/notices", summary="银行到账、付款通知（camt.054）")
async def get_notices(
    caller: Reader,
    context: Context,
    paging: Paging,
    is_confirmed: Annotated[bool | None, Query(description="是否已由对账单入账")] = None,
    file_id: Annotated[UUID | None, Query(description="通知文件编号")] = None,
) -> Page[NoticeShown]:
    """Announced movements, newest first."""
    admdvs = agency_of(caller, context)
    async with context.database.connection() as connection:
        rows = await notices.page(
            connection, admdvs, file_id=file_id, is_confirmed=is_confirmed, after=after_id(paging), limit=paging.limit
        )
    return page_of(rows, paging.limit, lambda row: (row.id,), NoticeShown.of)
