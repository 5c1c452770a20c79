"""TransferTerminated: both sides have ended a case after its sheet came; nothing more is synced or credited."""

from collections.abc import Sequence
from dataclasses import replace

from sqlalchemy.ext.asyncio import AsyncConnection

from inbound.addressing import to_ledger
from inbound.domain.case import CaseState, InboundCase
from inbound.domain.transitions import Command, next_state
from inbound.office import Office
from inbound.repository.cases import save_cases
from inbound.repository.history import Happened, add_history
from inbound.use_cases.locked_cases import lock_delivered
from inbound.use_cases.release_money import release_money
from inbound.use_cases.revoke_back_payments import revoke_back_payments
from inbound.use_cases.undo_imports import IMPORTED, undo_imports
from shared.agency.repository.core_tasks import give_up_tasks
from shared.contracts.events import BalanceVoided, TransferTerminated
from shared.messaging import Delivery, enqueue
from shared.sheet_rules import TERMINATION_NO


async def terminate_cases(
    connection: AsyncConnection, deliveries: Sequence[Delivery[TransferTerminated]], office: Office
) -> None:
    """End the cases and give up what the core has not done for them; raises ``NotAllowed`` before a first sheet."""
    now = office.clock.now()
    cases = await lock_delivered(connection, deliveries)
    terminated, steps = [], []
    for delivery in deliveries:
        case, event = cases[delivery.rlts_traf_id], delivery.event
        ended = _terminated(case)
        terminated.append(ended)
        reason = f"{event.cause}、{event.money_path}：{event.reason}"
        steps.append(Happened(ended, "terminated", case.state, reason=reason, message_id=delivery.message_id))
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
