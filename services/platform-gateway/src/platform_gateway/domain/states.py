"""The relation's states and the one table of what may follow what."""

from collections.abc import Mapping
from enum import StrEnum

from shared.errors import Conflict
from shared.law import law


class CaseState(StrEnum):
    """Where the relation of a case stands."""

    CHECKING = "checking"
    REFUSED = "refused"
    ACCEPTED = "accepted"
    OUTBOUND_PROCESSING = "outbound_processing"
    SHEET_ISSUED = "sheet_issued"
    INBOUND_PROCESSING = "inbound_processing"
    RETURNED = "returned"
    COMPLETED = "completed"
    WITHDRAWN = "withdrawn"
    TERMINATED = "terminated"


class CorrectionState(StrEnum):
    """Where the last version stands that was sealed after the completion; the relation stays completed."""

    UNDER_WAY = "under_way"
    RETURNED = "returned"
    SYNCED = "synced"


class Command(StrEnum):
    """What may be asked of a case; ``apply`` stands in histories only, as the first entry."""

    APPLY = "apply"
    ACCEPT = "accept"
    REFUSE = "refuse"
    WITHDRAW = "withdraw"
    SUPERSEDE = "supersede"
    FORWARD = "forward"
    BEGIN_OUTBOUND = "begin_outbound"
    TAKE_SHEET = "take_sheet"
    ROUTE_SHEET = "route_sheet"
    RETURN_SHEET = "return_sheet"
    RECALL_SHEET = "recall_sheet"
    COMPLETE = "complete"
    TERMINATE = "terminate"
    TAKE_CORRECTION = "take_correction"
    RETURN_CORRECTION = "return_correction"
    SYNC_CORRECTION = "sync_correction"
    TAKE_ADDENDUM = "take_addendum"


class CommandNotAllowed(Conflict):
    """The case's state does not allow the command."""

    code = "command-not-allowed"


_S = CaseState
_C = Command

TRANSITIONS: Mapping[tuple[CaseState, Command], tuple[CaseState, ...]] = {
    (_S.CHECKING, _C.ACCEPT): (_S.ACCEPTED,),
    (_S.CHECKING, _C.REFUSE): (_S.REFUSED,),
    (_S.CHECKING, _C.WITHDRAW): (_S.WITHDRAWN,),
    (_S.CHECKING, _C.SUPERSEDE): (_S.WITHDRAWN,),
    # Nobody has been told of the case yet, so that another area can take the place of a side.
    (_S.CHECKING, _C.FORWARD): (_S.CHECKING,),
    (_S.REFUSED, _C.FORWARD): (_S.CHECKING,),
    # Both sides have begun under this number: the case ends, and a new one is lodged for the right area (*design*).
    (_S.ACCEPTED, _C.FORWARD): (_S.WITHDRAWN,),
    (_S.OUTBOUND_PROCESSING, _C.FORWARD): (_S.WITHDRAWN,),
    (_S.ACCEPTED, _C.BEGIN_OUTBOUND): (_S.OUTBOUND_PROCESSING,),
    (_S.ACCEPTED, _C.WITHDRAW): (_S.WITHDRAWN,),
    # A sheet proves that the outbound has begun, whether or not its receipt was seen first.
    (_S.ACCEPTED, _C.TAKE_SHEET): (_S.OUTBOUND_PROCESSING, _S.SHEET_ISSUED),
    (_S.OUTBOUND_PROCESSING, _C.TAKE_SHEET): (_S.SHEET_ISSUED,),
    (_S.OUTBOUND_PROCESSING, _C.WITHDRAW): (_S.WITHDRAWN,),
    (_S.OUTBOUND_PROCESSING, _C.TERMINATE): (_S.TERMINATED,),
    (_S.SHEET_ISSUED, _C.ROUTE_SHEET): (_S.INBOUND_PROCESSING,),
    (_S.SHEET_ISSUED, _C.TERMINATE): (_S.TERMINATED,),
    (_S.INBOUND_PROCESSING, _C.RETURN_SHEET): (_S.RETURNED,),
    # The outbound asked for it, so that the case is in its hands again at once (*design*).
    (_S.INBOUND_PROCESSING, _C.RECALL_SHEET): (_S.RETURNED, _S.OUTBOUND_PROCESSING),
    (_S.INBOUND_PROCESSING, _C.COMPLETE): (_S.COMPLETED,),
    (_S.INBOUND_PROCESSING, _C.TERMINATE): (_S.TERMINATED,),
    (_S.RETURNED, _C.BEGIN_OUTBOUND): (_S.OUTBOUND_PROCESSING,),
    (_S.RETURNED, _C.TAKE_SHEET): (_S.OUTBOUND_PROCESSING, _S.SHEET_ISSUED),
    (_S.RETURNED, _C.TERMINATE): (_S.TERMINATED,),
    (_S.COMPLETED, _C.TAKE_CORRECTION): (_S.COMPLETED,),
    (_S.COMPLETED, _C.RETURN_CORRECTION): (_S.COMPLETED,),
    (_S.COMPLETED, _C.SYNC_CORRECTION): (_S.COMPLETED,),
    # Money that came after sealing stands beside the sheet, wherever the case is, until it ends without one.
    (_S.OUTBOUND_PROCESSING, _C.TAKE_ADDENDUM): (_S.OUTBOUND_PROCESSING,),
    (_S.SHEET_ISSUED, _C.TAKE_ADDENDUM): (_S.SHEET_ISSUED,),
    (_S.INBOUND_PROCESSING, _C.TAKE_ADDENDUM): (_S.INBOUND_PROCESSING,),
    (_S.RETURNED, _C.TAKE_ADDENDUM): (_S.RETURNED,),
    (_S.COMPLETED, _C.TAKE_ADDENDUM): (_S.COMPLETED,),
}
"""(state, command) → the states passed through, in order. What is not here is not allowed (domain §4)."""

