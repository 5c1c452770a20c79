"""``python -m stack.up [--kafka real]``: the whole system on this machine until Ctrl-C."""

import argparse
import asyncio
import os
import signal
import sys
import time
from pathlib import Path

from rich.console import Console
from rich.table import Table

from stack.errors import StackError
from stack.local_stack import SERVICES, LocalStack
from stack.options import Options
from stack.paths import REPOSITORY, STATE
from stack.tokens import ONLINE_CHANNEL, write_tokens

_NAMES = {
    "platform_gateway": "平台 platform-gateway",
    "outbound": "转出地 outbound",
    "inbound": "转入地 inbound",
    "ledger": "账务 ledger",
}
_DOES = {
    "online-channel": "线上渠道：申请、查询进度",
    "platform-operator": "平台运维：登记库、隔离区",
    "employer": "用人单位：为职工申请",
    "oversight": "国家级、省级：查看辖区",
    "window": "窗口：代为申请",
    "clerk": "经办（转出、转入、财务）",
    "checker": "复核（转出、转入、财务）",
    "core": "核心业务系统",
    "bank-desk": "出纳：导入银行流水",
    "operator": "经办机构运维",
}


def main() -> int:
    """The command line; 0 after a clean stop, 1 when the stack does not come up."""
    parser = argparse.ArgumentParser(prog="python -m stack.up")
    parser.add_argument("--kafka", default="embedded", help="embedded, real, or host:port")
    parser.add_argument("--state", type=Path, default=STATE / "up", help="where all data stands")
    parser.add_argument("--split", action="store_true", help="api and worker as processes of their own")
    chosen = parser.parse_args()
    options = Options(
        state=chosen.state,
        kafka=os.environ.get("KAFKA_BOOTSTRAP_SERVERS") or chosen.kafka,
        database_url=os.environ.get("DATABASE_URL") or None,
        is_split=chosen.split,
    )
    console = Console(highlight=False)
    try:
        asyncio.run(_stay_up(options, console))
    except (StackError, KeyboardInterrupt) as error:
        console.print(f"没有启动成功：{error}", markup=False, soft_wrap=True)
        return 1
    return 0


async def _stay_up(options: Options, console: Console) -> None:
    stop = asyncio.Event()
    for number in (signal.SIGINT, signal.SIGTERM):
        asyncio.get_running_loop().add_signal_handler(number, stop.set)
    began = time.monotonic()
    console.print("正在启动……", markup=False)
    starting = asyncio.ensure_future(_started(options))
    stopping = asyncio.ensure_future(stop.wait())
    await asyncio.wait({starting, stopping}, return_when=asyncio.FIRST_COMPLETED)
    if not starting.done():
        starting.cancel()
        await asyncio.wait({starting})
        return
    stack = await starting
    try:
        announce(stack, console, time.monotonic() - began)
        await stopping
        console.print("正在停止……", markup=False)
    finally:
        stopping.cancel()
        await stack.__aexit__(None, None, None)
    console.print(f"已停止；数据保留在 {_short(options.state)}。", markup=False)


async def _started(options: Options) -> LocalStack:
    return await LocalStack(options).__aenter__()


def announce(stack: LocalStack, console: Console, seconds: float) -> None:
    """Say where everything is, and leave addresses and ready-made tokens in the stack's folder."""
    tokens = stack.tokens.ready_made(stack.agencies)
    folder = stack.options.state / "tokens"
    write_tokens(tokens, folder)
    _write_addresses(stack)
    _write_operator_environment(stack)
    addresses = Table(title=f"已就绪（{seconds:.0f} 秒）", title_justify="left")
    for column in ("服务", "接口文档"):
        addresses.add_column(column, no_wrap=True)
    for package in SERVICES:
        addresses.add_row(_NAMES[package], f"{stack.urls[package]}/docs")
    console.print(addresses)
    areas = "、".join(f"{area.admdvs} {area.name}" for area in stack.areas if area.is_connected)
    console.print(f"Kafka {stack.broker.bootstrap}\n统筹地区：{areas}", markup=False)
    _show_tokens(tokens, folder, console)
    example = _short(folder / ONLINE_CHANNEL)
    call = f'curl -H "Authorization: Bearer $(cat {example})" {stack.urls["platform_gateway"]}/v1/transfers'
    console.print(
        f"\n例：{call}\n日志：{_short(stack.options.state / 'logs')}；按 Ctrl-C 停止。", markup=False, soft_wrap=True
    )


def _write_addresses(stack: LocalStack) -> None:
    """For shells, to be read with ``.``: PLATFORM_GATEWAY, OUTBOUND, INBOUND, LEDGER as base addresses, ISSUER."""
    lines = [*(f"{package.upper()}={stack.urls[package]}/v1" for package in SERVICES), f"ISSUER={stack.issuer.url}"]
    (stack.options.state / "addresses").write_text("\n".join(lines) + "\n", encoding="utf-8")


def _write_operator_environment(stack: LocalStack) -> None:
    """For shells: what the commands of ``docs/policy.md`` need."""
    file = stack.options.state / "platform.env"
    file.touch(mode=0o600)
    lines = [
        f"export DATABASE_URL='{stack.databases['platform_gateway'].app_url}'",
        f"export PATH='{Path(sys.executable).parent}':\"$PATH\"",
    ]
    file.write_text("\n".join(lines) + "\n", encoding="utf-8")


def _show_tokens(tokens: dict[str, str], folder: Path, console: Console) -> None:
    """One token of each role in full; those of the other areas are in their files."""
    console.print(f"\n令牌（一天有效；全部 {len(tokens)} 个在 {_short(folder)}/，文件名为 角色@地区）：", markup=False)
    shown: set[str] = set()
    for name, token in tokens.items():
        role = name.partition("@")[0]
        if role not in shown:
            shown.add(role)
            console.print(f"\n{name}  {_DOES.get(role, '')}\n{token}", markup=False, soft_wrap=True)


def _short(path: Path) -> str:
    here = Path.cwd()
    full = path.resolve()
    return str(full.relative_to(here)) if full.is_relative_to(here) and here == REPOSITORY else str(full)


if __name__ == "__main__":
    sys.exit(main())
