"""Matches by hand: proposed by one person, decided by another, one at a time or many."""

from collections.abc import Awaitable, Callable
from typing import Annotated
from uuid import UUID

from fastapi import Path, Query, Response
from sqlalchemy.ext.asyncio import AsyncConnection

from ledger.api.callers import Checker, Clerk, Context, Viewer, agency_of
from ledger.api.cursors import after_instant
from ledger.api.suspense import LinePath
from ledger.context import LedgerContext
from ledger.domain.proposals import ProposalState
from ledger.repository import proposals
from ledger.repository.proposals import ProposalRow
from ledger.schemas.payments import BatchDecision
from ledger.schemas.proposals import (
    NewCorrection,
    NewProposal,
    NewProposals,
    ProposalDecisions,
    ProposalResults,
    ProposalShown,
)
from ledger.use_cases.decide_proposals import Decision, decide_proposals
from ledger.use_cases.propose_matches import WantedProposal, propose_matches
from shared.errors import DomainError, NotFound
from shared.web.authentication import Principal
from shared.web.etags import IfMatch, etag, seen
from shared.web.idempotency import Keyed, KeyedRequest, act_once, once, remember
from shared.web.paging import Page, Paging, page_of
from shared.web.routing import Router

LISTED_PARTS = 10
"""Of each proposal in a list: one made from a payer's list may have thousands."""

ProposalPath = Annotated[UUID, Path(description="匹配提案编号")]

router = Router(tags=["人工匹配"])


@router.post("/suspense/{line_id}/proposals", status_code=201, summary="提出人工匹配（经办）：可拆分、可合并")
async def post_proposal(
    caller: Clerk,
    context: Context,
    line_id: LinePath,
    body: NewProposal,
    expected: IfMatch,
    keyed: Keyed,
    response: Response,
) -> ProposalShown:
    """The first person's step; the shares wait for another person and move nothing."""
    return await propose(caller, context, body.wanted(line_id, expected), keyed, response)


@router.post("/statement-lines/{line_id}/correction", status_code=201, summary="提出更正匹配（经办）：撤销后另行匹配")
async def post_correction(
    caller: Clerk,
    context: Context,
    line_id: LinePath,
    body: NewCorrection,
    expected: IfMatch,
    keyed: Keyed,
    response: Response,
) -> ProposalShown:
    """What others were told is there must be covered again by the same proposal, to the fen."""
    return await propose(caller, context, body.wanted(line_id, expected), keyed, response)


@router.get("/proposals", summary="匹配提案")
async def get_proposals(
    caller: Viewer,
    context: Context,
    paging: Paging,
    state: ProposalState | None = None,
    line_id: Annotated[int | None, Query(ge=1, lt=2**63)] = None,
) -> Page[ProposalShown]:
    """The agency's proposals, newest first."""
    admdvs, after = agency_of(caller, context), after_instant(paging)
    async with context.database.connection() as connection:
        rows = await proposals.page(connection, admdvs, state=state, line_id=line_id, after=after, limit=paging.limit)
        ids = [row.id for row in rows]
        parts = await proposals.parts_of(connection, ids, most=LISTED_PARTS)
        totals = await proposals.totals_of(connection, ids)
    return page_of(rows, paging.limit, _key, lambda row: ProposalShown.of(row, parts[row.id], totals[row.id]))


@router.post("/proposals", summary="批量提出人工匹配")
async def post_proposals(caller: Clerk, context: Context, body: NewProposals, keyed: Keyed) -> ProposalResults:
    """Each by itself: one that is refused does not hold up the others."""
    admdvs, now = agency_of(caller, context), context.clock.now()
    wanted = [item.wanted(item.line_id, seen(item.version)) for item in body.items]

    async def propose_each(connection: AsyncConnection) -> str:
        outcomes = await propose_matches(
            connection, admdvs, wanted, registry=context.registry.current, by=caller.opter_id, now=now
        )
        return ProposalResults.of_proposed([one.line_id for one in wanted], outcomes).model_dump_json()

    return ProposalResults.kept(await act_once(context.database, keyed, propose_each, now=now))


