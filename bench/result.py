"""What came out, for people (a table) and for programs (JSON)."""

import re
from collections import Counter
from collections.abc import Callable, Sequence
from statistics import quantiles
from typing import Any

from rich import box
from rich.table import Table

from bench.counters import Samples
from bench.measurement import Measurement
from bench.plan import MODE_NAMES, Mode, Plan

AIMS = {Mode.SINGLE: 40, Mode.BULK: 100}
MEMORY_AIM_MIB = 150
_MILLISECONDS = 1000

_ROUTE = re.compile(r'method="([^"]+)",route="([^"]+)"')
_LOOP = re.compile(r'loop="([^"]+)"')

Row = tuple[str, Callable[[Measurement], str]]


def percentile(values: Sequence[float], percent: int) -> float:
    """The ``percent``-th percentile of ``values``."""
    return quantiles(values, n=100, method="inclusive")[percent - 1] if len(values) > 1 else values[0]


def figures(found: Sequence[Measurement]) -> Table:
    """The throughput, the answers, what a transfer costs, and the floor, a column for each mode."""
    table = Table(title="从申请到办结", title_justify="left", box=box.SIMPLE_HEAVY)
    table.add_column("")
    for each in found:
        table.add_column(MODE_NAMES[each.mode], justify="right")
    for name, show in _ROWS:
        table.add_row(name, *(show(each) for each in found))
    return table


def profile(found: Sequence[Measurement]) -> Table:
    """Where the processors' time went, and how much memory each process held at most."""
    table = Table(title="各进程用时与常驻内存", title_justify="left", box=box.SIMPLE_HEAVY)
    table.add_column("进程")
    for each in found:
        table.add_column(f"{MODE_NAMES[each.mode]} CPU 毫秒/件", justify="right")
        table.add_column("占比", justify="right")
        table.add_column("内存 MB", justify="right")
    for name in found[0].usage.cpu_seconds:
        cells = [cell for each in found for cell in _usage(each, name)]
        table.add_row(name, *cells)
    return table


def summary(plan: Plan, found: Sequence[Measurement]) -> dict[str, Any]:
    """Everything as JSON."""
    return {"seed": plan.seed, "modes": {each.mode.value: _summary(each) for each in found}}


def _summary(found: Measurement) -> dict[str, Any]:
    cases = len(found.closed)
    return {
        "cases": cases,
        "not_accepted": list(found.not_accepted),
        "money_states": Counter(each.money_state for each in found.closed),
        "seconds": round(found.seconds, 2),
        "transfers_per_second": round(found.per_second, 1),
        "aim": AIMS[found.mode],
        "floor_per_second": round(found.floor_per_second, 1),
        "floor_seconds": {
            "commits": found.floor.commits,
            "sends": found.floor.sends,
            "signing": found.floor.signing,
            "all": found.floor.seconds,
        },
        "ratio_to_floor": round(found.per_second / found.floor_per_second, 3),
        "cores_used": round(_cpu_seconds(found) / found.seconds, 2),
        "applying_seconds": round(found.applying_seconds, 2),
        "answer_ms": {f"p{p}": round(percentile(found.answer_seconds, p) * _MILLISECONDS, 1) for p in (50, 99)},
        "case_seconds": {f"p{p}": round(percentile([c.seconds for c in found.closed], p), 2) for p in (50, 99)},
        "imported_per_second": round(found.fed_records / found.feeding_seconds),
        "per_transfer": {
            "messages": found.counts.messages / cases,
            "records": found.counts.records / cases,
            "signatures": found.counts.signatures.total() / cases,
            "verifications": found.counts.verifications.total() / cases,
            "transactions": found.counts.transactions / cases,
            "durable_commits": found.counts.durable / cases,
        },
        "calls": _calls(found.counts.samples),
        "turns": _turns(found.counts.samples),
        "cpu_ms_per_transfer": {
            name: round(seconds / cases * _MILLISECONDS, 2) for name, seconds in found.usage.cpu_seconds.items()
        },
        "memory_mib": {name: round(found.usage.memory_mib(name), 1) for name in found.usage.memory_bytes},
    }


