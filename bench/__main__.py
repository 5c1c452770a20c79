"""``python -m bench``: what decisions cost, and transfers a second from application to 办结, each against a floor.

Exit code 0 when every transfer was closed, however fast.
"""

import asyncio
import json
import os
import sys
from functools import partial

import psutil
from rich.console import Console

from bench.measurement import Measurement, measure
from bench.plan import MODE_NAMES, Plan
from bench.result import MEMORY_AIM_MIB, figures, profile, summary
from bench.rules import measure_rules, rule_figures
from demo.errors import DemoError
from stack.errors import StackError
from stack.kafka import unavailable_reason
from stack.local_stack import SERVICES

_WIDTH_WITHOUT_TERMINAL = 160


def main() -> int:
    """Run every mode of the plan; gives the exit code."""
    console = Console(highlight=False, width=None if sys.stdout.isatty() else _WIDTH_WITHOUT_TERMINAL)
    console.print(rule_figures(measure_rules()))
    reason = unavailable_reason()
    if reason is not None:
        console.print(f"没有真实 Kafka，无法测量：{reason}", markup=False)
        return 1
    plan = Plan.from_environment()
    console.print(f"SEED={plan.seed} CPU={os.cpu_count()} 负载={psutil.getloadavg()[0]:.1f}", markup=False)
    try:
        found = asyncio.run(_measure_all(plan, console))
    except (DemoError, StackError) as error:
        console.print(f"测量没有完成：{error}\n日志：{plan.state}", markup=False, soft_wrap=True)
        return 1
    return _show(plan, found, console)


async def _measure_all(plan: Plan, console: Console) -> list[Measurement]:
    found = []
    for mode, cases in plan.cases.items():
        say = partial(console.print, f"{MODE_NAMES[mode]}：", sep="", markup=False)
        say(f"启动 PostgreSQL、Kafka 和服务，{cases} 件")
        found.append(await measure(plan, mode, say))
    return found


def _show(plan: Plan, found: list[Measurement], console: Console) -> int:
    console.print(figures(found))
    console.print(profile(found))
    for each in found:
        for name in each.usage.memory_bytes:
            if name.partition("-")[0] in SERVICES and each.usage.memory_mib(name) > MEMORY_AIM_MIB:
                console.print(f"{MODE_NAMES[each.mode]}：{name} 超过 {MEMORY_AIM_MIB} MB")
    target = plan.state / "result.json"
    target.write_text(json.dumps(summary(plan, found), ensure_ascii=False, indent=1), encoding="utf-8")
    console.print(f"结果：{target}", markup=False)
    not_accepted = [text for each in found for text in each.not_accepted]
    for text in not_accepted:
        console.print(f"未受理：{text}", markup=False, soft_wrap=True)
    return 1 if not_accepted else 0


if __name__ == "__main__":
    sys.exit(main())
