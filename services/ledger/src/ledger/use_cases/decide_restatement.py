"""Two people take a corrected statement in: one proposes it with a reason, another approves or rejects it."""

from datetime import datetime
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncConnection

from ledger.domain.restatement import RestatementState, require_state
from ledger.domain.two_people import require_other_person
from ledger.repository import bank_accounts, restatements
from ledger.repository.locks import lock_matching
from ledger.repository.restatements import Restatement
from ledger.use_cases.replace_lines import Approval, replace_lines
from ledger.use_cases.require_replaceable import require_replaceable
from shared.errors import NotFound
from shared.registry.registry import Registry
from shared.signing.signers import Signers
from shared.web.etags import Expected


async def propose_restatement(
    connection: AsyncConnection,
    admdvs: str,
    restatement_id: UUID,
    *,
    reason: str,
    expected: Expected,
    by: str,
    now: datetime,
) -> None:
    """The first person's step.

    Raises ``NotFound``, ``PreconditionFailed``, ``RestatementDecided`` and what ``require_replaceable`` does.
    """
    await lock_matching(connection, [admdvs])
    row = await _seen(connection, admdvs, restatement_id, expected)
    require_state(row.state, RestatementState.FOUND)
    await require_replaceable(connection, row)
    state = RestatementState.PROPOSED.value
    values = {"state": state, "reason": reason, "proposed_by": by, "proposed_at": now}
    await restatements.change(connection, row.id, values)


async def decide_restatement(
    connection: AsyncConnection,
    admdvs: str,
    restatement_id: UUID,
    *,
    is_approved: bool,
    reason: str | None,
    expected: Expected,
    registry: Registry,
    signers: Signers,
    by: str,
    now: datetime,
) -> None:
    """The second person's step; once approved, what is gone is reversed, and what is new is booked and matched.

    Raises ``NotFound``, ``PreconditionFailed``, ``RestatementDecided``, ``SamePerson`` and what
    ``require_replaceable`` does.
    """
    seen = await restatements.by_id(connection, admdvs, restatement_id)
    if seen is None:
        raise NotFound("没有这份更正的对账单")
    # An account is locked before the agency's matching, as every import does.
    accounts = await bank_accounts.lock(connection, admdvs, [seen.bankacct])
    await lock_matching(connection, [admdvs])
    row = await _seen(connection, admdvs, restatement_id, expected)
    require_state(row.state, RestatementState.PROPOSED)
    require_other_person(row.proposed_by, by, "替换对账单须由两人办理：提出人不能复核")
    file_id = None
    if is_approved:
        gone = await require_replaceable(connection, row)
        approval = Approval(by, now, reason)
        file_id = await replace_lines(
            connection, row, gone, accounts[row.bankacct], approval, registry=registry, signers=signers
        )
    state = RestatementState.APPROVED if is_approved else RestatementState.REJECTED
    values = {"state": state.value, "decided_by": by, "decided_at": now, "decision_reason": reason}
    await restatements.change(connection, row.id, values | {"file_id": file_id})


async def _seen(connection: AsyncConnection, admdvs: str, restatement_id: UUID, expected: Expected) -> Restatement:
    row = await restatements.by_id(connection, admdvs, restatement_id, is_locked=True)
    if row is None:
        raise NotFound("没有这份更正的对账单")
    expected.require(row.version)
    return row
