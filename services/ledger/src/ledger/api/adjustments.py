"""Write-offs, set-offs, reclassifications and releases: proposed by one person, decided by another."""

from typing import Annotated
from uuid import UUID

from fastapi import Path, Query, Response
from sqlalchemy.ext.asyncio import AsyncConnection

from ledger.api.adjustment_answers import answer_adjustment, answer_proposed
from ledger.api.callers import Checker, Clerk, Context, Reader, Viewer, agency_of
from ledger.api.cursors import after_instant
from ledger.api.suspense import LinePath
from ledger.domain.adjustments import Adjustment, AdjustmentState
from ledger.repository import adjustments, expected_money
from ledger.schemas.adjustments import (
    AdjustmentDecision,
    AdjustmentShown,
    AdjustmentWithdrawal,
    ExpectedMoneyShown,
    Offset,
    RestWriteOff,
    WriteOff,
)
from ledger.schemas.line_rules import ClassChange
from ledger.use_cases.choose_items import Wanted
from ledger.use_cases.decide_adjustments import Word, decide_adjustments
from ledger.use_cases.propose_adjustments import Proposer, propose_offset, propose_write_offs
from ledger.use_cases.propose_reclassifications import propose_reclassifications
from ledger.use_cases.propose_rest_write_off import propose_rest_write_off
from ledger.use_cases.withdraw_adjustment import withdraw_adjustment
from shared.contracts.codes import CaseNumber
from shared.errors import NotFound
from shared.web.etags import IfMatch, etag, seen
from shared.web.idempotency import Keyed, act_once
from shared.web.paging import Page, Paging, page_of
from shared.web.routing import Router

CasePath = Annotated[CaseNumber, Path(description="办件编号")]
NumberPath = Annotated[str, Path(min_length=1, max_length=40, description="应付编号")]
AdjustmentPath = Annotated[UUID, Path(description="调整编号")]

router = Router(tags=["调整"])


@router.post("/suspense/{line_id}/write-off", status_code=201, summary="提出核销一笔挂账款项的差额（经办）")
async def post_write_off(
    caller: Clerk,
    context: Context,
    line_id: LinePath,
    body: WriteOff,
    expected: IfMatch,
    keyed: Keyed,
    response: Response,
) -> AdjustmentShown:
    """Give up what is left of a line, up to the configured amount, once another person agrees."""
    admdvs, now = agency_of(caller, context), context.clock.now()

    async def propose(connection: AsyncConnection) -> UUID:
        chosen, made = await propose_write_offs(
            connection,
            admdvs,
            [Wanted(line_id, expected)],
            Proposer(caller.opter_id, now, body.reason),
            amount_fen=body.amount,
            max_fen=context.settings.max_write_off_fen,
        )
        chosen.require_all()
        return made[line_id]

    return await answer_proposed(context, admdvs, keyed, response, propose, now=now)


@router.post("/suspense/{line_id}/offset", status_code=201, summary="提出用另一笔流水冲抵一笔挂账款项（经办）")
async def post_offset(
    caller: Clerk,
    context: Context,
    line_id: LinePath,
    body: Offset,
    expected: IfMatch,
    keyed: Keyed,
    response: Response,
) -> AdjustmentShown:
    """Money out in error against its coming back, a receipt against its reversal by the bank."""
    admdvs, now = agency_of(caller, context), context.clock.now()

    async def propose(connection: AsyncConnection) -> UUID:
        return await propose_offset(
            connection,
            admdvs,
            Wanted(line_id, expected),
            Wanted(body.other_line_id, seen(body.other_version)),
            Proposer(caller.opter_id, now, body.reason),
            amount_fen=body.amount,
        )

    return await answer_proposed(context, admdvs, keyed, response, propose, now=now)


@router.post("/statement-lines/{line_id}/reclassification", status_code=201, summary="提出改变一笔流水的类别（经办）")
async def post_reclassification(
    caller: Clerk,
    context: Context,
    line_id: LinePath,
    body: ClassChange,
    expected: IfMatch,
    keyed: Keyed,
    response: Response,
) -> AdjustmentShown:
    """Once another person agrees, by reversing postings that name what they reverse and why."""
    admdvs, now = agency_of(caller, context), context.clock.now()

    async def propose(connection: AsyncConnection) -> UUID:
        wanted = [(Wanted(line_id, expected), body.line_class)]
        proposer = Proposer(caller.opter_id, now, body.reason)
        made, refused = await propose_reclassifications(connection, admdvs, wanted, proposer)
        for error in refused.values():
            raise error
        return made[line_id]

    return await answer_proposed(context, admdvs, keyed, response, propose, now=now)


