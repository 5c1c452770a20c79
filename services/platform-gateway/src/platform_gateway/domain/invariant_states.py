"""Which states of a side's own case agree with the platform's, once neither has anything to tell the other."""

from collections.abc import Mapping

from platform_gateway.domain.states import CaseState
from shared.contracts.events.figures import FiguresSide

_DRAFTING = frozenset({"drafting", "submitted", "approved"})
_CHECKING = frozenset({"received", "submitted", "approved"})
_S = CaseState

_OUTBOUND: Mapping[CaseState, frozenset[str]] = {
    _S.ACCEPTED: _DRAFTING | {"accepted"},
    # A sheet that was recalled is back in the outbound's hands at once.
    _S.OUTBOUND_PROCESSING: _DRAFTING | {"accepted", "returned"},
    _S.SHEET_ISSUED: frozenset({"sheet_accepted"}),
    _S.INBOUND_PROCESSING: frozenset({"sheet_accepted"}),
    _S.RETURNED: _DRAFTING | {"returned"},
    # A correction begins and may be given up without a word to the platform.
    _S.COMPLETED: _DRAFTING | {"sheet_accepted", "ended", "returned"},
    _S.WITHDRAWN: frozenset({"withdrawn"}),
    _S.TERMINATED: frozenset({"terminated"}),
}
_INBOUND: Mapping[CaseState, frozenset[str]] = {
    _S.ACCEPTED: frozenset({"announced"}),
    _S.OUTBOUND_PROCESSING: frozenset({"announced", "returned"}),
    _S.SHEET_ISSUED: _CHECKING,
    _S.INBOUND_PROCESSING: _CHECKING,
    _S.RETURNED: frozenset({"returned"}),
    _S.COMPLETED: _CHECKING | {"completed", "returned"},
    _S.WITHDRAWN: frozenset({"withdrawn"}),
    _S.TERMINATED: frozenset({"terminated"}),
}


def is_agreed(ours: CaseState, side: FiguresSide, theirs: str) -> bool:
    """Whether a case of ours may stand so at ``side``; the books keep no state of their own."""
    if side is FiguresSide.OUTBOUND:
        return theirs in _OUTBOUND.get(ours, ())
    if side is FiguresSide.INBOUND:
        return theirs in _INBOUND.get(ours, ())
    return True
