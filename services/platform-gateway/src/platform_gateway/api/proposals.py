"""What two people decide about a case: its termination, or the verdict that a side's silence keeps back."""

from uuid import UUID

from fastapi import Response

from platform_gateway.api.callers import CaseNumberPath, Context, Decider, TransferReader
from platform_gateway.context import GatewayContext
from platform_gateway.repository import cases as case_rows
from platform_gateway.repository import proposals
from platform_gateway.schemas.proposals import ProposalShown, Proposed
from platform_gateway.use_cases.confirm_decision import confirm_decision
from platform_gateway.use_cases.propose_decision import propose_decision
from platform_gateway.visibility import CaseNotFound, Viewer
from shared.telemetry.trace import bind_case
from shared.web.etags import IfMatch
from shared.web.idempotency import Keyed
from shared.web.routing import Router

_MAX_SHOWN = 50

router = Router(prefix="/transfers/{rlts_traf_id}/proposals", tags=["终止与人工处理"])


@router.get("", summary="办件的终止与人工处理提议")
async def list_proposals(rlts_traf_id: CaseNumberPath, caller: TransferReader, context: Context) -> list[ProposalShown]:
    """The newest first, at most 50."""
    bind_case(rlts_traf_id)
    return await _shown(context, Viewer(caller), rlts_traf_id)


@router.post("", summary="提议终止办件，或对长期无答复的申请提出人工处理意见", status_code=201)
async def post_proposal(
    rlts_traf_id: CaseNumberPath,
    proposed: Proposed,
    caller: Decider,
    context: Context,
    expected: IfMatch,
    keyed: Keyed,
    response: Response,
) -> ProposalShown:
    """It replaces a pending one, and takes effect when somebody else (for a termination of the other side) confirms."""
    bind_case(rlts_traf_id)
    proposal_id = await propose_decision(context, caller, rlts_traf_id, proposed, expected, keyed)
    response.headers["Location"] = f"/v1/transfers/{rlts_traf_id}/proposals/{proposal_id}"
    return await _one(context, Viewer(caller), rlts_traf_id, proposal_id)


@router.post("/{proposal_id}/confirmation", summary="确认提议（由另一人；终止由另一方）")
async def post_confirmation(
    rlts_traf_id: CaseNumberPath, proposal_id: UUID, caller: Decider, context: Context, expected: IfMatch
) -> ProposalShown:
    """``If-Match`` is the case's: who confirms has seen it as it is."""
    bind_case(rlts_traf_id)
    await confirm_decision(context, caller, rlts_traf_id, proposal_id, expected)
    return await _one(context, Viewer(caller), rlts_traf_id, proposal_id)


async def _one(context: GatewayContext, viewer: Viewer, rlts_traf_id: str, proposal_id: UUID) -> ProposalShown:
    shown = await _shown(context, viewer, rlts_traf_id)
    return next(each for each in shown if each.proposal_id == proposal_id)


async def _shown(context: GatewayContext, viewer: Viewer, rlts_traf_id: str) -> list[ProposalShown]:
    async with context.database.connection() as connection:
        case = (await case_rows.read(connection, [rlts_traf_id])).get(rlts_traf_id)
        if case is None or not viewer.sees(case):
            raise CaseNotFound
        rows = await proposals.listed(connection, rlts_traf_id, _MAX_SHOWN)
    return [ProposalShown.model_validate(row) for row in rows]
