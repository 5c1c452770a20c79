"""The progress in plain Chinese: one line for the relation, one for the money (N9, N10)."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from platform_gateway.domain.case import Case
from platform_gateway.domain.money import MoneyState
from platform_gateway.domain.states import CaseState
from shared.clock import local_date
from shared.contracts.codes import AcctDisposition, MoneyPath

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

MONEY_NAMES: Mapping[MoneyState, str] = {
    MoneyState.UNKNOWN: "金额待定",
    MoneyState.NONE: "无需划转",
    MoneyState.AWAITING_PAYMENT: "待划转",
    MoneyState.PAID: "转出地已划出",
    MoneyState.RECEIVED: "转入地已收到",
    MoneyState.MATCHED: "已核对一致",
    MoneyState.CREDITED: "已记入个人账户",
    MoneyState.MISMATCHED: "金额待核对",
    MoneyState.RETURNED_TO_PAYER: "款项已退回转出地",
    MoneyState.SETTLED_OTHERWISE: "已按其他方式处理",
}

_MONEY_PATHS: Mapping[MoneyPath, str] = {
    MoneyPath.NONE: "不涉及划转",
    MoneyPath.RETAINED_AT_OUTBOUND: "余额留存转出地，不再划转",
    MoneyPath.RETURN_TO_OUTBOUND: "已划出的余额退回转出地",
}

_SIDE_NAMES = {"outbound": "转出地", "inbound": "转入地"}


@dataclass(frozen=True, slots=True)
class StageDue:
    """The due date of the stage that is running, in Asia/Shanghai."""

    on: date
    is_provisional: bool
    is_overdue: bool


def relation_line(case: Case, due: StageDue | None) -> str:
    """Where the relation stands, since when, and until when the next step is due."""
    return f"医保关系：{_relation_text(case)}{_due_text(due)}。"


def money_line(case: Case, amount: int | None) -> str:
    """Where the balance stands; ``amount`` in fen from the latest sheet, ``None`` before the first."""
    return f"个人账户：{_money_text(case, amount)}。"


def chinese_date(day: date) -> str:
    """``2026年3月2日``."""
    return f"{day.year}年{day.month}月{day.day}日"


def _relation_text(case: Case) -> str:
    since = chinese_date(local_date(case.state_since))
    if case.state is CaseState.CHECKING:
        waiting = "、".join(_SIDE_NAMES[side] for side in case.unknown_sides)
        return f"申请已提交，正在校验，{waiting or '转出地、转入地'}尚未答复，系统会自动再次查询"
    if case.state is CaseState.REFUSED:
        return f"{since}不予受理，原因：" + "；".join(f"{each['title']}，{each['remedy']}" for each in case.reasons)
    texts = {
        CaseState.ACCEPTED: f"{since}已受理，等待转出地办理",
        CaseState.OUTBOUND_PROCESSING: f"转出地自{since}起正在办理转出",
        CaseState.SHEET_ISSUED: f"转出地已于{since}出具信息表",
        CaseState.INBOUND_PROCESSING: f"信息表已于{since}送达转入地，正在核对",
        CaseState.RETURNED: f"转入地已于{since}退回信息表，由转出地更正",
        CaseState.COMPLETED: f"已于{since}转入完成",
        CaseState.WITHDRAWN: f"申请已于{since}撤销，参保关系保持原状",
        CaseState.TERMINATED: f"办件已于{since}终止",
    }
    return texts[case.state]


def _due_text(due: StageDue | None) -> str:
    if due is None:
        return ""
    provisional = "（暂定，以公布的节假日安排为准）" if due.is_provisional else ""
    overdue = "，目前已超期" if due.is_overdue else ""
    return f"，应于{chinese_date(due.on)}前办结{provisional}{overdue}"


def _money_text(case: Case, amount: int | None) -> str:
    if case.state in (CaseState.REFUSED, CaseState.WITHDRAWN):
        return "不涉及划转"
    if case.money_path is not None:
        return _MONEY_PATHS[case.money_path]
    if case.money_state is MoneyState.AWAITING_PAYMENT and case.acct_disposition is not AcctDisposition.TRANSFER:
        return "转入地无个人账户可记入，余额由转出地按规定处理"
    known = amount is not None and amount > 0
    stated = f"，金额{amount // 100}.{amount % 100:02d}元" if known and amount is not None else ""
    return f"{MONEY_NAMES[case.money_state]}{stated}"
