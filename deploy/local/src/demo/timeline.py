"""What happened to a case and when, from the platform's history and the facts about its money."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from demo.case_run import CaseRun, Json

_LAST = "办结"
_COMMANDS = {
    "accept": "受理",
    "refuse": "不予受理",
    "withdraw": "撤销",
    "return_sheet": "退回更正",
    "complete": "关系转入",
    "relation_ended": "转出地关系终止",
    "closed": _LAST,
}
_MONEY = {
    "paid": "划出",
    "received": "到账",
    "matched": "核对一致",
    "credited": "记入个人账户",
    "returned": "退汇",
    "settled_otherwise": "余额另行处理",
}


@dataclass(frozen=True, slots=True)
class Happened:
    """``name`` at the instant ``at``, ``after_seconds`` since the application."""

    name: str
    at: datetime
    after_seconds: float


def timeline(run: CaseRun) -> list[Happened]:
    """Everything in order of time; empty where no case arose."""
    if not run.transfer:
        return []
    applied_at = datetime.fromisoformat(run.transfer["applied_at"])
    found = [*_relation(run.history), *_money(run.transfer["money"]["facts"])]
    found.sort(key=lambda each: (each[1], each[0] == _LAST))
    return [Happened(name, at, (at - applied_at).total_seconds()) for name, at in found]


def _relation(history: list[Json]) -> Iterator[tuple[str, datetime]]:
    version = 0
    for line in history:
        at = datetime.fromisoformat(line["at"])
        if not line["is_allowed"]:
            continue
        if line["command"] == "take_sheet" and line["to_state"] == "sheet_issued":
            version += 1
            yield f"信息表第{version}版", at
        elif line["command"] in _COMMANDS:
            yield _COMMANDS[line["command"]], at


def _money(facts: list[Json]) -> Iterator[tuple[str, datetime]]:
    for fact in facts:
        yield _MONEY.get(fact["kind"], str(fact["kind"])), datetime.fromisoformat(fact["recorded_at"])
