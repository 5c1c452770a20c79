"""Bank accounts of agencies: proposed with the agency's signature, decided by somebody else."""

from typing import Any
from uuid import UUID

from fastapi import Response

from platform_gateway.api.callers import (
    AccountApprover,
    AccountProposer,
    AreaPath,
    Context,
    RegistryReader,
    require_own,
)
from platform_gateway.repository import accounts
from platform_gateway.schemas.registry import (
    AccountProposal,
    AccountShown,
    ChangeDecision,
    ChangeRejection,
    ChangeShown,
    ChangeState,
)
from platform_gateway.use_cases.change_bank_accounts import decide_account, propose_account
from shared.errors import NotFound
from shared.web.etags import IfMatch, etag
from shared.web.idempotency import Keyed
from shared.web.paging import Page, Paging, invalid_cursor, page_of
from shared.web.routing import Router

router = Router(prefix="/agencies/{admdvs}/bank-accounts", tags=["银行账户"])

_CHANGE = "/changes/{change_id}"


@router.get("", summary="机构的银行账户")
async def list_accounts(admdvs: AreaPath, caller: RegistryReader, context: Context) -> list[AccountShown]:
    """Those that count and those that did."""
    async with context.database.connection() as connection:
        return [AccountShown.model_validate(row) for row in await accounts.of_area(connection, admdvs)]


@router.post("/changes", summary="提交银行账户变更（机构签名）", status_code=201)
async def post_change(
    admdvs: AreaPath,
    proposal: AccountProposal,
    caller: AccountProposer,
    context: Context,
    keyed: Keyed,
    response: Response,
) -> ChangeShown:
    """Pending until a second person approves it."""
    require_own(caller, admdvs)
    change_id = await propose_account(context, caller, admdvs, proposal.jws, keyed)
    response.headers["Location"] = f"/v1/agencies/{admdvs}/bank-accounts/changes/{change_id}"
    return await _change(context, admdvs, change_id, response)


@router.get("/changes", summary="银行账户变更列表")
async def list_changes(admdvs: AreaPath, caller: RegistryReader, context: Context, paging: Paging) -> Page[ChangeShown]:
    """Oldest first."""
    require_own(caller, admdvs)
    (after,) = paging.after(str) or ("",)
    try:
        last = str(UUID(str(after))) if after else ""
    except ValueError as error:
        raise invalid_cursor() from error
    async with context.database.connection() as connection:
        rows = await accounts.changes(connection, admdvs, last, paging.limit + 1)
    return page_of(rows, paging.limit, lambda row: (str(row.change_id),), ChangeShown.model_validate)


@router.get(_CHANGE, summary="一项银行账户变更")
async def get_change(
    admdvs: AreaPath, change_id: UUID, caller: RegistryReader, context: Context, response: Response
) -> ChangeShown:
    """With who proposed and who decided."""
    require_own(caller, admdvs)
    return await _change(context, admdvs, change_id, response)


@router.post(_CHANGE + "/approval", summary="批准银行账户变更")
async def post_approval(
    admdvs: AreaPath,
    change_id: UUID,
    decision: ChangeDecision,
    caller: AccountApprover,
    context: Context,
    expected: IfMatch,
    response: Response,
) -> ChangeShown:
    """By another person than the proposer; the account counts from its own date on."""
    require_own(caller, admdvs)
    row = await decide_account(context, caller, admdvs, change_id, ChangeState.APPROVED, decision.reason, expected)
    return _shown(row, response)


@router.post(_CHANGE + "/rejection", summary="驳回银行账户变更")
async def post_rejection(
    admdvs: AreaPath,
    change_id: UUID,
    rejection: ChangeRejection,
    caller: AccountApprover,
    context: Context,
    expected: IfMatch,
    response: Response,
) -> ChangeShown:
    """With a reason that is kept."""
    require_own(caller, admdvs)
    row = await decide_account(context, caller, admdvs, change_id, ChangeState.REJECTED, rejection.reason, expected)
    return _shown(row, response)


async def _change(context: Context, admdvs: str, change_id: UUID, response: Response) -> ChangeShown:
    async with context.database.connection() as connection:
        row = await accounts.read_change(connection, admdvs, change_id)
    if row is None:
        raise NotFound("没有这项账户变更。", code="change-not-found")
    return _shown(row, response)


def _shown(row: Any, response: Response) -> ChangeShown:
    response.headers["ETag"] = etag(row.row_version)
    return ChangeShown.model_validate(row)
