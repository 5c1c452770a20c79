"""Money that waits, given back to who paid it."""

from fastapi import Response
from sqlalchemy.ext.asyncio import AsyncConnection

from ledger.api.callers import Checker, Context, agency_of
from ledger.api.suspense import LinePath, shown
from ledger.schemas.suspense import Refund, RefundWithdrawal, SuspenseItemShown
from ledger.use_cases.choose_items import Wanted
from ledger.use_cases.find_registry import find_registry
from ledger.use_cases.refund_items import RefundTerms, refund_items
from ledger.use_cases.withdraw_refunds import withdraw_refunds
from shared.web.etags import IfMatch
from shared.web.idempotency import Keyed, act_once
from shared.web.routing import Router

router = Router(tags=["挂账"])


@router.post("/suspense/{line_id}/return", status_code=201, summary="把一笔挂账款项退回付款方")
async def post_return(
    caller: Checker,
    context: Context,
    line_id: LinePath,
    body: Refund,
    expected: IfMatch,
    keyed: Keyed,
    response: Response,
) -> SuspenseItemShown:
    """A payment order of its own, linked to what came in; it leaves with the next batch that two people release."""
    admdvs, now = agency_of(caller, context), context.clock.now()
    registry = await find_registry(context.registry, admdvs, ())
    terms = RefundTerms(body.reason, body.amount, body.payee_bankacct, body.came_back_order_id)

    async def refund(connection: AsyncConnection) -> None:
        wanted = [Wanted(line_id, expected)]
        chosen, _ = await refund_items(
            connection, admdvs, wanted, terms, registry=registry, by=caller.opter_id, now=now
        )
        chosen.require_all()

    await act_once(context.database, keyed, refund, resource_id=line_id, status=201, location="/v1/suspense", now=now)
    response.headers["Location"] = f"/v1/suspense/{line_id}"
    return await shown(context, admdvs, line_id, response)


@router.post("/suspense/{line_id}/return/withdrawal", summary="撤回尚未放行的退回支付单")
async def post_withdrawal(
    caller: Checker,
    context: Context,
    line_id: LinePath,
    body: RefundWithdrawal,
    expected: IfMatch,
    keyed: Keyed,
    response: Response,
) -> SuspenseItemShown:
    """The line waits as before; a sheet that has come meanwhile may match it at once."""
    admdvs, now = agency_of(caller, context), context.clock.now()

    async def withdraw(connection: AsyncConnection) -> None:
        chosen = await withdraw_refunds(
            connection,
            admdvs,
            [Wanted(line_id, expected)],
            reason=body.reason,
            signers=context.signers,
            by=caller.opter_id,
            now=now,
        )
        chosen.require_all()

    await act_once(context.database, keyed, withdraw, resource_id=line_id, now=now)
    return await shown(context, admdvs, line_id, response)
