"""The second of two people: approve a fund request, reject it with a reason, or withdraw what the treasury refused."""

from datetime import datetime
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncConnection

from ledger.domain.fund_requests import FundRequestAlreadyDecided, FundRequestState
from ledger.domain.two_people import require_other_person
from ledger.repository import fund_requests
from shared.errors import NotFound
from shared.web.etags import Expected


async def decide_fund_request(
    connection: AsyncConnection,
    admdvs: str,
    request_id: UUID,
    *,
    is_approved: bool,
    reason: str | None,
    expected: Expected,
    by: str,
    now: datetime,
) -> None:
    """Decide as ``by``; the orders go on waiting until the allotment shows on a statement.

    What is approved may still be rejected until then: it is withdrawn, and its orders may be asked for anew.

    Raises ``NotFound``, ``PreconditionFailed``, ``FundRequestAlreadyDecided`` and ``SamePerson``.
    """
    row = await fund_requests.lock(connection, admdvs, request_id)
    if row is None:
        raise NotFound("没有这份用款申请")
    expected.require(row.version)
    is_withdrawal = row.state == FundRequestState.APPROVED and not is_approved
    if row.state != FundRequestState.PROPOSED and not is_withdrawal:
        raise FundRequestAlreadyDecided("该用款申请已经复核")
    require_other_person(row.proposed_by, by, "用款申请须由两人办理：提出人不能复核、撤回自己提出的申请")
    if is_withdrawal:
        values: dict[str, object] = {"state": FundRequestState.WITHDRAWN.value, "withdrawn_by": by, "withdrawn_at": now}
    else:
        state = FundRequestState.APPROVED if is_approved else FundRequestState.REJECTED
        values = {"state": state.value, "decided_by": by, "decided_at": now}
    await fund_requests.decide(connection, request_id, **values, reason=reason)
