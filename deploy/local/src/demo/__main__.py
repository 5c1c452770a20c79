"""``python -m demo``: every scenario on the whole system, from application to 办结.

Exit code 0 only if everything came out as the scenario files say.
"""

import argparse
import asyncio
import signal
import sys
from collections.abc import Sequence
from pathlib import Path

from rich.console import Console

from demo.errors import DemoError
from demo.performance import WIDTH_WITHOUT_TERMINAL, Performance
from demo.progress import Progress
from stack.errors import StackError
from stack.paths import STATE

_INTERRUPTED = 130


def main(arguments: Sequence[str] | None = None) -> int:
    """The command line; gives the exit code."""
    parser = argparse.ArgumentParser(prog="python -m demo", description="演示：从申请到办结的全部情形")
    parser.add_argument("--state", type=Path, default=STATE / "demo", help="数据、日志和结果所在的文件夹，每次重新建立")
    parser.add_argument("--within", type=float, default=40.0, metavar="秒", help="每一步最多等待多久")
    chosen = parser.parse_args(arguments)
    console = Console(highlight=False, width=None if sys.stdout.isatty() else WIDTH_WITHOUT_TERMINAL)
    performance = Performance(chosen.state, Progress(console), chosen.within)
    try:
        return asyncio.run(_until_stopped(performance))
    except (DemoError, StackError) as error:
        console.print(f"演示没有完成：{error}\n日志：{performance.logs}", markup=False, soft_wrap=True)
        return 1


async def _until_stopped(performance: Performance) -> int:
    """The exit code; SIGINT and SIGTERM stop everything in order, however often they come."""
    stop = asyncio.Event()
    for number in (signal.SIGINT, signal.SIGTERM):
        asyncio.get_running_loop().add_signal_handler(number, stop.set)
    giving = asyncio.ensure_future(performance.give())
    stopping = asyncio.ensure_future(stop.wait())
    await asyncio.wait({giving, stopping}, return_when=asyncio.FIRST_COMPLETED)
    if not giving.done():
        performance.progress.say("正在停止……")
        giving.cancel()
        await asyncio.wait({giving})
    stopping.cancel()
    if giving.cancelled():
        performance.progress.say("已中断，全部进程均已结束。")
        return _INTERRUPTED
    return giving.result()


if __name__ == "__main__":
    sys.exit(main())
