"""The table of states and commands, cell by cell."""

from dataclasses import replace
from datetime import date, datetime
from typing import Any

import pytest

from inbound.domain.case import CaseState, DecisionKind, InboundCase
from inbound.domain.credit import Match, creditable
from inbound.domain.decisions import Clerk, SheetHasErrors, Submission, accept_by_itself, submit
from inbound.domain.paper_end import require_endable
from inbound.domain.receiving import SheetVersionOld, receive
from inbound.domain.transitions import TABLE, Command, NotAllowed, next_state
from shared.contracts.codes import AcctDisposition, Origin
from shared.contracts.events import SheetRouted
from shared.errors import InvalidInput
from tests.unit.inbound.builders import CASE, IN_AREA, NOW, OUT_AREA

ALLOWED = {
    "announced": {"receive_sheet": "received", "withdraw": "withdrawn"},
    "received": {"submit": "submitted", "terminate": "terminated", "recall": "returned"},
    "submitted": {
        "reject": "received",
        "approve_accept": "approved",
        "approve_return": "returned",
        "terminate": "terminated",
        "recall": "returned",
    },
    "approved": {"complete": "completed", "terminate": "terminated", "recall": "returned"},
    "returned": {"receive_sheet": "received", "terminate": "terminated", "recall": "returned"},
    "completed": {"receive_sheet": "received", "terminate": "terminated", "recall": "returned"},
    "withdrawn": {},
    "terminated": {},
}
WANG = Clerk("wang", "王")


def case(**changes: Any) -> InboundCase:
    made = InboundCase(
        rlts_traf_id=CASE,
        trafin_admdvs=IN_AREA,
        trafout_admdvs=OUT_AREA,
        trafin_insutype="310",
        trafout_insutype="310",
        psn_name="李雷",
        psn_cert_type="01",
        certno="x",
        trafin_psn_no="P1",
        trafin_rlts_id="R1",
        state=CaseState.RECEIVED,
        acct_disposition=AcctDisposition.TRANSFER,
        accepted_at=NOW,
        total_due_on=None,
    )
    return replace(made, **changes)


def routed(version: int, disposition: str = "transfer") -> SheetRouted:
    return SheetRouted(
        sheet_version=version,
        sealed_sheet="x",
        arrival="x",
        acct_disposition=AcctDisposition(disposition),
        routed_at=NOW,
        inbound_due_on=date(2026, 3, 9),
    )


@pytest.mark.parametrize("state", list(CaseState))
@pytest.mark.parametrize("command", list(Command))
def test_every_cell(state: CaseState, command: Command) -> None:
    expected = ALLOWED[state.value].get(command.value)
    if expected is None:
        with pytest.raises(NotAllowed):
            next_state(state, command)
    else:
        assert next_state(state, command) == expected


def test_table_has_no_other_cell() -> None:
    assert len(TABLE) == sum(map(len, ALLOWED.values()))


@pytest.mark.parametrize(
    ("before", "version", "amount", "disposition", "expected"),
    [
        ({}, 1, 500, "transfer", (500, 1, True)),
        ({}, 1, 0, "none", (0, 1, False)),
        ({"sheet_version": 1, "sheet_amount": 500, "obligation_no": 1}, 2, 500, "transfer", (500, 1, True)),
        ({"sheet_version": 1, "sheet_amount": 500, "obligation_no": 1}, 2, 300, "transfer", (300, 2, True)),
        ({"sheet_version": 1, "sheet_amount": 500, "obligation_no": 1}, 2, 0, "none", (0, 2, True)),
        ({"sheet_version": 2, "sheet_amount": 0, "obligation_no": 2}, 3, 0, "none", (0, 2, False)),
    ],
)
def test_what_a_version_owes(
    before: dict[str, object], version: int, amount: int, disposition: str, expected: tuple[int, int, bool]
) -> None:
    waiting = case(state=CaseState.RETURNED, **before)
    after = receive(waiting, routed(version, disposition), amount, (), two_people=True)
    assert (after.sheet_amount, after.obligation_no, after.is_payable) == expected


