"""The transition table, every pair of state and command."""

import itertools

import pytest

from platform_gateway.domain.states import OPEN_STATES, CaseState, Command, CommandNotAllowed, transition

S, C = CaseState, Command

ALLOWED = {
    (S.CHECKING, C.ACCEPT, 0): [S.ACCEPTED],
    (S.CHECKING, C.REFUSE, 0): [S.REFUSED],
    (S.CHECKING, C.WITHDRAW, 0): [S.WITHDRAWN],
    (S.CHECKING, C.SUPERSEDE, 0): [S.WITHDRAWN],
    (S.CHECKING, C.FORWARD, 0): [S.CHECKING],
    (S.REFUSED, C.FORWARD, 0): [S.CHECKING],
    (S.ACCEPTED, C.BEGIN_OUTBOUND, 0): [S.OUTBOUND_PROCESSING],
    (S.ACCEPTED, C.WITHDRAW, 0): [S.WITHDRAWN],
    (S.ACCEPTED, C.TAKE_SHEET, 0): [S.OUTBOUND_PROCESSING, S.SHEET_ISSUED],
    (S.OUTBOUND_PROCESSING, C.TAKE_SHEET, 0): [S.SHEET_ISSUED],
    (S.OUTBOUND_PROCESSING, C.TAKE_SHEET, 1): [S.SHEET_ISSUED],
    (S.OUTBOUND_PROCESSING, C.WITHDRAW, 0): [S.WITHDRAWN],
    (S.ACCEPTED, C.FORWARD, 0): [S.WITHDRAWN],
    (S.OUTBOUND_PROCESSING, C.FORWARD, 0): [S.WITHDRAWN],
    (S.OUTBOUND_PROCESSING, C.TERMINATE, 1): [S.TERMINATED],
    (S.SHEET_ISSUED, C.ROUTE_SHEET, 1): [S.INBOUND_PROCESSING],
    (S.SHEET_ISSUED, C.TERMINATE, 1): [S.TERMINATED],
    (S.INBOUND_PROCESSING, C.RETURN_SHEET, 1): [S.RETURNED],
    (S.INBOUND_PROCESSING, C.RECALL_SHEET, 1): [S.RETURNED, S.OUTBOUND_PROCESSING],
    (S.INBOUND_PROCESSING, C.COMPLETE, 1): [S.COMPLETED],
    (S.INBOUND_PROCESSING, C.TERMINATE, 1): [S.TERMINATED],
    (S.RETURNED, C.BEGIN_OUTBOUND, 1): [S.OUTBOUND_PROCESSING],
    (S.RETURNED, C.TAKE_SHEET, 1): [S.OUTBOUND_PROCESSING, S.SHEET_ISSUED],
    (S.RETURNED, C.TERMINATE, 1): [S.TERMINATED],
    (S.COMPLETED, C.TAKE_CORRECTION, 1): [S.COMPLETED],
    (S.COMPLETED, C.RETURN_CORRECTION, 1): [S.COMPLETED],
    (S.COMPLETED, C.SYNC_CORRECTION, 1): [S.COMPLETED],
    (S.OUTBOUND_PROCESSING, C.TAKE_ADDENDUM, 1): [S.OUTBOUND_PROCESSING],
    (S.SHEET_ISSUED, C.TAKE_ADDENDUM, 1): [S.SHEET_ISSUED],
    (S.INBOUND_PROCESSING, C.TAKE_ADDENDUM, 1): [S.INBOUND_PROCESSING],
    (S.RETURNED, C.TAKE_ADDENDUM, 1): [S.RETURNED],
    (S.COMPLETED, C.TAKE_ADDENDUM, 1): [S.COMPLETED],
}
WITHOUT_SHEET = {S.CHECKING, S.REFUSED, S.ACCEPTED}
WITH_SHEET = {S.SHEET_ISSUED, S.INBOUND_PROCESSING, S.RETURNED, S.COMPLETED, S.TERMINATED}


def possible() -> list[tuple[CaseState, Command, int]]:
    return [
        (state, command, version)
        for state, command, version in itertools.product(S, C, (0, 1))
        if not (state in WITHOUT_SHEET and version) and not (state in WITH_SHEET and not version)
    ]


@pytest.mark.parametrize(("state", "command", "version"), possible())
def test_every_pair_of_state_and_command(state: CaseState, command: Command, version: int) -> None:
    expected = ALLOWED.get((state, command, version))
    if expected is None:
        with pytest.raises(CommandNotAllowed):
            transition(state, command, version)
    else:
        assert list(transition(state, command, version)) == expected


@pytest.mark.law("N annex 2")
def test_nothing_leaves_an_end() -> None:
    ends = {S.REFUSED, S.COMPLETED, S.WITHDRAWN, S.TERMINATED}
    assert ends.isdisjoint(OPEN_STATES)
    assert ends | OPEN_STATES == set(S)