def _calls(samples: Samples) -> dict[str, dict[str, float]]:
    """How often each route was called, and the mean time of an answer in milliseconds."""
    found: dict[str, dict[str, float]] = {}
    for (name, labels), value in samples.items():
        if name.startswith("transfer_http_request_seconds_") and (route := _ROUTE.search(labels)):
            place = found.setdefault(f"{route[1]} {route[2]}", {"count": 0, "sum": 0})
            place[name.rpartition("_")[2]] = place.get(name.rpartition("_")[2], 0) + value
    return {
        route: {"count": each["count"], "mean_ms": round(each["sum"] / each["count"] * _MILLISECONDS, 1)}
        for route, each in sorted(found.items(), key=lambda item: -item[1]["sum"])
        if each["count"]
    }


def _turns(samples: Samples) -> dict[str, int]:
    """How many turns of each loop did something."""
    worked = [(labels, int(value)) for (name, labels), value in samples.items() if name == "transfer_loop_turns_total"]
    return {loop[1]: value for labels, value in worked if "worked" in labels and (loop := _LOOP.search(labels))}


def _usage(found: Measurement, name: str) -> tuple[str, str, str]:
    seconds, total = found.usage.cpu_seconds[name], _cpu_seconds(found)
    memory = found.usage.memory_mib(name)
    return f"{seconds / len(found.closed) * _MILLISECONDS:.2f}", f"{seconds / total:.0%}", f"{memory:.0f}"


def _cpu_seconds(found: Measurement) -> float:
    return sum(found.usage.cpu_seconds.values())


def _answers(percent: int) -> Callable[[Measurement], str]:
    return lambda found: f"{percentile(found.answer_seconds, percent) * _MILLISECONDS:.0f} 毫秒"


def _durations(percent: int) -> Callable[[Measurement], str]:
    return lambda found: f"{percentile([each.seconds for each in found.closed], percent):.1f} 秒"


def _per_transfer(amount: Callable[[Measurement], int]) -> Callable[[Measurement], str]:
    return lambda found: f"{amount(found) / len(found.closed):.2f}"


_ROWS: tuple[Row, ...] = (
    ("办结件数", lambda found: str(len(found.closed))),
    ("用时", lambda found: f"{found.seconds:.1f} 秒"),
    ("每秒办结", lambda found: f"{found.per_second:.1f} 件"),
    ("目标", lambda found: f"{AIMS[found.mode]} 件"),
    ("下限程序", lambda found: f"{found.floor_per_second:.1f} 件"),
    ("与下限之比", lambda found: f"{found.per_second / found.floor_per_second:.2f}"),
    ("每件 CPU", lambda found: f"{_cpu_seconds(found) / len(found.closed) * _MILLISECONDS:.1f} 毫秒"),
    ("用到的 CPU 核数", lambda found: f"{_cpu_seconds(found) / found.seconds:.2f}"),
    ("受理答复 p50", _answers(50)),
    ("受理答复 p99", _answers(99)),
    ("每件历时 p50", _durations(50)),
    ("每件历时 p99", _durations(99)),
    ("每件业务消息", _per_transfer(lambda found: found.counts.messages)),
    ("每件 Kafka 记录（含回执）", _per_transfer(lambda found: found.counts.records)),
    ("每件签名", _per_transfer(lambda found: found.counts.signatures.total())),
    ("每件验签", _per_transfer(lambda found: found.counts.verifications.total())),
    ("每件事务", _per_transfer(lambda found: found.counts.transactions)),
    ("其中落盘提交", _per_transfer(lambda found: found.counts.durable)),
    ("导入参保记录", lambda found: f"{found.fed_records / found.feeding_seconds:.0f} 条/秒"),
)
