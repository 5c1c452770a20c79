"""Who may call what, and as whom."""

from typing import Annotated

from fastapi import Path, Security

from inbound.domain.decisions import Clerk
from shared.contracts.codes import CaseNumber
from shared.web.authentication import Principal, authenticated

Reader = Annotated[Principal, Security(authenticated, scopes=["cases:read"])]
Worker = Annotated[Principal, Security(authenticated, scopes=["cases:work"])]
Checker = Annotated[Principal, Security(authenticated, scopes=["cases:check"])]
Platform = Annotated[Principal, Security(authenticated, scopes=["platform"])]
CasePath = Annotated[CaseNumber, Path()]


def clerk_of(caller: Principal) -> Clerk:
    """The clerk as decisions and entries name them."""
    return Clerk(caller.opter_id, caller.opter_name)
