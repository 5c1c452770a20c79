"""Which command a state allows, and where it leads."""

from enum import StrEnum

from inbound.domain.case import CaseState
from shared.errors import Conflict


class Command(StrEnum):
    """What can happen to a case on this side."""

    RECEIVE_SHEET = "receive_sheet"
    SUBMIT = "submit"
    REJECT = "reject"
    APPROVE_ACCEPT = "approve_accept"
    APPROVE_RETURN = "approve_return"
    COMPLETE = "complete"
    WITHDRAW = "withdraw"
    TERMINATE = "terminate"
    RECALL = "recall"


class NotAllowed(Conflict):
    """The case's present state does not allow this command."""

    code = "state-does-not-allow"


TABLE: dict[tuple[CaseState, Command], CaseState] = {
    (CaseState.ANNOUNCED, Command.RECEIVE_SHEET): CaseState.RECEIVED,
    (CaseState.RETURNED, Command.RECEIVE_SHEET): CaseState.RECEIVED,
    # A version that was sealed after the completion (*design*): looked at and synced like the first.
    (CaseState.COMPLETED, Command.RECEIVE_SHEET): CaseState.RECEIVED,
    (CaseState.RECEIVED, Command.SUBMIT): CaseState.SUBMITTED,
    (CaseState.SUBMITTED, Command.REJECT): CaseState.RECEIVED,
    (CaseState.SUBMITTED, Command.APPROVE_ACCEPT): CaseState.APPROVED,
    (CaseState.SUBMITTED, Command.APPROVE_RETURN): CaseState.RETURNED,
    (CaseState.APPROVED, Command.COMPLETE): CaseState.COMPLETED,
    (CaseState.ANNOUNCED, Command.WITHDRAW): CaseState.WITHDRAWN,
    (CaseState.RECEIVED, Command.TERMINATE): CaseState.TERMINATED,
    (CaseState.SUBMITTED, Command.TERMINATE): CaseState.TERMINATED,
    (CaseState.APPROVED, Command.TERMINATE): CaseState.TERMINATED,
    (CaseState.RETURNED, Command.TERMINATE): CaseState.TERMINATED,
    # Our completion crossed the termination, and the platform's commit decided.
    (CaseState.COMPLETED, Command.TERMINATE): CaseState.TERMINATED,
    # The outbound takes its sheet back (*design*): the next version is waited for, as after a return.
    (CaseState.RECEIVED, Command.RECALL): CaseState.RETURNED,
    (CaseState.SUBMITTED, Command.RECALL): CaseState.RETURNED,
    (CaseState.APPROVED, Command.RECALL): CaseState.RETURNED,
    # Our return or completion crossed the recall, and the platform's commit decided.
    (CaseState.RETURNED, Command.RECALL): CaseState.RETURNED,
    (CaseState.COMPLETED, Command.RECALL): CaseState.RETURNED,
}

STATE_NAMES = {
    CaseState.ANNOUNCED: "待转出地出具信息表",
    CaseState.RECEIVED: "待核对",
    CaseState.SUBMITTED: "待复核",
    CaseState.APPROVED: "正在同步至本地",
    CaseState.COMPLETED: "关系已转入",
    CaseState.RETURNED: "已退回更正",
    CaseState.WITHDRAWN: "已撤销",
    CaseState.TERMINATED: "已终止",
}


def next_state(state: CaseState, command: Command) -> CaseState:
    """The state that ``command`` leads to; raises ``NotAllowed``."""
    found = TABLE.get((state, command))
    if found is None:
        raise NotAllowed(f"办件当前状态为“{STATE_NAMES[state]}”，不能进行该操作。")
    return found
