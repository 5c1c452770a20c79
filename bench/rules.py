"""What a decision costs, each against a floor of the same run: one line a rule. Needs neither Kafka nor PostgreSQL."""

import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from rich import box
from rich.table import Table

from bench.benefit_rules import (
    assess_thirty_years,
    decide_open_benefits,
    look_up_in_a_table,
    look_up_policy,
    read_facts_and_write_outcomes,
    read_thirty_years,
)
from bench.eligibility_rules import decide_eligibility, parse_facts
from bench.sheet_rules import check_sixty_rows, make_and_check_sixty_rows, read_and_write_sixty_rows

_ROUNDS, _ROUND_SECONDS = 5, 0.1
_MICRO = 1_000_000

Work = Callable[[], object]


@dataclass(frozen=True, slots=True)
class Rule:
    """Something to decide with its aim in seconds; ``floor`` does what nobody can do without."""

    name: str
    decide: Work
    aim_seconds: float
    floor: Work
    floor_name: str


@dataclass(frozen=True, slots=True)
class RuleSpeed:
    """What one decision took, and what its floor took in the same run, in seconds."""

    rule: Rule
    seconds: float
    floor_seconds: float

    @property
    def ratio(self) -> float:
        """How many times the floor."""
        return self.seconds / self.floor_seconds


RULES = (
    Rule("是否符合转移条件：两地校验和结论", decide_eligibility, 0.0002, parse_facts, "读入两地事实"),
    Rule(
        "信息表60行：由300条缴费记录生成并核对",
        make_and_check_sixty_rows,
        0.005,
        read_and_write_sixty_rows,
        "读入记录、写出信息表",
    ),
    Rule("信息表60行：只核对", check_sixty_rows, 0.005, read_and_write_sixty_rows, "读入记录、写出信息表"),
    Rule(
        "待遇衔接：中断3个月未补缴，逐一按各释义再决定",
        decide_open_benefits,
        0.0002,
        read_facts_and_write_outcomes,
        "读入事实、写出各结论",
    ),
    Rule("地区政策查询：已查过的地区和日期", look_up_policy, 0.00001, look_up_in_a_table, "查一次表"),
    Rule("缴费年限：逐月缴费30年", assess_thirty_years, 0.001, read_thirty_years, "读入缴费月"),
)


def measure_rules(rules: Sequence[Rule] = RULES) -> list[RuleSpeed]:
    """Every rule and its floor by turns, in processor time; the best round counts, for others use the machine too."""
    return [RuleSpeed(rule, *_best_of(rule.decide, rule.floor)) for rule in rules]


def rule_figures(found: Sequence[RuleSpeed]) -> Table:
    """A line for each rule."""
    table = Table(title="规则用时", title_justify="left", box=box.SIMPLE_HEAVY)
    for name in ("规则", "微秒", "目标", "下限（微秒）", "为下限的倍数"):
        table.add_column(name, justify="left" if name == "规则" else "right")
    for each in found:
        aim = f"{each.rule.aim_seconds * _MICRO:.0f}{'' if each.seconds <= each.rule.aim_seconds else ' 未达到'}"
        floor = f"{_micro(each.floor_seconds)} {each.rule.floor_name}"
        table.add_row(each.rule.name, _micro(each.seconds), aim, floor, f"{each.ratio:.2f}")
    return table


def _micro(seconds: float) -> str:
    micro = seconds * _MICRO
    return f"{micro:.0f}" if micro >= 10 else f"{micro:.2f}"


def _best_of(*works: Work) -> list[float]:
    best = [float("inf")] * len(works)
    for _ in range(_ROUNDS):
        best = [min(before, _seconds_each(work)) for before, work in zip(best, works, strict=True)]
    return best


def _seconds_each(work: Work) -> float:
    times, began = 0, time.process_time()
    while (passed := time.process_time() - began) < _ROUND_SECONDS or not times:
        work()
        times += 1
    return passed / times
