"""What a crossing comes to where the decision is pure: by row of the table, both orders played."""

from collections.abc import Callable, Mapping
from dataclasses import replace

import pytest

from inbound.domain.case import CaseState as Inbound
from inbound.domain.transitions import Command as InboundCommand
from inbound.domain.transitions import next_state
from outbound.domain.addendum import AddendumAsk, propose
from outbound.domain.case import CaseState as Outbound
from outbound.domain.errors import CommandNotAllowed as OutboundRefusal
from outbound.domain.transitions.correcting import Correction, begin_correction
from outbound.domain.transitions.exchange import refuse_sheet, terminate, withdraw
from platform_gateway.domain.states import (
    CaseState,
    Command,
    CommandNotAllowed,
    CorrectionState,
    corrected,
    transition,
)
from shared.agency.core import TaskKind
from shared.contracts.addendum import AddendumCause
from shared.contracts.codes import CorrectionKind
from tests.crossings.benefits import benefits_anything
from tests.crossings.money import MONEY
from tests.crossings.recalls import RECALLS
from tests.crossings.said import TERMINATED, not_allowed, refused_as
from tests.unit.outbound.cases import CLERK, NOW, PLATFORM, a_case

AFTER_A_SHEET = (
    CaseState.SHEET_ISSUED,
    CaseState.INBOUND_PROCESSING,
    CaseState.RETURNED,
    CaseState.OUTBOUND_PROCESSING,
)


def withdrawn_sheet() -> None:
    """Voided once, whether the withdrawal or the refusal of the sheet is the first to tell."""
    not_allowed(CaseState.WITHDRAWN, Command.TAKE_SHEET, 0)
    issued = a_case(Outbound.ISSUED)
    withdrawn = withdraw(issued, PLATFORM, NOW, "不转了")
    refused = refuse_sheet(issued, refused_as("withdrawn"), PLATFORM, NOW)
    for first in (withdrawn, refused):
        assert first.case.state is Outbound.WITHDRAWN
        assert [task.kind for task in first.tasks] == [TaskKind.UNFREEZE_ACCOUNT, TaskKind.RESUME_RELATION]
    assert refuse_sheet(withdrawn.case, refused_as("withdrawn"), PLATFORM, NOW).tasks == ()
    assert withdraw(refused.case, PLATFORM, NOW, "不转了").tasks == ()


def sheet_withdrawal() -> None:
    """No state in which a version was accepted lets a withdrawal in."""
    for state in (*AFTER_A_SHEET, CaseState.COMPLETED):
        not_allowed(state, Command.WITHDRAW)


def accepted_forwarding() -> None:
    """Both sides undo what they have begun as after any withdrawal; the new case has a number of its own."""
    for state in (CaseState.ACCEPTED, CaseState.OUTBOUND_PROCESSING):
        assert transition(state, Command.FORWARD) == (CaseState.WITHDRAWN,)
    for begun in (Outbound.ACCEPTED, Outbound.DRAFTING, Outbound.SUBMITTED, Outbound.APPROVED, Outbound.ISSUED):
        undone = withdraw(a_case(begun), PLATFORM, NOW, "转出地由370200转办至370100")
        assert (undone.case.state, undone.tasks[-1].kind) == (Outbound.WITHDRAWN, TaskKind.RESUME_RELATION)
    for theirs in (Inbound.ANNOUNCED,):
        assert next_state(theirs, InboundCommand.WITHDRAW) is Inbound.WITHDRAWN


def sheet_forwarding() -> None:
    """No state in which a version was accepted lets a forwarding in, and none after the end."""
    for state in (*AFTER_A_SHEET, CaseState.COMPLETED):
        not_allowed(state, Command.FORWARD)
    for state in (CaseState.WITHDRAWN, CaseState.TERMINATED):
        not_allowed(state, Command.FORWARD, 0)


def terminated_sheet() -> None:
    """The platform takes none, and the outbound has nothing left to undo."""
    not_allowed(CaseState.TERMINATED, Command.TAKE_SHEET)
    ended = terminate(a_case(Outbound.ISSUED, owed_amount=100), TERMINATED, PLATFORM, NOW).case
    late = refuse_sheet(ended, refused_as("command-not-allowed"), PLATFORM, NOW)
    assert (late.case, late.tasks, late.letters) == (ended, (), ())


def terminated_returned() -> None:
    """The return is refused, or came first and the returned case is terminated."""
    not_allowed(CaseState.TERMINATED, Command.RETURN_SHEET)
    assert transition(CaseState.RETURNED, Command.TERMINATE, 1) == (CaseState.TERMINATED,)
    assert next_state(Inbound.RETURNED, InboundCommand.TERMINATE) is Inbound.TERMINATED


def second_correction() -> None:
    """One at a time on both sides."""
    completed, under_way = CaseState.COMPLETED, CorrectionState.UNDER_WAY
    with pytest.raises(CommandNotAllowed):
        corrected(completed, under_way, Command.TAKE_CORRECTION)
    for before in (None, CorrectionState.SYNCED, CorrectionState.RETURNED):
        assert corrected(completed, before, Command.TAKE_CORRECTION) is under_way
        with pytest.raises(CommandNotAllowed):
            corrected(completed, before, Command.SYNC_CORRECTION)
    ask = Correction(CorrectionKind.CORRECTION, "年月有误")
    begun = begin_correction(a_case(Outbound.ENDED), ask, CLERK, NOW).case
    for state in (Outbound.DRAFTING, Outbound.ISSUED, Outbound.SHEET_ACCEPTED):
        with pytest.raises(OutboundRefusal):
            begin_correction(replace(begun, state=state), ask, CLERK, NOW)


def terminated_addendum() -> None:
    """Nothing is taken in for a case that has ended, and nothing begun."""
    not_allowed(CaseState.TERMINATED, Command.TAKE_ADDENDUM)
    ask = AddendumAsk(AddendumCause.INTEREST, "利息", 50)
    with pytest.raises(OutboundRefusal):
        propose(a_case(Outbound.TERMINATED, owed_amount=100), 0, ask, CLERK, NOW)


def sheet_addendum() -> None:
    """Wherever a case with a sheet stands it takes an addendum and stays where it is; without one it takes none."""
    for state in (*AFTER_A_SHEET, CaseState.COMPLETED):
        assert transition(state, Command.TAKE_ADDENDUM, 1) == (state,)
    not_allowed(CaseState.OUTBOUND_PROCESSING, Command.TAKE_ADDENDUM, 0)
    not_allowed(CaseState.ACCEPTED, Command.TAKE_ADDENDUM, 0)
    ask = AddendumAsk(AddendumCause.INTEREST, "利息", 50)
    for ours in (Outbound.DRAFTING, Outbound.APPROVED, Outbound.SHEET_ACCEPTED, Outbound.ENDED):
        case = a_case(ours, owed_amount=100, submitter_id="u1", reviewer_id="u2")
        made, decision = propose(case, 2, ask, CLERK, NOW)
        assert (made.addendum_no, decision.case.state) == (3, ours)


CHECKS: Mapping[str, Callable[[], None]] = {
    check.__name__.replace("_", "-"): check
    for check in (
        withdrawn_sheet,
        sheet_withdrawal,
        accepted_forwarding,
        sheet_forwarding,
        terminated_sheet,
        terminated_returned,
        second_correction,
        *RECALLS,
        *MONEY,
        terminated_addendum,
        sheet_addendum,
        benefits_anything,
    )
}
