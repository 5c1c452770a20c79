"""Propose a termination, or the verdict on a case that a side does not answer; another person confirms it."""

from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncConnection

from platform_gateway.context import GatewayContext
from platform_gateway.domain.case import Case
from platform_gateway.domain.history import Cause, refused
from platform_gateway.domain.proposals import (
    require_fitting,
    require_known,
    require_nothing_against,
    require_settleable,
)
from platform_gateway.domain.states import Command, transition
from platform_gateway.repository import cases as case_rows
from platform_gateway.repository import histories, proposals
from platform_gateway.schemas.proposals import Settlement, Termination
from platform_gateway.use_cases.ask_sides import stored_answers
from platform_gateway.use_cases.terms import terms_of
from platform_gateway.visibility import CaseNotFound
from shared.clock import local_date
from shared.errors import Conflict
from shared.messaging.ids import new_ids
from shared.registry.registry import Registry
from shared.web.etags import Expected
from shared.web.idempotency import KeyedRequest, once, remember
from shared.web.principal import Principal


async def propose_decision(
    context: GatewayContext,
    by: Principal,
    rlts_traf_id: str,
    proposed: Termination | Settlement,
    expected: Expected,
    keyed: KeyedRequest,
) -> UUID:
    """Keep the proposal of an agency of the case in place of the pending one; its id.

    Raises ``CaseNotFound``, ``PreconditionFailed``, and what would refuse it when confirmed, which leaves its trace.
    """
    now = context.clock.now()
    async with context.database.transaction() as connection:
        before = await once(connection, keyed, now=now)
        if before is not None:
            return UUID(before.resource_id)
        case = await lock_own_case(connection, by, rlts_traf_id)
        expected.require(case.row_version)
        try:
            require_possible(context, await context.registry.at(connection), case, proposed)
        except Conflict as error:
            cause = Cause(by.subject, now, reason=error.code)
            await histories.append(connection, [refused(case, command_of(proposed), cause)])
            not_possible = error
        else:
            (proposal_id,) = new_ids(now, 1)
            values = {
                "proposal_id": proposal_id,
                "rlts_traf_id": rlts_traf_id,
                "kind": proposed.kind,
                "content": proposed.model_dump(mode="json", exclude={"kind"}),
                "proposed_by": by.subject,
                "proposed_for": by.agency(),
                "proposed_at": now,
            }
            await proposals.put(connection, values)
            location = f"/v1/transfers/{rlts_traf_id}/proposals/{proposal_id}"
            resource_id = str(proposal_id)
            await remember(connection, keyed, status=201, location=location, resource_id=resource_id, now=now)
            return proposal_id
    raise not_possible


async def lock_own_case(connection: AsyncConnection, by: Principal, rlts_traf_id: str) -> Case:
    """The case, locked, where the caller's agency is a side of it; raises ``CaseNotFound``."""
    case = (await case_rows.lock(connection, [rlts_traf_id])).get(rlts_traf_id)
    if case is None or by.agency() not in case.sides:
        raise CaseNotFound
    return case


def command_of(proposed: Termination | Settlement) -> Command:
    """What the proposal would do to the case."""
    if isinstance(proposed, Termination):
        return Command.TERMINATE
    return Command.ACCEPT if proposed.outcome == "accepted" else Command.REFUSE


def require_possible(
    context: GatewayContext, registry: Registry, case: Case, proposed: Termination | Settlement
) -> None:
    """Raise ``CommandNotAllowed``, ``MoneyPathDiffers``, ``FactsMissing`` or ``ReasonKnown`` where it cannot be now."""
    if isinstance(proposed, Termination):
        transition(case.state, Command.TERMINATE, case.sheet_version)
        require_fitting(proposed.money_path, case.money_state)
        return
    now = context.clock.now()
    terms = terms_of(registry, case, now)
    days = max(terms.outbound.settle_after_days, terms.inbound.settle_after_days)
    require_settleable(case, local_date(now) > registry.calendar.due(local_date(case.state_since), days).on)
    if proposed.outcome == "accepted":
        answers = stored_answers(case)
        require_known(case, answers)
        require_nothing_against(answers, terms, now)
