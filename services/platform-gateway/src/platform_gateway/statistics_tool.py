"""``python -m platform_gateway statistics recount``: every case counted anew, for operators."""

import argparse
from collections.abc import Sequence

from platform_gateway.context import RegistryKeeper
from platform_gateway.keeper_tool import run
from platform_gateway.repository import roll_up


def statistics_tool(argv: Sequence[str]) -> int:
    """The command; 0 well, 1 not reachable."""
    parser = argparse.ArgumentParser(prog="python -m platform_gateway statistics")
    parser.add_argument("what", choices=("recount",), help="recount：把全部办件标记为待计，由 worker 分批重计")
    parser.parse_args(argv)
    return run(_recount)


async def _recount(keeper: RegistryKeeper) -> list[str]:
    async with keeper.database.transaction() as connection:
        marked = await roll_up.mark_all(connection, keeper.clock.now())
    return [f"已标记 {marked} 件，worker 将分批重计统计和平台对账；重计期间照常答复。"]
