"""TransferTerminated: both sides have ended a case after its sheet came; nothing more is synced or credited."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncConnection

from inbound.addressing import to_ledger
from inbound.domain.case import CaseState, InboundCase
from inbound.domain.decisions import Clerk
from inbound.domain.transitions import Command, next_state
from inbound.office import Office
from inbound.repository.cases import save_cases
from inbound.repository.history import SYSTEM_CLERK, Happened, add_history
from inbound.use_cases.locked_cases import lock_delivered
from inbound.use_cases.release_money import release_money
from inbound.use_cases.revoke_back_payments import revoke_back_payments
from inbound.use_cases.undo_imports import IMPORTED, undo_imports
from shared.agency.repository.core_tasks import give_up_tasks
from shared.contracts.events import BalanceVoided, TransferTerminated
from shared.messaging import Delivery, enqueue
from shared.sheet_rules import TERMINATION_NO


@dataclass(frozen=True, slots=True)
class Ended:
    """What ends a locked case, and who or which message says so."""

    case: InboundCase
    event: TransferTerminated
    by: Clerk = SYSTEM_CLERK
    message_id: UUID | None = None


async def terminate_cases(
    connection: AsyncConnection, deliveries: Sequence[Delivery[TransferTerminated]], office: Office
) -> None:
    """End the cases and give up what the core has not done for them; raises ``NotAllowed`` before a first sheet."""
    cases = await lock_delivered(connection, deliveries)
    ends = [Ended(cases[each.rlts_traf_id], each.event, message_id=each.message_id) for each in deliveries]
    await end_cases(connection, ends, office)


async def end_cases(connection: AsyncConnection, ends: Sequence[Ended], office: Office) -> None:
    """As ``terminate_cases``, for locked cases."""
    now = office.clock.now()
    terminated, steps = [], []
    for end in ends:
        event = end.event
        ended = _terminated(end.case)
        terminated.append(ended)
        reason = f"{event.cause}、{event.money_path}：{event.reason}"
        steps.append(Happened(ended, "terminated", end.case.state, end.by, reason, end.message_id))
    keys = [(case.trafin_admdvs, case.rlts_traf_id) for case in terminated]
    await give_up_tasks(connection, keys, reason="办件已终止", now=now)
    await revoke_back_payments(connection, terminated, office)
    await save_cases(connection, terminated)
    await add_history(connection, steps, now=now)
    imported = [(case, str(case.sheet_version)) for case in terminated if case.core_failure == IMPORTED]
    await undo_imports(connection, imported, office)
    voided = [to_ledger(case, _voided(steps_of)) for case, steps_of in zip(terminated, steps, strict=True)]
    await enqueue(connection, voided, signers=office.signers, now=now)
    await release_money(connection, terminated, office)


def _voided(step: Happened) -> BalanceVoided:
    return BalanceVoided(obligation_no=TERMINATION_NO, reason=step.reason or "")


def _terminated(case: InboundCase) -> InboundCase:
    failure = IMPORTED if case.state is CaseState.COMPLETED else case.core_failure
    return replace(case, state=next_state(case.state, Command.TERMINATE), core_failure=failure)
