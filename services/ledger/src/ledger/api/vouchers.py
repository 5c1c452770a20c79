"""Vouchers out to the general ledger, and its numbers back in."""

from typing import Annotated
from uuid import UUID

from fastapi import Path, Query, Response

from ledger.api.callers import Clerk, Context, Reader, agency_of
from ledger.repository import vouchers
from ledger.schemas.vouchers import GlNumber, VoucherInFull, VoucherShown
from ledger.use_cases.record_gl_number import record_gl_number
from shared.days import Day
from shared.errors import NotFound
from shared.web.etags import IfMatch, etag
from shared.web.routing import Router

VoucherPath = Annotated[UUID, Path(description="凭证编号")]

router = Router(tags=["凭证"])


@router.get("/vouchers", summary="一天的记账凭证")
async def get_vouchers(
    caller: Reader, context: Context, day: Annotated[Day, Query(alias="date", description="记账日期")]
) -> list[VoucherShown]:
    """The vouchers of a booking day, fund by fund; drawn once a day for what was posted until then."""
    admdvs = agency_of(caller, context)
    async with context.database.connection() as connection:
        rows = await vouchers.vouchers(connection, admdvs, day=day)
        lines = await vouchers.lines_of(connection, [row.id for row in rows])
    return [VoucherShown.of(row, lines) for row in rows]


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
        rows = await vouchers.vouchers(connection, admdvs, voucher_id=voucher_id)
        lines = await vouchers.lines_of(connection, [row.id for row in rows])
        numbers = await vouchers.numbers_of(connection, voucher_id)
    if not rows:
        raise NotFound("没有这张凭证")
    response.headers["ETag"] = etag(rows[0].version)
    return VoucherInFull.with_numbers(rows[0], lines, numbers)