CORRECTIONS: Mapping[tuple[CorrectionState | None, Command], CorrectionState] = {
    (None, _C.TAKE_CORRECTION): CorrectionState.UNDER_WAY,
    (CorrectionState.SYNCED, _C.TAKE_CORRECTION): CorrectionState.UNDER_WAY,
    (CorrectionState.RETURNED, _C.TAKE_CORRECTION): CorrectionState.UNDER_WAY,
    (CorrectionState.UNDER_WAY, _C.RETURN_CORRECTION): CorrectionState.RETURNED,
    (CorrectionState.UNDER_WAY, _C.SYNC_CORRECTION): CorrectionState.SYNCED,
}
"""The same for the correction of a completed case (*design*): any number of them, one at a time."""

OPEN_STATES = frozenset(
    {
        _S.CHECKING,
        _S.ACCEPTED,
        _S.OUTBOUND_PROCESSING,
        _S.SHEET_ISSUED,
        _S.INBOUND_PROCESSING,
        _S.RETURNED,
    }
)
"""In these a second case of the same outbound relation is reason A08."""

_WITH_SHEET_NOT = {_C.WITHDRAW: True, _C.FORWARD: True, _C.TERMINATE: False, _C.TAKE_ADDENDUM: False}

_REFUSALS = {
    _C.WITHDRAW: "信息表已被平台接收或办件已结束，不能再撤销",
    _C.FORWARD: "信息表已被平台接收或办件已结束，不能再转办",
    _C.TAKE_SHEET: "办件当前状态不接收信息表",
    _C.RETURN_SHEET: "办件当前状态不能退回信息表",
    _C.RECALL_SHEET: "转入地尚未收到信息表，或已退回、办结，不能撤回信息表",
    _C.COMPLETE: "办件当前状态不能办结转入",
    _C.TAKE_ADDENDUM: "平台尚未接收过信息表或办件已结束，不接收补充单",
    _C.TAKE_CORRECTION: "办件当前状态不接收更正的信息表",
    _C.RETURN_CORRECTION: "没有正在核对的更正信息表可以退回",
    _C.SYNC_CORRECTION: "没有正在核对的更正信息表可以同步",
    _C.TERMINATE: "只有平台已接收信息表且尚未办结的办件可以终止",
}


@law("N annex 2")
def transition(state: CaseState, command: Command, sheet_version: int = 0) -> tuple[CaseState, ...]:
    """The states that ``command`` leads through, the last one being the new state.

    ``sheet_version`` is the last version that the platform accepted, 0 for none: a case is withdrawn only
    or forwarded only before the first, and terminated only after it. Raises ``CommandNotAllowed``.
    """
    path = TRANSITIONS.get((state, command))
    has_sheet = sheet_version > 0
    if path is None or _WITH_SHEET_NOT.get(command) is has_sheet:
        raise CommandNotAllowed(_REFUSALS.get(command, "办件当前状态不允许此操作"))
    return path


def corrected(state: CaseState, correction: CorrectionState | None, command: Command) -> CorrectionState:
    """Where ``command`` takes the correction of a case in ``state``; raises ``CommandNotAllowed``."""
    found = CORRECTIONS.get((correction, command))
    if found is None or (state, command) not in TRANSITIONS:
        raise CommandNotAllowed(_REFUSALS[command])
    return found
