"""``make demo`` as anybody runs it: a process, its output, what it leaves behind."""

import json
import os
import re
import signal
import subprocess
import sys
import time
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

import psutil
import pytest

from demo.scenario import load_scenarios
from stack.postgres import left_running

pytestmark = pytest.mark.stack

_AT_MOST_SECONDS = 240
_CASE = re.compile(r"^[2-9A-HJ-NP-Z]{16}$")
_PEOPLE = [each.person for each in load_scenarios(date(2026, 3, 31))]


@dataclass(frozen=True)
class Given:
    """One run of the demo."""

    returncode: int
    output: str
    state: Path

    @property
    def out(self) -> Path:
        return self.state / "out"

    @property
    def summary(self) -> dict[str, Any]:
        document: dict[str, Any] = json.loads((self.out / "summary.json").read_text(encoding="utf-8"))
        return document

    def scenario(self, letter: str) -> dict[str, Any]:
        return next(each for each in self.summary["scenarios"] if each["letter"] == letter)

    def happened(self, letter: str) -> list[str]:
        return [each["name"] for each in self.scenario(letter)["timeline"]]


def start(state: Path) -> subprocess.Popen[str]:
    return subprocess.Popen(
        [sys.executable, "-m", "demo", "--state", str(state)],
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        encoding="utf-8",
        env={**os.environ, "PYTHONIOENCODING": "utf-8"},
    )


@pytest.fixture(scope="module")
def given(tmp_path_factory: pytest.TempPathFactory) -> Given:
    state = tmp_path_factory.mktemp("demo")
    process = start(state)
    try:
        output, _ = process.communicate(timeout=_AT_MOST_SECONDS)
    finally:
        process.send_signal(signal.SIGTERM)
        process.wait(30)
    return Given(process.returncode, output, state)


@pytest.mark.law("N annex 1", "N annex 2")
def test_everything_comes_out_as_the_scenarios_say(given: Given) -> None:
    assert given.returncode == 0, given.output[-4000:]
    assert given.summary["deviations"] == []
    assert [each["letter"] for each in given.summary["scenarios"]] == [
        "a",
        "b",
        "c",
        "d",
        "e",
        "f",
        "g",
        "h",
        "i",
        "i2",
        "j",
        "k",
        "l",
        "m",
        "n",
        "o",
    ]


@pytest.mark.parametrize("letter", ["a", "b", "e", "f", "g", "i", "o"])
def test_the_balance_is_credited_and_the_case_closed(given: Given, letter: str) -> None:
    scenario = given.scenario(letter)
    assert (scenario["outcome"], scenario["relation"], scenario["money"]) == ("accepted", "completed", "credited")
    assert scenario["is_closed"]
    assert _CASE.match(scenario["rlts_traf_id"])
    assert {"受理", "关系转入", "划出", "到账", "核对一致", "记入个人账户", "办结"} <= set(given.happened(letter))


def test_without_an_account_no_money_moves(given: Given) -> None:
    scenario = given.scenario("c")
    assert (scenario["relation"], scenario["money"], scenario["is_closed"]) == ("completed", "none", True)
    assert scenario["amount"] == "0.00"
    assert "划出" not in given.happened("c")


def test_both_reasons_come_at_once_with_remedy_and_article(given: Given) -> None:
    scenario = given.scenario("d")
    assert (scenario["outcome"], scenario["reasons"]) == ("refused", ["A01", "A02"])
    assert all("请先在" in why and "【N5-1、N7】" in why for why in scenario["why"])


def test_of_two_clients_at_once_exactly_one_is_not_refused(given: Given) -> None:
    assert given.scenario("e")["refused_beside"] == ["A08"]


def test_a_returned_sheet_comes_again_and_both_versions_are_kept(given: Given) -> None:
    scenario = given.scenario("f")
    assert scenario["sheet_versions"] == [1, 2]
    names = given.happened("f")
    assert names.index("信息表第1版") < names.index("退回更正") < names.index("信息表第2版")
    texts = [(given.out / f"{scenario['rlts_traf_id']}-v{version}.sheet.json").read_bytes() for version in (1, 2)]
    assert texts[0] != texts[1]


def test_money_before_the_sheet_waits_and_is_matched_then(given: Given) -> None:
    assert given.scenario("g")["suspense_before_sheet"] == ["awaiting_sheet"]
    names = given.happened("g")
    assert names.index("到账") < names.index("信息表第1版") < names.index("核对一致")


def test_one_fen_less_stays_in_suspense_and_the_demo_says_why(given: Given) -> None:
    scenario = given.scenario("h")
    assert (scenario["money"], scenario["is_closed"], scenario["suspense"]) == ("mismatched", False, ["amount_differs"])
    assert "差额-0.01元" in scenario["why"][0]
    assert "4321.08 元，金额与信息表不一致" in given.output


def test_an_employer_applies_for_its_own_people_only(given: Given) -> None:
    assert given.scenario("i2")["reasons"] == ["A10"]


def test_a_withdrawal_leaves_nothing_behind(given: Given) -> None:
    scenario = given.scenario("j")
    assert (scenario["relation"], scenario["sheet_versions"]) == ("withdrawn", [])
    assert given.happened("j") == ["受理", "撤销"]


