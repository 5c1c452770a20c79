"""What the applicant reads, for every state of both tracks."""

from dataclasses import replace
from datetime import UTC, date, datetime
from typing import Any

import pytest

from platform_gateway.domain.case import Case
from platform_gateway.domain.money import MoneyFact, MoneyFactKind, MoneyState
from platform_gateway.domain.money_progress import MONEY_NAMES, money_line
from platform_gateway.domain.progress import STATE_NAMES, RunningClocks, StageDue, relation_line
from platform_gateway.domain.states import CaseState
from shared.contracts.codes import AcctDisposition, MoneyPath

pytestmark = pytest.mark.law("N9-1", "N9-2", "N10")

# 20:00 UTC is the next day in Shanghai.
CASE = Case(
    rlts_traf_id="X",
    lodged={},
    person_key="k",
    trafout_admdvs="370100",
    trafin_admdvs="510100",
    trafout_insutype="310",
    trafin_insutype="310",
    applicant_subject="s",
    applied_at=datetime(2026, 3, 1, 20, tzinfo=UTC),
    state=CaseState.CHECKING,
    state_since=datetime(2026, 3, 2, 20, tzinfo=UTC),
    acct_disposition=AcctDisposition.TRANSFER,
)
ON_TIME = StageDue(date(2026, 3, 16), is_provisional=False, is_overdue=False)
LATE = StageDue(date(2026, 3, 2), is_provisional=True, is_overdue=True)
REASON = {"title": "转出地未中止参保", "remedy": "请先办理减员。"}
S = CaseState

RELATION: list[tuple[CaseState, dict[str, Any], str]] = [
    (S.CHECKING, {}, "2026年3月2日已提交申请，转出地、转入地正在校验"),
    (
        S.CHECKING,
        {"unknown_sides": ("inbound",)},
        "2026年3月2日已提交申请，正在校验：转入地尚未给出明确答复，系统会自动再次查询，申请不会因此被拒绝",
    ),
    (
        S.CHECKING,
        {
            "unknown_sides": ("inbound",),
            "decision": {
                "unknown": [
                    {"side": "inbound", "code": "A02", "note": "参保信息不是最新", "since": "2026-03-02T01:30:00+00:00"}
                ]
            },
            "next_check_at": datetime(2026, 3, 2, 2, 5, tzinfo=UTC),
        },
        (
            "2026年3月2日已提交申请，正在校验：转入地自2026年3月2日09:30起尚未给出明确答复（参保信息不是最新），"
            "系统将于2026年3月2日10:05再次查询，申请不会因此被拒绝"
        ),
    ),
    (S.REFUSED, {"reasons": (REASON,)}, "2026年3月3日不予受理，原因：转出地未中止参保，请先办理减员"),
    (S.ACCEPTED, {}, "2026年3月3日已受理，等待转出地办理"),
    (
        S.ACCEPTED,
        {
            "forwarding": {
                "side": "outbound",
                "from_admdvs": "370200",
                "to_admdvs": "370100",
                "to_name": "济南市医疗保险事业中心",
                "at": "2026-03-01T20:00:00+00:00",
            }
        },
        "转出地选择有误，已于2026年3月2日转办至济南市医疗保险事业中心（370100），2026年3月3日已受理，等待转出地办理",
    ),
    (S.OUTBOUND_PROCESSING, {}, "转出地自2026年3月3日起正在办理转出"),
    (S.SHEET_ISSUED, {}, "转出地已于2026年3月3日出具信息表，正在送往转入地"),
    (S.INBOUND_PROCESSING, {}, "信息表已于2026年3月3日送达转入地，正在核对"),
    (S.RETURNED, {}, "转入地已于2026年3月3日退回信息表，由转出地更正后重新出具，无需您重新申请"),
    (S.COMPLETED, {}, "已于2026年3月3日转入完成，转出地正在终止原参保关系"),
    (
        S.COMPLETED,
        {"relation_ended_on": date(2026, 3, 4)},
        "已于2026年3月3日转入完成，转出地原参保关系已于2026年3月4日终止",
    ),
    (S.WITHDRAWN, {}, "申请已于2026年3月3日撤销，参保关系保持原状"),
    (S.TERMINATED, {}, "办件已于2026年3月3日终止，经转出地、转入地双方确认，关系不再转移"),
]


@pytest.mark.parametrize(("state", "changes", "expected"), RELATION)
def test_relation(state: CaseState, changes: dict[str, Any], expected: str) -> None:
    case = replace(CASE, state=state, **changes)
    assert relation_line(case, RunningClocks()) == f"医保关系：{expected}。"


def test_every_state_has_its_sentence() -> None:
    assert {state for state, *_ in RELATION} == set(CaseState) == set(STATE_NAMES)


