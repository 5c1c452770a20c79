"""What crosses a recall, both orders played."""

from dataclasses import replace
from typing import Any

from inbound.domain.case import CaseState as Inbound
from inbound.domain.transitions import Command as InboundCommand
from inbound.domain.transitions import next_state
from outbound.domain.case import Case
from outbound.domain.case import CaseState as Outbound
from outbound.domain.sealed import SealedVersion
from outbound.domain.transitions.exchange import accept_sheet, return_sheet, terminate
from outbound.domain.transitions.money import take_payment, take_payment_return
from outbound.domain.transitions.recalling import review_recall, submit_recall
from platform_gateway.domain.states import CaseState, Command, transition
from shared.contracts.events import SheetAccepted
from tests.crossings.said import CAME_BACK, LEDGER, PAID, RETURNED, TERMINATED, not_allowed
from tests.unit.outbound.cases import CLERK, NOW, PLATFORM, REVIEWER, a_case


def _asked(**changes: Any) -> Case:
    """A case of the outbound whose accepted version two clerks recall; the platform has not answered."""
    accepted = a_case(Outbound.SHEET_ACCEPTED, owed_amount=100, obligation_no=1, **changes)
    submitted = submit_recall(accepted, "误签章", CLERK, NOW).case
    return review_recall(submitted, REVIEWER, NOW, is_approved=True, reason=None).case


def recalled_returned() -> None:
    """Either order brings the next version once; at the inbound the recall of a returned version changes nothing."""
    for state in (CaseState.RETURNED, CaseState.OUTBOUND_PROCESSING):
        not_allowed(state, Command.RECALL_SHEET)
    not_allowed(CaseState.OUTBOUND_PROCESSING, Command.RETURN_SHEET)
    assert next_state(Inbound.RETURNED, InboundCommand.RECALL) is Inbound.RETURNED
    back = return_sheet(_asked(), RETURNED, PLATFORM, NOW).case
    assert (back.state, back.sheet_version, back.recall_by, back.recall_asked_at) == (Outbound.DRAFTING, 2, None, None)


def recalled_terminated() -> None:
    """The end is the end in either order."""
    not_allowed(CaseState.TERMINATED, Command.RECALL_SHEET)
    path = transition(CaseState.INBOUND_PROCESSING, Command.RECALL_SHEET, 1)
    assert transition(path[-1], Command.TERMINATE, 1) == (CaseState.TERMINATED,)
    assert next_state(Inbound.RETURNED, InboundCommand.TERMINATE) is Inbound.TERMINATED
    recalled = return_sheet(_asked(), RETURNED, PLATFORM, NOW).case
    for case in (_asked(), recalled):
        ended = terminate(case, TERMINATED, PLATFORM, NOW).case
        assert (ended.state, ended.recall_by, ended.is_payment_held) == (Outbound.TERMINATED, None, True)


def recalled_money() -> None:
    """Facts are kept beside the recall; its hold goes with the next accepted version, one of clerks stays."""
    sealed = SealedVersion("C", 2, "{}", "d", "k", 100, "62-1", "62-2", NOW)
    for fact in (take_payment, take_payment_return):
        event: Any = PAID if fact is take_payment else CAME_BACK
        late = fact(return_sheet(_asked(), RETURNED, PLATFORM, NOW).case, event, LEDGER, NOW)
        assert late.case.state is Outbound.DRAFTING
        assert late.case.is_payment_held
    for held_by_clerks in (False, True):
        hold = {"is_payment_held": held_by_clerks, "payment_hold_reason": "核实中" if held_by_clerks else None}
        drafted = return_sheet(_asked(**hold), RETURNED, PLATFORM, NOW).case
        issued = replace(drafted, state=Outbound.ISSUED)
        again = accept_sheet(issued, SheetAccepted(sheet_version=2, arrival="a"), sealed, PLATFORM, NOW)
        assert again.case.is_payment_held is held_by_clerks
        told = [type(letter.event).__name__ for letter in again.letters]
        assert told == ["BalancePayable", *([] if held_by_clerks else ["PaymentHoldChanged"])]


RECALLS = (recalled_returned, recalled_terminated, recalled_money)
