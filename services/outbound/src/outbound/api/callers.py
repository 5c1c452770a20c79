"""Who may call what, as whom, and on which of the agency's cases."""

from typing import Annotated

from fastapi import Depends, Path, Security

from outbound.context import OutboundContext
from outbound.domain.case import Actor, ActorKind, Case
from outbound.domain.errors import CaseUnknown
from outbound.repository.cases import load_case
from shared.agency.api.context import served_agency
from shared.contracts.codes import CaseNumber
from shared.telemetry.trace import bind_case
from shared.web.authentication import Principal, authenticated
from shared.web.context import current_context

Context = Annotated[OutboundContext, Depends(current_context)]
Reader = Annotated[Principal, Security(authenticated, scopes=["cases:read"])]
Clerk = Annotated[Principal, Security(authenticated, scopes=["cases:work"])]
Reviewer = Annotated[Principal, Security(authenticated, scopes=["cases:check"])]
SheetReader = Annotated[Principal, Security(authenticated, scopes=["sheets:read"])]
Platform = Annotated[Principal, Security(authenticated, scopes=["platform"])]
CasePath = Annotated[CaseNumber, Path(description="办件编号")]


def agency_of(caller: Principal, context: OutboundContext) -> str:
    """The caller's agency, if this deployment serves it."""
    return served_agency(caller, context)


def actor_of(caller: Principal) -> Actor:
    """The clerk as the history names them."""
    return Actor(ActorKind.CLERK, caller.opter_id, caller.opter_name)


async def own_case(context: OutboundContext, caller: Principal, rlts_traf_id: str) -> Case:
    """The case, if it is the caller's agency's; raises ``CaseUnknown`` for any other."""
    bind_case(rlts_traf_id)
    admdvs = agency_of(caller, context)
    async with context.database.connection() as connection:
        case = await load_case(connection, admdvs, rlts_traf_id)
    if case is None:
        raise CaseUnknown("没有这个办件")
    return case
