"""The progress in plain Chinese: the relation's line (N9, N10). The money's stands in ``money_progress``."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime

from platform_gateway.domain.case import Case
from platform_gateway.domain.states import CaseState, CorrectionState
from shared.clock import SHANGHAI, local_date
from shared.contracts.codes import Origin
from shared.law import law

STATE_NAMES: Mapping[CaseState, str] = {
    CaseState.CHECKING: "校验中",
    CaseState.REFUSED: "不予受理",
    CaseState.ACCEPTED: "已受理",
    CaseState.OUTBOUND_PROCESSING: "转出地办理中",
    CaseState.SHEET_ISSUED: "信息表已出具",
    CaseState.INBOUND_PROCESSING: "转入地办理中",
    CaseState.RETURNED: "信息表退回更正",
    CaseState.COMPLETED: "关系转入完成",
    CaseState.WITHDRAWN: "已撤销",
    CaseState.TERMINATED: "已终止",
}

_SIDE_NAMES = {"outbound": "转出地", "inbound": "转入地"}


@dataclass(frozen=True, slots=True)
class StageDue:
    """The due date of a clock that is running, in Asia/Shanghai."""

    on: date
    is_provisional: bool
    is_overdue: bool


@dataclass(frozen=True, slots=True)
class RunningClocks:
    """The clocks that are running: of the stage, of the whole, of the payment; ``None`` where there is none."""

    stage: StageDue | None = None
    total: StageDue | None = None
    payment: StageDue | None = None


@law("N9-1", "N10")
def relation_line(case: Case, clocks: RunningClocks) -> str:
    """Where the relation stands, since when, until when the next step and the whole are due, and what is late."""
    parts = [
        *_forwarding_texts(case),
        _relation_text(case),
        *_correction_texts(case),
        *due_texts("本环节应于", clocks.stage),
        *due_texts("全程应于", clocks.total),
    ]
    on_paper = "（纸质办理）" if case.origin is Origin.PAPER else ""
    return f"医保关系{on_paper}：{'，'.join(parts)}。"


def chinese_date(day: date) -> str:
    """``2026年3月2日``."""
    return f"{day.year}年{day.month}月{day.day}日"


def due_texts(begin: str, due: StageDue | None) -> list[str]:
    """``begin`` with the due date, that it is provisional, and that it has passed; nothing without a clock."""
    if due is None:
        return []
    provisional = "（暂定，以公布的节假日安排为准）" if due.is_provisional else ""
    return [f"{begin}{chinese_date(due.on)}前（含当日）办结{provisional}", *(["目前已超期"] if due.is_overdue else [])]


def _relation_text(case: Case) -> str:
    since = chinese_date(local_date(case.state_since))
    if case.state is CaseState.CHECKING:
        return _checking_text(case)
    if case.state is CaseState.REFUSED:
        reasons = "；".join(f"{each['title']}，{each['remedy']}" for each in case.reasons)
        return f"{since}不予受理，原因：{reasons.rstrip('。')}"
    if case.state is CaseState.COMPLETED:
        ended = case.relation_ended_on
        tail = f"转出地原参保关系已于{chinese_date(ended)}终止" if ended else "转出地正在终止原参保关系"
        return f"已于{since}转入完成，{tail}"
    if case.state is CaseState.WITHDRAWN and case.forwarding and "next_rlts_traf_id" in case.forwarding:
        return f"由新的办件继续办理，本办件已于{since}结束，转出地的参保关系保持原状"
    texts = {
        CaseState.ACCEPTED: f"{since}已受理，等待转出地办理",
        CaseState.OUTBOUND_PROCESSING: f"转出地自{since}起正在办理转出",
        CaseState.SHEET_ISSUED: f"转出地已于{since}出具信息表，正在送往转入地",
        CaseState.INBOUND_PROCESSING: f"信息表已于{since}送达转入地，正在核对",
        CaseState.RETURNED: f"转入地已于{since}退回信息表，由转出地更正后重新出具，无需您重新申请",
        CaseState.WITHDRAWN: f"申请已于{since}撤销，参保关系保持原状",
        CaseState.TERMINATED: f"办件已于{since}终止，经转出地、转入地双方确认，关系不再转移",
    }
    return texts[case.state]


def _forwarding_texts(case: Case) -> list[str]:
    """That another area was put in the place of the one applied for, where one was."""
    if case.forwarding is None:
        return []
    told = case.forwarding
    on = chinese_date(local_date(datetime.fromisoformat(told["at"])))
    return [f"{_SIDE_NAMES[told['side']]}选择有误，已于{on}转办至{told['to_name']}（{told['to_admdvs']}）"]


def _correction_texts(case: Case) -> list[str]:
    """What became of a version that was sealed after the completion, where there is one."""
    if case.correction_state is None:
        return []
    sheet = f"更正的第{case.sheet_version}版信息表"
    synced_on = "" if case.corrected_at is None else chinese_date(local_date(case.corrected_at))
    texts = {
        CorrectionState.UNDER_WAY: f"{sheet}正在转入地核对",
        CorrectionState.RETURNED: f"{sheet}已由转入地退回，由转出地再次更正",
        CorrectionState.SYNCED: f"{sheet}已于{synced_on}同步",
    }
    return [texts[case.correction_state]]


def _checking_text(case: Case) -> str:
    applied = chinese_date(local_date(case.applied_at))
    if not case.unknown_sides:
        return f"{applied}已提交申请，转出地、转入地正在校验"
    waiting = "；".join(_waiting_text(case, side) for side in case.unknown_sides)
    again = "系统会自动再次查询"
    if case.next_check_at is not None:
        again = f"系统将于{_chinese_minute(case.next_check_at)}再次查询"
    return f"{applied}已提交申请，正在校验：{waiting}，{again}，申请不会因此被拒绝"


def _waiting_text(case: Case, side: str) -> str:
    """Which side, since when, and why, where the last round of questions has said so."""
    told = [each for each in (case.decision or {}).get("unknown", ()) if each["side"] == side]
    if not told:
        return f"{_SIDE_NAMES[side]}尚未给出明确答复"
    since = _chinese_minute(datetime.fromisoformat(min(each["since"] for each in told)))
    why = "；".join(dict.fromkeys(each["note"] for each in told))
    return f"{_SIDE_NAMES[side]}自{since}起尚未给出明确答复（{why}）"


def _chinese_minute(instant: datetime) -> str:
    local = instant.astimezone(SHANGHAI)
    return f"{chinese_date(local.date())}{local:%H:%M}"
