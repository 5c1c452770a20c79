"""Who may call what, and the context that a route works with."""

from typing import Annotated

from fastapi import Depends, Path, Security

from platform_gateway.context import GatewayContext
from shared.web.authentication import Principal, authenticated
from shared.web.context import current_context

Context = Annotated[GatewayContext, Depends(current_context)]

Applicant = Annotated[Principal, Security(authenticated, scopes=["transfers:apply"])]
TransferReader = Annotated[Principal, Security(authenticated, scopes=["transfers:read"])]
ProgressReader = Annotated[Principal, Security(authenticated, scopes=["progress:read"])]
SheetReader = Annotated[Principal, Security(authenticated, scopes=["sheets:read"])]
RegistryReader = Annotated[Principal, Security(authenticated, scopes=["registry:read"])]
RegistryWriter = Annotated[Principal, Security(authenticated, scopes=["registry:write"])]
AccountProposer = Annotated[Principal, Security(authenticated, scopes=["registry:propose"])]
AccountApprover = Annotated[Principal, Security(authenticated, scopes=["registry:approve"])]

CaseNumberPath = Annotated[str, Path(pattern=r"^[0-9A-Z]{8,20}$", description="办件编号 rlts_traf_id")]
AreaPath = Annotated[str, Path(pattern=r"^[0-9]{6}$", description="统筹区行政区划代码")]
