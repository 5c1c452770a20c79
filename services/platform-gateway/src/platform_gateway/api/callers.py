"""Who may call what, and the context that a route works with."""

from typing import Annotated

from fastapi import Depends, Path, Security

from platform_gateway.context import GatewayContext
from shared.errors import Forbidden
from shared.web.authentication import Principal, authenticated
from shared.web.context import current_context

Context = Annotated[GatewayContext, Depends(current_context)]

Applicant = Annotated[Principal, Security(authenticated, scopes=["transfers:apply"])]
TransferReader = Annotated[Principal, Security(authenticated, scopes=["transfers:read"])]
Decider = Annotated[Principal, Security(authenticated, scopes=["transfers:decide"])]
ProgressReader = Annotated[Principal, Security(authenticated, scopes=["progress:read"])]
SheetReader = Annotated[Principal, Security(authenticated, scopes=["sheets:read"])]
Overseer = Annotated[Principal, Security(authenticated, scopes=["oversight:read"])]
RegistryReader = Annotated[Principal, Security(authenticated, scopes=["registry:read"])]
AccountProposer = Annotated[Principal, Security(authenticated, scopes=["registry:propose"])]
AccountApprover = Annotated[Principal, Security(authenticated, scopes=["registry:approve"])]


async def _registrar(caller: Annotated[Principal, Security(authenticated, scopes=["registry:write"])]) -> Principal:
    # Who could write as an agency could register a key for another one, and seal and sign in its name.
    if not caller.is_platform_wide:
        raise Forbidden("登记库由平台维护，经办机构的令牌不能修改。", code="platform-only")
    return caller


RegistryWriter = Annotated[Principal, Depends(_registrar)]


def require_own(caller: Principal, admdvs: str) -> None:
    """Returns for the agency of ``admdvs`` and for the platform; raises ``Forbidden`` for everybody else."""
    if not caller.is_platform_wide and caller.admdvs != admdvs:
        raise Forbidden("只能办理本统筹区的账户变更。", code="not-own-agency")


CaseNumberPath = Annotated[str, Path(pattern=r"^[0-9A-Z]{8,20}$", description="办件编号 rlts_traf_id")]
AreaPath = Annotated[str, Path(pattern=r"^[0-9]{6}$", description="统筹区行政区划代码")]
