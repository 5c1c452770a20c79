"""``python -m platform_gateway policy check|load|show|diff``: regional policy, for operators."""

import argparse
import getpass
from collections.abc import Sequence
from datetime import date
from pathlib import Path

from platform_gateway.context import RegistryKeeper
from platform_gateway.keeper_tool import Work, read_text, run
from platform_gateway.use_cases.load_policy import checked_policy, load_policy
from shared.clock import local_date
from shared.registry.policy.defaults import defaults
from shared.registry.policy.differences import differences
from shared.registry.policy.layers import Value
from shared.registry.policy.readings import READINGS
from shared.web.etags import WHICHEVER


def policy_tool(argv: Sequence[str]) -> int:
    """The command; 0 well, 1 refused or not reachable."""
    given = _parser().parse_args(argv)
    work: Work = given.work(given)
    return run(work)


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m platform_gateway policy")
    commands = parser.add_subparsers(required=True)
    check = commands.add_parser("check", help="只校验，不载入")
    check.add_argument("file", type=Path)
    check.set_defaults(work=_check)
    load = commands.add_parser("load", help="校验并载入，立即用于新的办件")
    load.add_argument("file", type=Path)
    load.add_argument("--by", default=getpass.getuser(), help="谁载入的，记入审计；默认为系统用户名")
    load.set_defaults(work=_load)
    show = commands.add_parser("show", help="某地某日施行的政策，每个数值注明出处")
    show.add_argument("admdvs")
    show.add_argument("--on", type=date.fromisoformat, help="日期，默认今天")
    show.set_defaults(work=_show)
    diff = commands.add_parser("diff", help="某地政策在两个日期之间的变化")
    diff.add_argument("admdvs")
    diff.add_argument("before", type=date.fromisoformat)
    diff.add_argument("after", type=date.fromisoformat)
    diff.set_defaults(work=_diff)
    return parser


def _check(given: argparse.Namespace) -> Work:
    async def work(keeper: RegistryKeeper) -> list[str]:
        async with keeper.database.transaction() as connection:
            file = await checked_policy(keeper, connection, read_text(given.file))
        return [f"{file.name}（{file.region}）的政策文件可以载入。"]

    return work


def _load(given: argparse.Namespace) -> Work:
    async def work(keeper: RegistryKeeper) -> list[str]:
        loaded = await load_policy(keeper, given.by, read_text(given.file), WHICHEVER)
        said = f"已载入，第{loaded.revision}次" if loaded.is_changed else "与已载入的相同，没有变化"
        return [f"{loaded.file.name}（{loaded.file.region}）：{said}。"]

    return work


def _show(given: argparse.Namespace) -> Work:
    async def work(keeper: RegistryKeeper) -> list[str]:
        policy = (await keeper.registry.fresh()).policy(given.admdvs, given.on or local_date(keeper.clock.now()))
        values = [f"{'.'.join(path)} = {_told(value)}" for path, value in sorted(policy.layer.items())]
        unset = [("readings", name) for name in READINGS if not policy.reading(name).is_set]
        held = [*defaults(policy), *((path, READINGS[path[-1]].default) for path in unset)]
        return [*values, *(f"{'.'.join(path)}{_default(value)}" for path, value in held), f"版本 {policy.version}"]

    return work


def _diff(given: argparse.Namespace) -> Work:
    async def work(keeper: RegistryKeeper) -> list[str]:
        registry = await keeper.registry.fresh()
        found = differences(registry.policy(given.admdvs, given.before), registry.policy(given.admdvs, given.after))
        lines = [
            f"{each.path}\n  {given.before}：{_told(each.before)}\n  {given.after}：{_told(each.after)}"
            for each in found
        ]
        return lines or ["没有变化。"]

    return work


def _default(value: object) -> str:
    return "    （各级均未设定）" if value is None else f" = {value}    （各级均未设定，取默认）"


def _told(value: Value | None) -> str:
    if value is None:
        return "无"
    origin = value.origin
    return f"{value.value}    {origin.name} {origin.valid_from}起 {'、'.join(origin.articles)}"
