"""Vouchers out to the general ledger, and its numbers back in."""

from typing import Annotated
from uuid import UUID

from fastapi import Path, Query, Response

from ledger.api.callers import Clerk, Context, Reader, agency_of
from ledger.api.cursors import after_voucher
from ledger.repository import vouchers
from ledger.schemas.vouchers import GlNumber, VoucherInFull, VoucherShown, voucher_page
from ledger.use_cases.record_gl_number import record_gl_number
from shared.days import Day
from shared.errors import NotFound
from shared.web.etags import IfMatch, etag
from shared.web.paging import Page, Paging
from shared.web.routing import Router

VoucherPath = Annotated[UUID, Path(description="凭证编号")]

router = Router(tags=["凭证"])


@router.get("/vouchers", summary="记账凭证：一天的、全部的、尚未回填总账凭证号的")
async def get_vouchers(
    caller: Reader,
    context: Context,
    paging: Paging,
    day: Annotated[Day | None, Query(alias="date", description="记账日期")] = None,
    has_gl_number: Annotated[bool | None, Query(description="是否已回填总账凭证号")] = None,
) -> Page[VoucherShown]:
    """The vouchers of a booking day, or of all, oldest first; drawn once a day for what was posted until then."""
    admdvs, after = agency_of(caller, context), after_voucher(paging)
    async with context.database.connection() as connection:
        rows = await vouchers.vouchers(
            connection, admdvs, day=day, is_numbered=has_gl_number, after=after, limit=paging.limit
        )
        lines = await vouchers.lines_of(connection, [row.id for row in rows])
    return voucher_page(rows, lines, paging.limit)


@router.get("/vouchers/{voucher_id}", summary="一张记账凭证")
async def get_voucher(caller: Reader, context: Context, voucher_id: VoucherPath, response: Response) -> VoucherInFull:
    """One voucher with its lines; ``ETag`` for recording the general ledger's number."""
    return await _shown(context, agency_of(caller, context), voucher_id, response)


@router.put("/vouchers/{voucher_id}/gl-number", summary="回填总账凭证号")
async def put_gl_number(
    caller: Clerk, context: Context, voucher_id: VoucherPath, body: GlNumber, expected: IfMatch, response: Response
) -> VoucherInFull:
    """Say under which number the general ledger has taken the voucher."""
    admdvs, now = agency_of(caller, context), context.clock.now()
    async with context.database.transaction() as connection:
        await record_gl_number(
            connection, admdvs, voucher_id, body.gl_voucher_no, expected=expected, by=caller.opter_id, now=now
        )
    return await _shown(context, admdvs, voucher_id, response)


async def _shown(context: Context, admdvs: str, voucher_id: UUID, response: Response) -> VoucherInFull:
    async with context.database.connection() as connection:
        row = await vouchers.find(connection, admdvs, voucher_id)
        lines = await vouchers.lines_of(connection, [voucher_id])
        numbers = await vouchers.numbers_of(connection, voucher_id)
    if row is None:
        raise NotFound("没有这张凭证")
    response.headers["ETag"] = etag(row.version)
    return VoucherInFull.with_numbers(row, lines, numbers)
