"""Statements that the bank has corrected: what differs, and two people who take the correction in."""

from datetime import date
from typing import Annotated
from uuid import UUID

from fastapi import Path, Query, Response
from sqlalchemy.ext.asyncio import AsyncConnection
from starlette.requests import Request

from ledger.api.announced import STATEMENT_KINDS
from ledger.api.callers import Checker, Clerk, Context, Viewer, Writer, agency_of
from ledger.api.cursors import after_instant
from ledger.api.spool import max_file_bytes, spooled
from ledger.api.statement_upload import MappingName, OwnAccount, read_upload
from ledger.context import LedgerContext
from ledger.domain.restatement import NotARestatement, RestatementState
from ledger.repository import restatements
from ledger.repository.restatements import Restatement
from ledger.schemas.restatements import (
    RestatementDecision,
    RestatementLine,
    RestatementProposal,
    RestatementShown,
)
from ledger.use_cases.decide_restatement import decide_restatement, propose_restatement
from ledger.use_cases.find_registry import find_registry
from ledger.use_cases.find_restatement import find_restatement
from ledger.use_cases.new_file import NewFile
from shared.errors import InvalidInput, NotFound
from shared.web.etags import IfMatch, etag
from shared.web.idempotency import Keyed, act_once
from shared.web.paging import Page, Paging, page_of
from shared.web.routing import Router, streamed

PeriodDay = Annotated[
    date | None,
    Query(description="CSV 或 Excel 文件不载明期间：首末日没有流水的，以 period_from、period_to 指明向银行查询的期间"),
]
RestatementPath = Annotated[UUID, Path(description="更正的对账单编号")]

router = Router(tags=["对账单"])


@router.post("/statement-restatements", status_code=201, summary="上传银行更正过的对账单，找出差异（不入账）")
@streamed(*STATEMENT_KINDS, limit=max_file_bytes)
async def post_restatement(
    caller: Writer,
    context: Context,
    request: Request,
    keyed: Keyed,
    response: Response,
    mapping: MappingName = None,
    bankacct: OwnAccount = None,
    period_from: PeriodDay = None,
    period_to: PeriodDay = None,
) -> RestatementLine:
    """How many lines differ from what was told of the same days; the lines are for those who decide (``Location``)."""
    admdvs, now, days = agency_of(caller, context), context.clock.now(), _days(period_from, period_to)
    async with spooled(request, context.settings.spool_dir) as body:
        content = await read_upload(context, request, body, mapping=mapping, bankacct=bankacct)
        if content.notices:
            raise NotARestatement("到账通知不入账，没有要替换的")
        new = NewFile(admdvs, body.digest.hex(), body.size_bytes, caller.opter_id, content)
        registry = await find_registry(context.registry, admdvs, new.bankaccts)
        restatement_id = await act_once(
            context.database,
            keyed.over(body.digest),
            lambda connection: find_restatement(connection, new, days=days, registry=registry, now=now),
            status=201,
            location="/v1/statement-restatements",
            now=now,
        )
    response.headers["Location"] = f"/v1/statement-restatements/{restatement_id}"
    async with context.database.connection() as connection:
        row = await _known(connection, admdvs, UUID(restatement_id))
    response.headers["ETag"] = etag(row.version)
    return RestatementLine.of(row)


@router.get("/statement-restatements", summary="更正的对账单")
async def get_restatements(
    caller: Viewer, context: Context, paging: Paging, state: RestatementState | None = None
) -> Page[RestatementLine]:
    """The agency's, newest first."""
    admdvs, after = agency_of(caller, context), after_instant(paging)
    async with context.database.connection() as connection:
        rows = await restatements.page(connection, admdvs, state=state, after=after, limit=paging.limit)
    return page_of(rows, paging.limit, lambda row: (row.received_at.isoformat(), str(row.id)), RestatementLine.of)


@router.get("/statement-restatements/{restatement_id}", summary="一份更正的对账单与原来的差异")
async def get_restatement(
    caller: Viewer, context: Context, restatement_id: RestatementPath, response: Response
) -> RestatementShown:
    """Every line that differs; ``ETag`` for the next step."""
    return await _shown(context, agency_of(caller, context), restatement_id, response)


@router.post("/statement-restatements/{restatement_id}/proposal", summary="提出以更正的对账单替换（经办）")
async def post_proposal(
    caller: Clerk,
    context: Context,
    restatement_id: RestatementPath,
    body: RestatementProposal,
    expected: IfMatch,
    keyed: Keyed,
    response: Response,
) -> RestatementShown:
    """The first person's step; nothing is booked by it."""
    admdvs, now = agency_of(caller, context), context.clock.now()
    await act_once(
        context.database,
        keyed,
        lambda connection: propose_restatement(
            connection,
            admdvs,
            restatement_id,
            reason=body.reason,
            expected=expected,
            by=caller.opter_id,
            now=now,
        ),
        resource_id=restatement_id,
        now=now,
    )
    return await _shown(context, admdvs, restatement_id, response)


@router.post("/statement-restatements/{restatement_id}/approval", summary="复核对账单的替换（同意或退回）")
async def post_approval(
    caller: Checker,
    context: Context,
    restatement_id: RestatementPath,
    body: RestatementDecision,
    expected: IfMatch,
    keyed: Keyed,
    response: Response,
) -> RestatementShown:
    """The second person's step: lines that are gone are reversed, new ones booked and matched, at once."""
    admdvs, now = agency_of(caller, context), context.clock.now()
    registry = await find_registry(context.registry, admdvs, ())
    await act_once(
        context.database,
        keyed,
        lambda connection: decide_restatement(
            connection,
            admdvs,
            restatement_id,
            is_approved=body.decision == "approve",
            reason=body.reason,
            expected=expected,
            registry=registry,
            signers=context.signers,
            by=caller.opter_id,
            now=now,
        ),
        resource_id=restatement_id,
        now=now,
    )
    return await _shown(context, admdvs, restatement_id, response)


def _days(period_from: date | None, period_to: date | None) -> tuple[date, date] | None:
    if period_from is not None and period_to is not None:
        return period_from, period_to
    if period_from is None and period_to is None:
        return None
    raise InvalidInput("period_from 与 period_to 须一并指明")


async def _shown(context: LedgerContext, admdvs: str, restatement_id: UUID, response: Response) -> RestatementShown:
    async with context.database.connection() as connection:
        row = await _known(connection, admdvs, restatement_id)
        gone = await restatements.lines(connection, admdvs, row.gone_lines)
        days = (row.told_from, row.period_to)
        around = await restatements.neighbours(connection, row.bank_account_id, days)
    response.headers["ETag"] = etag(row.version)
    return RestatementShown.with_lines(row, gone, around)


async def _known(connection: AsyncConnection, admdvs: str, restatement_id: UUID) -> Restatement:
    row = await restatements.by_id(connection, admdvs, restatement_id)
    if row is None:
        raise NotFound("没有这份更正的对账单")
    return row