@router.get("/proposals/{proposal_id}", summary="一个匹配提案")
async def get_proposal(
    caller: Viewer, context: Context, proposal_id: ProposalPath, response: Response
) -> ProposalShown:
    """The proposal with its parts; ``ETag`` for the second person."""
    return await _shown(context, agency_of(caller, context), proposal_id, response)


@router.post("/proposals/{proposal_id}/approval", summary="复核匹配提案（通过或退回）")
async def post_approval(
    caller: Checker,
    context: Context,
    proposal_id: ProposalPath,
    body: BatchDecision,
    expected: IfMatch,
    keyed: Keyed,
    response: Response,
) -> ProposalShown:
    """The second person's step: claim and book the shares, or send the proposal back with a reason."""
    admdvs, now = agency_of(caller, context), context.clock.now()
    decision = Decision(proposal_id, expected, body.decision == "approve", body.reason)
    outcome = None
    async with context.database.transaction() as connection:
        if await once(connection, keyed, now=now) is None:
            [outcome] = await decide_proposals(
                connection, admdvs, [decision], by=caller.opter_id, signers=context.signers, now=now
            )
            if outcome is None:
                await remember(connection, keyed, status=200, location=None, resource_id=str(proposal_id), now=now)
    # Raised only now: that the proposal is superseded is committed, and no answer is kept.
    if outcome is not None:
        raise outcome
    return await _shown(context, admdvs, proposal_id, response)


@router.post("/proposals/approvals", summary="批量复核匹配提案")
async def post_approvals(caller: Checker, context: Context, body: ProposalDecisions) -> ProposalResults:
    """Each by itself; the version of each proposal keeps a repetition from deciding twice."""
    admdvs, now = agency_of(caller, context), context.clock.now()
    decisions = [item.command() for item in body.items]
    async with context.database.transaction() as connection:
        outcomes = await decide_proposals(
            connection, admdvs, decisions, by=caller.opter_id, signers=context.signers, now=now
        )
    return ProposalResults.of_decided([one.proposal_id for one in decisions], outcomes)


async def propose(
    caller: Principal, context: LedgerContext, wanted: WantedProposal, keyed: KeyedRequest, response: Response
) -> ProposalShown:
    """Propose one match and answer it, or raise why not."""
    admdvs, now = agency_of(caller, context), context.clock.now()

    async def propose_one(connection: AsyncConnection) -> UUID:
        [outcome] = await propose_matches(
            connection, admdvs, [wanted], registry=context.registry.current, by=caller.opter_id, now=now
        )
        if isinstance(outcome, DomainError):
            raise outcome
        return outcome

    return await create(context, admdvs, keyed, propose_one, response)


async def create(
    context: LedgerContext,
    admdvs: str,
    keyed: KeyedRequest,
    make: Callable[[AsyncConnection], Awaitable[UUID]],
    response: Response,
) -> ProposalShown:
    """The proposal that ``make`` makes, or made when the same request came before, and where it is."""
    now = context.clock.now()
    proposal_id = await act_once(context.database, keyed, make, status=201, location="/v1/proposals", now=now)
    response.headers["Location"] = f"/v1/proposals/{proposal_id}"
    return await _shown(context, admdvs, UUID(proposal_id), response)


async def _shown(context: LedgerContext, admdvs: str, proposal_id: UUID, response: Response) -> ProposalShown:
    async with context.database.connection() as connection:
        rows = await proposals.by_ids(connection, admdvs, [proposal_id])
        parts = await proposals.parts_of(connection, list(rows))
        totals = await proposals.totals_of(connection, list(rows))
    if proposal_id not in rows:
        raise NotFound("没有这个匹配提案")
    response.headers["ETag"] = etag(rows[proposal_id].version)
    return ProposalShown.of(rows[proposal_id], parts[proposal_id], totals[proposal_id])


def _key(row: ProposalRow) -> tuple[str, str]:
    return row.proposed_at.isoformat(), str(row.id)
