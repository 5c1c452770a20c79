"""One step for a selection: what may be done is done, and each item says what became of it."""

from typing import Annotated

from fastapi import Body, Request
from sqlalchemy.ext.asyncio import AsyncConnection

from ledger.api.callers import Checker, Clerk, Context, agency_of
from ledger.context import LedgerContext
from ledger.schemas.suspense_bulk import (
    AdjustmentDecisions,
    AdjustmentResults,
    BulkAssignment,
    BulkComment,
    BulkReclassification,
    BulkResults,
    BulkReturn,
    BulkWork,
    BulkWriteOff,
)
from ledger.use_cases.assign_items import assign_items
from ledger.use_cases.choose_items import Wanted, choose_items
from ledger.use_cases.comment_on_items import comment_on_items
from ledger.use_cases.decide_adjustments import Word, decide_adjustments
from ledger.use_cases.find_registry import find_registry
from ledger.use_cases.propose_adjustments import Proposer, propose_write_offs
from ledger.use_cases.propose_reclassifications import propose_reclassifications
from ledger.use_cases.refund_items import RefundTerms, refund_items
from shared.web.authentication import authenticate
from shared.web.etags import WHICHEVER
from shared.web.idempotency import Keyed, act_once
from shared.web.routing import Router

router = Router(tags=["挂账"])


@router.post("/suspense/bulk", summary="对选中的多笔挂账款项办理同一事项")
async def post_bulk(
    caller: Clerk, context: Context, request: Request, body: Annotated[BulkWork, Body()], keyed: Keyed
) -> BulkResults:
    """Assign, comment, return, propose to write off or to reclassify; a return needs ``ledger:check`` too."""
    if isinstance(body, BulkReturn):
        await authenticate(request, ["ledger:check"])
    admdvs, now = agency_of(caller, context), context.clock.now()

    async def work(connection: AsyncConnection) -> str:
        return (await _work(connection, context, admdvs, body, caller.opter_id)).model_dump_json()

    return BulkResults.kept(await act_once(context.database, keyed, work, now=now))


@router.post("/adjustments/approvals", summary="对选中的多项调整作同一复核")
async def post_approvals(caller: Checker, context: Context, body: AdjustmentDecisions) -> AdjustmentResults:
    """Each by itself; the version of each keeps a repetition from deciding twice."""
    admdvs = agency_of(caller, context)
    word = Word(
        body.decision == "approve",
        body.reason,
        caller.opter_id,
        context.clock.now(),
        context.settings.max_write_off_fen,
    )
    async with context.database.transaction() as connection:
        refused = await decide_adjustments(connection, admdvs, body.wanted(), word, signers=context.signers)
    return AdjustmentResults.of(body.wanted(), refused)


async def _work(
    connection: AsyncConnection, context: LedgerContext, admdvs: str, body: BulkWork, by: str
) -> BulkResults:
    now, wanted = context.clock.now(), body.wanted()
    if isinstance(body, BulkAssignment):
        chosen = await assign_items(
            connection, admdvs, wanted, assigned_to=body.assigned_to, reason=body.reason, by=by, now=now
        )
        return BulkResults.of(wanted, chosen.refused)
    if isinstance(body, BulkComment):
        chosen = await comment_on_items(connection, admdvs, wanted, comment=body.comment, by=by, now=now)
        return BulkResults.of(wanted, chosen.refused)
    if isinstance(body, BulkReturn):
        registry, terms = await find_registry(context.registry, admdvs, ()), RefundTerms(body.reason)
        chosen, orders = await refund_items(connection, admdvs, wanted, terms, registry=registry, by=by, now=now)
        return BulkResults.of(wanted, chosen.refused, orders=orders)
    proposer = Proposer(by, now, body.reason)
    if isinstance(body, BulkWriteOff):
        limit = context.settings.max_write_off_fen
        chosen, made = await propose_write_offs(connection, admdvs, wanted, proposer, amount_fen=None, max_fen=limit)
        return BulkResults.of(wanted, chosen.refused, adjustments=made)
    return await _reclassify(connection, admdvs, wanted, body, proposer)


async def _reclassify(
    connection: AsyncConnection, admdvs: str, wanted: list[Wanted], body: BulkReclassification, proposer: Proposer
) -> BulkResults:
    chosen = await choose_items(connection, admdvs, wanted)
    seen = [(Wanted(line_id, WHICHEVER), body.line_class) for line_id in chosen.line_ids]
    made, refused = await propose_reclassifications(connection, admdvs, seen, proposer)
    return BulkResults.of(wanted, {**chosen.refused, **refused}, adjustments=made)
