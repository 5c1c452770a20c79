"""Who may call what; the agency is the token's, and another agency's things are not found."""

from typing import Annotated

from fastapi import Depends, Security

from ledger.context import LedgerContext
from shared.errors import NotFound
from shared.web.authentication import Principal, authenticated
from shared.web.context import current_context

Context = Annotated[LedgerContext, Depends(current_context)]
Reader = Annotated[Principal, Security(authenticated, scopes=["ledger:read"])]
Clerk = Annotated[Principal, Security(authenticated, scopes=["ledger:work"])]
Viewer = Annotated[Principal, Security(authenticated, scopes=["ledger:work|ledger:check"])]
"""Either of the two people: who approves must see what it is."""
Checker = Annotated[Principal, Security(authenticated, scopes=["ledger:check"])]
Writer = Annotated[Principal, Security(authenticated, scopes=["statements:write"])]


def agency_of(caller: Principal, context: LedgerContext) -> str:
    """The caller's agency, if this deployment serves it; raises ``NotFound``."""
    admdvs = caller.agency()
    if admdvs not in context.settings.agencies:
        raise NotFound("本服务不为该统筹区服务。")
    return admdvs
