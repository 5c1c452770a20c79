"""What is told of a case, and what counts as not as expected."""

from datetime import date
from typing import Any

import pytest

from demo.books import DailyReport, MoneyOverall, book_deviations
from demo.case_run import CaseRun
from demo.reasons import reasons_of
from demo.scenario import load_scenarios
from demo.summary import Outcome, summary
from demo.timeline import timeline

SCENARIOS = {each.letter: each for each in load_scenarios(date(2026, 3, 31))}


def transfer(**changes: Any) -> dict[str, Any]:
    return {
        "applied_at": "2026-03-31T01:00:00Z",
        "state": "completed",
        "money_state": "credited",
        "closed_at": None,
        "sheets": [],
        "money": {"facts": [], "acct_disposition": "transfer"},
    } | changes


def line(command: str, second: int, to_state: str = "x", *, is_allowed: bool = True) -> dict[str, Any]:
    at = f"2026-03-31T01:00:{second:02d}Z"
    return {"command": command, "at": at, "to_state": to_state, "is_allowed": is_allowed}


def test_timeline_orders_relation_and_money_and_numbers_versions() -> None:
    run = CaseRun(SCENARIOS["f"], "r")
    fact = {"kind": "received", "recorded_at": "2026-03-31T01:00:03Z"}
    run.transfer = transfer(money={"facts": [fact]})
    run.history = [
        line("accept", 1),
        line("take_sheet", 2, "outbound_processing"),
        line("take_sheet", 2, "sheet_issued"),
        line("withdraw", 3, is_allowed=False),
        line("return_sheet", 4),
        line("take_sheet", 5, "sheet_issued"),
        line("closed", 6),
        line("relation_ended", 6),
    ]
    names = [each.name for each in timeline(run)]
    assert names == ["受理", "信息表第1版", "到账", "退回更正", "信息表第2版", "转出地关系终止", "办结"]
    assert timeline(run)[2].after_seconds == 3


def test_reasons_name_remedy_and_article_and_the_other_client() -> None:
    run = CaseRun(SCENARIOS["e"], "r")
    reason = {"code": "A08", "title": "已有", "remedy": "先撤销", "articles": ["design"], "note": None}
    run.answers = [{"outcome": "accepted", "reasons": []}, {"outcome": "refused", "reasons": [reason]}]
    assert reasons_of(run) == ["另一终端：A08：已有。先撤销【本系统设计】"]


def report(**changes: Any) -> DailyReport:
    document = {"adds_up": True, "accounts": [], "sections": [], **changes}
    return DailyReport("370100", date(2026, 3, 31), document, b"")


def test_a_report_that_does_not_add_up_is_a_deviation() -> None:
    assert book_deviations([report()], [], {}) == []
    assert book_deviations([report(adds_up=False)], [], {}) != []


@pytest.mark.parametrize(("received", "differences", "adds_up"), [(100, 0, True), (99, -1, True), (99, 0, False)])
def test_what_left_is_what_came_and_what_is_missing(received: int, differences: int, adds_up: bool) -> None:
    assert MoneyOverall(100, received, differences, 0).adds_up is adds_up


def test_one_deviation_spoils_the_summary() -> None:
    run = CaseRun(SCENARIOS["a"], "r")
    fine = Outcome([run], [], MoneyOverall(0, 0, 0, 0), [], [], 1.0)
    assert summary(fine)["is_as_expected"]
    run.deviations.append("资金状态为 paid，应为 credited")
    assert summary(fine)["deviations"] == ["情形 a：资金状态为 paid，应为 credited"]
    assert not summary(fine)["is_as_expected"]