def test_due_dates_of_stage_and_whole_and_what_is_late() -> None:
    case = replace(CASE, state=S.ACCEPTED)
    assert relation_line(case, RunningClocks(stage=LATE, total=ON_TIME)) == (
        "医保关系：2026年3月3日已受理，等待转出地办理，"
        "本环节应于2026年3月2日前（含当日）办结（暂定，以公布的节假日安排为准），目前已超期，全程应于2026年3月16日前（含当日）办结。"
    )


def fact(kind: MoneyFactKind, day: int) -> MoneyFact:
    return MoneyFact(kind, 123450, date(2026, 3, day), "1")


M, K = MoneyState, MoneyFactKind
MONEY: list[tuple[MoneyState, list[MoneyFact], str]] = [
    (M.UNKNOWN, [], "金额待定，以转出地出具的信息表为准"),
    (M.NONE, [], "无需划转"),
    (M.AWAITING_PAYMENT, [], "待转出地划转，金额1234.50元"),
    (M.PAID, [fact(K.PAID, 5), fact(K.PAID, 9)], "转出地已于2026年3月9日划出，等待转入地收款，金额1234.50元"),
    (M.RECEIVED, [fact(K.RECEIVED, 6)], "转入地已于2026年3月6日收到，正在与信息表核对，金额1234.50元"),
    (M.MATCHED, [fact(K.MATCHED, 6)], "已于2026年3月6日核对一致，等待记入个人账户，金额1234.50元"),
    (M.CREDITED, [fact(K.CREDITED, 7)], "已于2026年3月7日记入个人账户，金额1234.50元"),
    (
        M.MISMATCHED,
        [],
        "款项与信息表不一致，经办机构正在核对，核对清楚前不记入个人账户，金额1234.50元",
    ),
    (
        M.RETURNED_TO_PAYER,
        [fact(K.RETURNED, 8)],
        "款项已于2026年3月8日退回转出地，由转出地核实后重新划转，金额1234.50元",
    ),
    (M.SETTLED_OTHERWISE, [fact(K.SETTLED_OTHERWISE, 8)], "已于2026年3月8日按其他方式处理，金额1234.50元"),
]


@pytest.mark.parametrize(("state", "facts", "expected"), MONEY)
def test_money(state: MoneyState, facts: list[MoneyFact], expected: str) -> None:
    case = replace(CASE, state=S.INBOUND_PROCESSING, money_state=state)
    amount = None if state is M.UNKNOWN else 0 if state is M.NONE else 123450
    assert money_line(case, amount, facts, RunningClocks()) == f"个人账户：{expected}。"


def test_every_state_of_the_money_has_its_sentence() -> None:
    assert {state for state, *_ in MONEY} == set(MoneyState) == set(MONEY_NAMES)


@pytest.mark.parametrize(
    ("changes", "clocks", "expected"),
    [
        ({"state": S.REFUSED}, RunningClocks(), "不涉及划转"),
        ({"state": S.WITHDRAWN}, RunningClocks(), "不涉及划转"),
        ({"money_path": MoneyPath.RETURN_TO_OUTBOUND}, RunningClocks(), "已划出的余额退回转出地"),
        (
            {"money_state": M.AWAITING_PAYMENT, "acct_disposition": AcctDisposition.REFUNDED_TO_PERSON},
            RunningClocks(),
            "余额不划转，由转出地退给本人",
        ),
        (
            {"money_state": M.AWAITING_PAYMENT, "acct_disposition": AcctDisposition.RETAINED_AT_OUTBOUND},
            RunningClocks(),
            "余额留在原个人账户，不需划转，按账户所在地规定使用",
        ),
        (
            {"money_state": M.AWAITING_PAYMENT},
            RunningClocks(payment=ON_TIME),
            "待转出地划转，应于2026年3月16日前（含当日）办结",
        ),
    ],
)
def test_money_that_takes_another_way(changes: dict[str, Any], clocks: RunningClocks, expected: str) -> None:
    assert money_line(replace(CASE, **changes), None, [], clocks) == f"个人账户：{expected}。"


@pytest.mark.parametrize(
    ("disposition", "expected"),
    [
        (AcctDisposition.REFUNDED_TO_PERSON, "余额已于2026年3月8日由转出地退给本人"),
        (AcctDisposition.RETAINED_AT_OUTBOUND, "已于2026年3月8日办理完毕，余额留在原个人账户，不需划转"),
    ],
)
def test_tells_where_a_balance_is_that_was_not_transferred(disposition: AcctDisposition, expected: str) -> None:
    case = replace(CASE, state=S.COMPLETED, money_state=M.SETTLED_OTHERWISE, acct_disposition=disposition)
    settled = [fact(K.SETTLED_OTHERWISE, 8)]
    assert money_line(case, 123450, settled, RunningClocks()) == f"个人账户：{expected}，金额1234.50元。"
