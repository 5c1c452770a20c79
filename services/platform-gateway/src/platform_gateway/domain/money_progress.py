"""The progress of the money in plain Chinese, with the dates of the bank (N9, N10)."""

from collections.abc import Mapping, Sequence

from platform_gateway.domain.case import Case
from platform_gateway.domain.money import MoneyFact, MoneyFactKind, MoneyState
from platform_gateway.domain.progress import RunningClocks, chinese_date, due_texts
from platform_gateway.domain.states import CaseState
from shared.contracts.codes import AcctDisposition, MoneyPath
from shared.law import law
from shared.money import format_yuan

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

_PATHS: Mapping[MoneyPath, str] = {
    MoneyPath.NONE: "不涉及划转",
    MoneyPath.RETAINED_AT_OUTBOUND: "余额留存转出地，不再划转",
    MoneyPath.RETURN_TO_OUTBOUND: "已划出的余额退回转出地",
}

_TELLING: Mapping[MoneyState, tuple[MoneyFactKind, str]] = {
    MoneyState.PAID: (MoneyFactKind.PAID, "转出地已于{on}划出，等待转入地收款"),
    MoneyState.RECEIVED: (MoneyFactKind.RECEIVED, "转入地已于{on}收到，正在与信息表核对"),
    MoneyState.MATCHED: (MoneyFactKind.MATCHED, "已于{on}核对一致，等待记入个人账户"),
    MoneyState.CREDITED: (MoneyFactKind.CREDITED, "已于{on}记入个人账户"),
    MoneyState.RETURNED_TO_PAYER: (MoneyFactKind.RETURNED, "款项已于{on}退回转出地，由转出地核实后重新划转"),
    MoneyState.SETTLED_OTHERWISE: (MoneyFactKind.SETTLED_OTHERWISE, "已于{on}按其他方式处理"),
}
"""States with the fact whose latest date the applicant is told."""

_SETTLED: Mapping[AcctDisposition | None, str] = {
    AcctDisposition.REFUNDED_TO_PERSON: "余额已于{on}由转出地退给本人",
    AcctDisposition.RETAINED_AT_OUTBOUND: "已于{on}办理完毕，余额留在原个人账户，不需划转",
}


@law("N9-2", "N10")
def money_line(case: Case, amount: int | None, facts: Sequence[MoneyFact], clocks: RunningClocks) -> str:
    """Where the balance stands; ``amount`` in fen from the latest sheet, ``None`` before the first."""
    if case.state in (CaseState.REFUSED, CaseState.WITHDRAWN):
        return "个人账户：不涉及划转。"
    if case.money_path is not None:
        return f"个人账户：{_PATHS[case.money_path]}。"
    stated = [f"金额{format_yuan(amount)}元"] if amount else []
    return f"个人账户：{'，'.join([_text(case, facts), *stated, *due_texts('应于', clocks.payment)])}。"


def _text(case: Case, facts: Sequence[MoneyFact]) -> str:
    state = case.money_state
    if state is MoneyState.UNKNOWN:
        return "金额待定，以转出地出具的信息表为准"
    if state is MoneyState.AWAITING_PAYMENT and case.acct_disposition is not AcctDisposition.TRANSFER:
        return _not_transferred(case)
    if state is MoneyState.AWAITING_PAYMENT:
        return "待转出地划转"
    if state is MoneyState.MISMATCHED:
        return "款项与信息表不一致，经办机构正在核对，核对清楚前不记入个人账户"
    if state not in _TELLING:
        return MONEY_NAMES[state]
    kind, telling = _TELLING[state]
    if state is MoneyState.SETTLED_OTHERWISE:
        telling = _SETTLED.get(case.acct_disposition, telling)
    on = max((fact.on for fact in facts if fact.kind is kind), default=None)
    return telling.format(on=chinese_date(on)) if on else MONEY_NAMES[state]


def _not_transferred(case: Case) -> str:
    if case.acct_disposition is AcctDisposition.REFUNDED_TO_PERSON:
        return "余额不划转，由转出地退给本人"
    return "余额留在原个人账户，不需划转，按账户所在地规定使用"