def test_a_version_that_is_here_already_is_refused() -> None:
    with pytest.raises(SheetVersionOld):
        receive(case(state=CaseState.RETURNED, sheet_version=2), routed(2), 0, (), two_people=True)


def test_new_version_starts_without_the_old_decision() -> None:
    decided = case(state=CaseState.RETURNED, sheet_version=1, submitted_by="a", reviewed_by="b", is_automatic=True)
    after = receive(decided, routed(2), 0, (), two_people=False)
    assert (after.submitted_by, after.reviewed_by, after.is_automatic, after.needs_two_people) == (
        None,
        None,
        False,
        False,
    )


@pytest.mark.parametrize(
    ("state", "completed_at", "amount", "matched", "expected"),
    [
        ("completed", NOW, 500, [500], ["1"]),
        ("approved", None, 500, [500], []),
        ("received", None, 500, [500], []),
        ("returned", None, 500, [500], []),
        ("received", NOW, 500, [500], ["1"]),  # of a correction: the relation stays synced
        ("terminated", NOW, 500, [500], []),
        ("completed", NOW, 500, [], []),
        ("completed", NOW, 600, [500, 100], ["1", "2"]),
        ("completed", NOW, 600, [500], ["1"]),
        ("completed", NOW, 300, [500], []),
        ("completed", NOW, 0, [500], []),
    ],
)
def test_only_matched_money_of_a_synced_case_is_credited(
    state: str, completed_at: datetime | None, amount: int, matched: list[int], expected: list[str]
) -> None:
    matches = [Match(CASE, str(number), each, f"R{number}", NOW) for number, each in enumerate(matched, start=1)]
    is_synced = case(state=CaseState(state), completed_at=completed_at).is_synced
    assert [each.obligation_no for each, _ in creditable(matches, amount, is_synced=is_synced)] == expected


def test_money_is_credited_once() -> None:
    assert creditable([Match(CASE, "1", 500, "R", NOW, is_credit_opened=True, credited=500)], 500, is_synced=True) == ()


def test_sheet_with_errors_can_only_be_returned() -> None:
    with pytest.raises(SheetHasErrors):
        submit(
            case(error_count=1, difference_count=1),
            Submission(CASE, DecisionKind.ACCEPT, None, memo="可以"),
            WANG,
            NOW,
            two_people=True,
        )


def test_difference_is_accepted_only_with_a_reason() -> None:
    differing = case(difference_count=1)
    with pytest.raises(InvalidInput):
        submit(differing, Submission(CASE, DecisionKind.ACCEPT, None), WANG, NOW, two_people=True)
    accepted = submit(
        differing, Submission(CASE, DecisionKind.ACCEPT, None, memo="已电话核实"), WANG, NOW, two_people=True
    )
    assert (accepted.state, accepted.memo) == ("submitted", "已电话核实")


def test_nothing_with_a_difference_is_accepted_by_itself() -> None:
    with pytest.raises(SheetHasErrors):
        accept_by_itself(case(difference_count=1), NOW)


@pytest.mark.parametrize("state", list(CaseState))
def test_a_paper_case_ends_between_its_sheet_and_its_completion_only(state: CaseState) -> None:
    """A correction brings the states of before back, and no end with them."""
    on_paper = case(state=state, origin=Origin.PAPER)
    before_completion = {CaseState.RECEIVED, CaseState.SUBMITTED, CaseState.APPROVED, CaseState.RETURNED}
    if state in before_completion:
        require_endable(on_paper)
    else:
        with pytest.raises(NotAllowed):
            require_endable(on_paper)
    with pytest.raises(NotAllowed):
        require_endable(replace(on_paper, completed_at=NOW))
    with pytest.raises(NotAllowed):
        require_endable(replace(on_paper, origin=Origin.ELECTRONIC))