@router.get("/obligations/{rlts_traf_id}/{obligation_no}", summary="一笔应收及其到账情况")
async def get_expected(
    caller: Reader, context: Context, rlts_traf_id: CasePath, obligation_no: NumberPath, response: Response
) -> ExpectedMoneyShown:
    """Money that others owe us: how much has come and how much was given up; ``ETag`` for writing off the rest."""
    admdvs = agency_of(caller, context)
    async with context.database.connection() as connection:
        one = await expected_money.by_number(connection, admdvs, rlts_traf_id, obligation_no)
    if one is None:
        raise NotFound("没有这笔应收")
    response.headers["ETag"] = etag(one.version)
    return ExpectedMoneyShown.of(one)


@router.post(
    "/obligations/{rlts_traf_id}/{obligation_no}/write-off", status_code=201, summary="提出核销一笔应收的差额（经办）"
)
async def post_rest_write_off(
    caller: Clerk,
    context: Context,
    rlts_traf_id: CasePath,
    obligation_no: NumberPath,
    body: RestWriteOff,
    expected: IfMatch,
    keyed: Keyed,
    response: Response,
) -> AdjustmentShown:
    """Give up what has not come, up to the configured amount, once another person agrees."""
    admdvs, now = agency_of(caller, context), context.clock.now()

    async def propose(connection: AsyncConnection) -> UUID:
        return await propose_rest_write_off(
            connection,
            admdvs,
            rlts_traf_id,
            obligation_no,
            Proposer(caller.opter_id, now, body.reason),
            expected=expected,
            max_fen=context.settings.max_write_off_fen,
        )

    return await answer_proposed(context, admdvs, keyed, response, propose, now=now)


@router.get("/adjustments", summary="调整：核销、冲抵、改变类别、解除提示")
async def get_adjustments(
    caller: Viewer,
    context: Context,
    paging: Paging,
    state: AdjustmentState | None = None,
    line_id: Annotated[int | None, Query(ge=1, lt=2**63)] = None,
) -> Page[AdjustmentShown]:
    """The agency's adjustments, newest first."""
    admdvs, after = agency_of(caller, context), after_instant(paging)
    async with context.database.connection() as connection:
        rows = await adjustments.page(connection, admdvs, state=state, line_id=line_id, after=after, limit=paging.limit)
    return page_of(rows, paging.limit, _key, AdjustmentShown.of)


@router.get("/adjustments/{adjustment_id}", summary="一项调整")
async def get_adjustment(
    caller: Viewer, context: Context, adjustment_id: AdjustmentPath, response: Response
) -> AdjustmentShown:
    """``ETag`` for the second person."""
    return await answer_adjustment(context, agency_of(caller, context), adjustment_id, response)


@router.post("/adjustments/{adjustment_id}/approval", summary="复核一项调整（同意或退回）")
async def post_approval(
    caller: Checker,
    context: Context,
    adjustment_id: AdjustmentPath,
    body: AdjustmentDecision,
    expected: IfMatch,
    keyed: Keyed,
    response: Response,
) -> AdjustmentShown:
    """The second person's step; an approved adjustment takes effect at once."""
    admdvs, now = agency_of(caller, context), context.clock.now()
    word = Word(body.decision == "approve", body.reason, caller.opter_id, now, context.settings.max_write_off_fen)

    async def decide(connection: AsyncConnection) -> None:
        seen = [(adjustment_id, expected)]
        for error in (await decide_adjustments(connection, admdvs, seen, word, signers=context.signers)).values():
            raise error

    await act_once(context.database, keyed, decide, resource_id=adjustment_id, now=now)
    return await answer_adjustment(context, admdvs, adjustment_id, response)


@router.post("/adjustments/{adjustment_id}/withdrawal", summary="撤回自己提出、尚未复核的调整")
async def post_withdrawal(
    caller: Clerk,
    context: Context,
    adjustment_id: AdjustmentPath,
    body: AdjustmentWithdrawal,
    expected: IfMatch,
    keyed: Keyed,
    response: Response,
) -> AdjustmentShown:
    """The first person's second thought."""
    admdvs, now = agency_of(caller, context), context.clock.now()
    await act_once(
        context.database,
        keyed,
        lambda connection: withdraw_adjustment(
            connection,
            admdvs,
            adjustment_id,
            expected=expected,
            reason=body.reason,
            by=caller.opter_id,
            now=now,
        ),
        resource_id=adjustment_id,
        now=now,
    )
    return await answer_adjustment(context, admdvs, adjustment_id, response)


def _key(row: Adjustment) -> tuple[str, str]:
    return row.proposed_at.isoformat(), str(row.id)