def test_inside_jinan_nothing_needs_to_be_done(given: Given) -> None:
    scenario = given.scenario("k")
    assert (scenario["outcome"], scenario["rlts_traf_id"], scenario["reasons"]) == ("not_needed", None, ["A05"])
    assert "增员、减员" in scenario["why"][0]


def test_a_balance_without_an_account_to_go_to_is_settled_otherwise(given: Given) -> None:
    scenario = given.scenario("l")
    assert (scenario["money"], scenario["is_closed"]) == ("settled_otherwise", True)
    assert "划出" not in given.happened("l")


@pytest.mark.law("N11-1", "N11-2", "N12", "S54-3", "S54-4", "S54-6")
@pytest.mark.parametrize(
    ("letter", "rule", "cited", "said"),
    [
        ("m", "switch_long_gap", "N11", "中断3个月以上"),
        ("n", "switch_long_gap", "S54-4", "等待期3个月"),
        ("o", "no_gap", "S54-6", "已达到所要求的年限"),
    ],
)
def test_decisions_on_benefits_and_years_are_explained_with_articles(
    given: Given, letter: str, rule: str, cited: str, said: str
) -> None:
    scenario = given.scenario(letter)
    assert scenario["benefits_rule"] == rule
    why = "\n".join(scenario["why"])
    assert cited in why
    assert said in why
    assert scenario["is_years_reached"] is (letter == "o")


def test_books_tie(given: Given) -> None:
    assert all(report["adds_up"] for report in given.summary["books"])
    told = [day for report in given.summary["books"] for day in report["accounts"] if day["is_told"]]
    assert len(told) == 5
    assert all(day["closing_balance"] == day["books_balance"] for day in told)
    assert given.summary["money"] == {
        "paid": "47309.16",
        "received": "47309.15",
        "differences": "-0.01",
        "in_suspense": "4321.08",
        "adds_up": True,
    }


def test_every_sheet_verifies_from_what_was_left_alone(given: Given) -> None:
    sheets = sorted(given.out.glob("*.sheet.json"))
    assert len(sheets) == 13
    changed = given.state / "changed.sheet.json"
    changed.write_bytes(sheets[0].read_bytes().replace(b'"payload":"e', b'"payload":"f', 1))
    assert verify(given, sheets[0], sheets[0]) == 0
    assert verify(given, changed, sheets[0]) == 1


def verify(given: Given, sheet: Path, original: Path) -> int:
    arrival = original.with_name(original.name.replace(".sheet.", ".arrival."))
    files = ("--arrival", str(arrival), "--registry", str(given.out / "registry.json"))
    command = [sys.executable, "-m", "shared.verify", str(sheet), *files]
    return subprocess.run([*command, "--root-key", str(given.out / "root.pem")], capture_output=True).returncode


def test_leaves_reports_and_bank_files(given: Given) -> None:
    names = {path.name.partition(".")[2] for path in (given.out / "bank").iterdir()}
    assert names == {"camt053.xml", "ccb.csv"}
    reports = list((given.out / "reconciliation").iterdir())
    assert {path.suffix for path in reports} == {".json", ".csv"}
    assert len(reports) == 8
    assert (given.out / "result.html").stat().st_size > 1000


def test_no_certificate_number_stands_in_any_output_log_or_bank_file(given: Given) -> None:
    texts = {"output": given.output}
    kept = [*(given.state / "logs").rglob("*.log"), *given.out.rglob("*.csv"), *given.out.rglob("*.xml")]
    kept += [given.out / "summary.json", given.out / "result.html", *(given.out / "reconciliation").iterdir()]
    texts |= {str(path): path.read_text(encoding="utf-8", errors="replace") for path in kept}
    assert any("outbound" in name for name in texts)
    found = [(name, person.psn_name) for name, text in texts.items() for person in _PEOPLE if person.certno in text]
    assert found == []
    logs = "".join(text for name, text in texts.items() if name.endswith(".log"))
    assert [person.psn_name for person in _PEOPLE if person.psn_name in logs] == []


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_stops_everything_when_it_is_told_to(tmp_path: Path, number: signal.Signals) -> None:
    process = start(tmp_path / "state")
    try:
        children = _wait_for_children(process.pid, at_least=5)
        process.send_signal(number)
        process.send_signal(number)
        output, _ = process.communicate(timeout=60)
    finally:
        process.kill()
        process.wait()
    assert process.returncode == 130, output
    gone, alive = psutil.wait_procs(children, timeout=10)
    assert alive == []
    assert len(gone) >= 5
    # The database server has left its parent, and is not among the children.
    assert left_running(tmp_path / "state" / "postgres") is None


def _wait_for_children(pid: int, *, at_least: int) -> list[psutil.Process]:
    deadline = time.monotonic() + 90
    parent = psutil.Process(pid)
    found: list[psutil.Process] = []
    while len(found := parent.children(recursive=True)) < at_least:
        assert time.monotonic() < deadline, "the stack's processes do not appear"
        time.sleep(0.05)
    return found
