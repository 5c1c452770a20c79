"""A second person confirms a proposal, and it takes effect with that commit."""

from datetime import datetime
from uuid import UUID

from pydantic import TypeAdapter
from sqlalchemy.ext.asyncio import AsyncConnection

from platform_gateway.context import GatewayContext
from platform_gateway.domain.case import Case
from platform_gateway.domain.history import Cause, refused
from platform_gateway.domain.proposals import require_confirmable
from platform_gateway.repository import histories, proposals
from platform_gateway.schemas.proposals import Proposed, Settlement, Termination
from platform_gateway.use_cases.changes import Changes, save_changes
from platform_gateway.use_cases.propose_decision import command_of, lock_own_case, require_possible
from platform_gateway.use_cases.settle_case import settle_case
from platform_gateway.use_cases.terminate_case import terminate_case
from shared.errors import Conflict, NotFound
from shared.web.etags import Expected
from shared.web.principal import Principal

_PROPOSED: TypeAdapter[Termination | Settlement] = TypeAdapter(Proposed)


async def confirm_decision(
    context: GatewayContext, by: Principal, rlts_traf_id: str, proposal_id: UUID, expected: Expected
) -> None:
    """Carry the proposal out.

    Raises ``CaseNotFound``, ``NotFound``, ``ProposalDecided``, ``SecondPersonNeeded``, ``PreconditionFailed``; and a
    ``Conflict`` where the case no longer allows it, which leaves its trace.
    """
    now = context.clock.now()
    async with context.database.transaction() as connection:
        case = await lock_own_case(connection, by, rlts_traf_id)
        proposal = await proposals.find(connection, rlts_traf_id, proposal_id)
        if proposal is None:
            raise NotFound("没有这项提议。", code="proposal-not-found")
        require_confirmable(proposal, case, by.subject, by.agency())
        expected.require(case.row_version)
        proposed = _PROPOSED.validate_python({"kind": proposal.kind.value, **proposal.content})
        try:
            require_possible(context, await context.registry.at(connection), case, proposed)
            await _carry_out(connection, context, case, proposed, [proposal.proposed_by, by.subject], now)
        except Conflict as error:
            cause = Cause(by.subject, now, reason=error.code)
            await histories.append(connection, [refused(case, command_of(proposed), cause)])
            not_possible = error
        else:
            decision = {"decided_by": by.subject, "decided_for": by.agency(), "decided_at": now}
            await proposals.confirm(connection, proposal_id, decision)
            return
    raise not_possible


async def _carry_out(
    connection: AsyncConnection,
    context: GatewayContext,
    case: Case,
    proposed: Termination | Settlement,
    people: list[str],
    now: datetime,
) -> None:
    changes, cause = Changes(), Cause(people[-1], now, reason=proposed.reason)
    if isinstance(proposed, Termination):
        await terminate_case(connection, changes, case, proposed, cause)
    else:
        await settle_case(connection, context, changes, case, proposed, cause, people)
    await save_changes(connection, context, changes, now)
