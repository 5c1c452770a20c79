"""Payments that the bank refused or sent back: noted, taken back, paid anew."""

from typing import Annotated
from uuid import UUID

from fastapi import Path, Response

from ledger.api.callers import Checker, Clerk, Context, Viewer, agency_of
from ledger.context import LedgerContext
from ledger.repository import order_events, orders
from ledger.schemas.payments import OrderWithHistory, PaymentAnew, RejectionNote, StepReason
from ledger.use_cases.reissue_order import reissue_order
from ledger.use_cases.reject_order import reject_order
from ledger.use_cases.withdraw_rejection import withdraw_rejection
from shared.errors import NotFound
from shared.web.etags import IfMatch, etag
from shared.web.idempotency import Keyed, act_once
from shared.web.routing import Router

OrderPath = Annotated[UUID, Path(description="支付单编号")]

router = Router(tags=["支付"])


@router.get("/payment-orders/{order_id}", summary="一张支付单")
async def get_order(caller: Viewer, context: Context, order_id: OrderPath, response: Response) -> OrderWithHistory:
    """The order as it stands; ``ETag`` for who changes it."""
    return await _shown(context, agency_of(caller, context), order_id, response)


@router.post("/payment-orders/{order_id}/rejection", summary="登记银行拒绝付款（银行没有电子报告时）")
async def post_rejection(
    caller: Checker,
    context: Context,
    order_id: OrderPath,
    body: RejectionNote,
    expected: IfMatch,
    keyed: Keyed,
    response: Response,
) -> OrderWithHistory:
    """A released payment is refused, by what the bank told a person."""
    admdvs, now = agency_of(caller, context), context.clock.now()
    await act_once(
        context.database,
        keyed,
        lambda connection: reject_order(
            connection,
            admdvs,
            order_id,
            reason=body.reason,
            code=body.code,
            expected=expected,
            signers=context.signers,
            by=caller.opter_id,
            now=now,
        ),
        resource_id=order_id,
        now=now,
    )
    return await _shown(context, admdvs, order_id, response)


@router.post("/payment-orders/{order_id}/rejection-withdrawal", summary="撤回拒绝登记（银行其实付了）")
async def post_withdrawal(
    caller: Checker,
    context: Context,
    order_id: OrderPath,
    body: StepReason,
    expected: IfMatch,
    keyed: Keyed,
    response: Response,
) -> OrderWithHistory:
    """The payment is released again, and what was to pay it anew is given up; a debit that waits is matched."""
    admdvs, now = agency_of(caller, context), context.clock.now()
    await act_once(
        context.database,
        keyed,
        lambda connection: withdraw_rejection(
            connection,
            admdvs,
            order_id,
            reason=body.reason,
            expected=expected,
            signers=context.signers,
            by=caller.opter_id,
            now=now,
        ),
        resource_id=order_id,
        now=now,
    )
    return await _shown(context, admdvs, order_id, response)


@router.post("/payment-orders/{order_id}/reissue", status_code=201, summary="重新支付被拒绝或退回的付款")
async def post_reissue(
    caller: Clerk,
    context: Context,
    order_id: OrderPath,
    body: PaymentAnew,
    expected: IfMatch,
    keyed: Keyed,
    response: Response,
) -> OrderWithHistory:
    """A new order that links to the one that did not pay; two people release it in a batch, like any other."""
    admdvs, now = agency_of(caller, context), context.clock.now()
    reissue_id = await act_once(
        context.database,
        keyed,
        lambda connection: reissue_order(
            connection,
            admdvs,
            order_id,
            reason=body.reason,
            payee=None if body.payee is None else body.payee.wanted(),
            expected=expected,
            registry=context.registry.current,
            by=caller.opter_id,
            now=now,
        ),
        status=201,
        location="/v1/payment-orders",
        now=now,
    )
    response.headers["Location"] = f"/v1/payment-orders/{reissue_id}"
    return await _shown(context, admdvs, UUID(reissue_id), response)


async def _shown(context: LedgerContext, admdvs: str, order_id: UUID, response: Response) -> OrderWithHistory:
    async with context.database.connection() as connection:
        row = await orders.order_by_id(connection, admdvs, order_id)
        if row is None:
            raise NotFound("没有这张支付单")
        events = await order_events.of_order(connection, order_id)
    response.headers["ETag"] = etag(row.version)
    return OrderWithHistory.with_history(row, events)
