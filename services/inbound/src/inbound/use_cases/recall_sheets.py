"""SheetRecalled: the outbound takes its sheet back before the completion; the case waits for the next version."""

from collections.abc import Sequence
from dataclasses import replace

from sqlalchemy.ext.asyncio import AsyncConnection

from inbound.domain.case import CaseState, InboundCase
from inbound.domain.transitions import Command, next_state
from inbound.office import Office
from inbound.repository.cases import save_cases
from inbound.repository.history import Happened, add_history
from inbound.use_cases.locked_cases import lock_delivered
from inbound.use_cases.revoke_back_payments import revoke_back_payments
from inbound.use_cases.undo_imports import IMPORTED, undo_imports
from shared.agency.repository.core_tasks import give_up_tasks
from shared.contracts.events import SheetRecalled
from shared.law import design
from shared.messaging import CannotApply, Delivery


@design("recall of a sheet sealed in error, before completion")
async def recall_sheets(
    connection: AsyncConnection, deliveries: Sequence[Delivery[SheetRecalled]], office: Office
) -> None:
    """Stop working on the versions; what the core has imported of one that was just synced is taken back.

    Money that was credited by then stays: the next version owes the difference. Raises ``NotAllowed`` or
    ``CannotApply`` for a version that is not the present one.
    """
    now = office.clock.now()
    before = await lock_delivered(connection, deliveries)
    recalled, steps = [], []
    for delivery in deliveries:
        case, event = before[delivery.rlts_traf_id], delivery.event
        if case.sheet_version != event.sheet_version:
            raise CannotApply("撤回的信息表不是当前版本", code="sheet-version-not-present")
        after = recall(case)
        recalled.append(after)
        steps.append(Happened(after, "sheet_recalled", case.state, reason=event.reason, message_id=delivery.message_id))
    importing = [case for case in before.values() if case.state is CaseState.APPROVED]
    keys = [(case.trafin_admdvs, case.rlts_traf_id) for case in importing]
    await give_up_tasks(connection, keys, reason="信息表已由转出地撤回", now=now)
    synced = [case for case in before.values() if case.is_synced]
    await revoke_back_payments(connection, synced, office)
    await save_cases(connection, recalled)
    await add_history(connection, steps, now=now)
    await undo_imports(connection, [(case, str(case.sheet_version)) for case in synced], office)


def recall(case: InboundCase) -> InboundCase:
    """The case as after a return, though nobody here decided one; what was synced is not synced any more."""
    state = next_state(case.state, Command.RECALL)
    if case.state is state:
        return case
    failure = IMPORTED if case.is_synced else None
    return replace(case, state=state, decision=None, completed_at=None, core_failure=failure)
