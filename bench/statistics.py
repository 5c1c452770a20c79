"""``python -m bench.statistics [cases]``: oversight's questions and 平台对账 on a million cases, with times and plans.

``KEEP=<folder>`` keeps the database for the next run.

Exit code 1 when an answer took a second or more, or when a plan reads a large table from end to end.
"""

import asyncio
import sys
import time
from collections.abc import Awaitable, Callable
from datetime import UTC, date, datetime, timedelta

from sqlalchemy import URL, text
from sqlalchemy.ext.asyncio import AsyncConnection, create_async_engine

from bench.kept import made_once
from bench.made_cases import make_cases
from bench.plans import plan_of, statements
from platform_gateway.domain import statistics as rules
from platform_gateway.domain.statistics import FiguresWanted, GroupBy
from platform_gateway.repository import daily_totals, overdue, roll_up, statistics, transit, transit_roll_up
from shared.contracts.facts import Side
from shared.database import Database

_CASES, _SEED, _BATCH, _ROUNDS, _AIM_SECONDS = 1_000_000, 1, 10_000, 3, 1.0
_FIRST, _DAYS, _TODAY = date(2025, 1, 1), 420, date(2026, 3, 2)
_PROVINCES = (
    11,
    12,
    13,
    14,
    15,
    21,
    22,
    23,
    31,
    32,
    33,
    34,
    35,
    36,
    37,
    41,
    42,
    43,
    44,
    45,
    46,
    50,
    51,
    52,
    53,
    54,
    61,
    62,
)
_AREAS = [f"{province}{city:02}00" for province in _PROVINCES for city in range(1, 13)]
_AREA, _PROVINCE = "370100", "370000"
_TRANSIT_PERIODS = (
    ("昨天", _TODAY - timedelta(days=1), _TODAY - timedelta(days=1)),
    ("当月", date(2026, 3, 1), date(2026, 3, 31)),
    ("上月", date(2026, 2, 1), date(2026, 2, 28)),
    ("半年前一天", date(2025, 9, 2), date(2025, 9, 2)),
    ("半年前一月", date(2025, 9, 1), date(2025, 9, 30)),
)
_STATES = ("accepted", "refused", "withdrawn", "terminated", "completed")
_FULL_COUNT = f"""
    WITH moved AS (SELECT * FROM case_history WHERE is_allowed AND from_state IS DISTINCT FROM to_state)
    SELECT h.*, f.*, c.*, s.* FROM (
        SELECT count(DISTINCT rlts_traf_id) FILTER (WHERE to_state = 'checking') AS applied,
               {", ".join(f"count(DISTINCT rlts_traf_id) FILTER (WHERE to_state = '{s}') AS {s}" for s in _STATES)},
               count(*) FILTER (WHERE to_state = 'sheet_issued') AS sheets,
               count(*) FILTER (WHERE command = 'return_sheet') AS returned FROM moved
    ) h, (
        SELECT count(*) FILTER (WHERE kind = 'paid') AS paid, count(*) FILTER (WHERE kind = 'credited') AS credited,
               sum(amount) FILTER (WHERE kind = 'paid') AS paid_amount,
               sum(amount) FILTER (WHERE kind = 'credited') AS credited_amount FROM money_fact
    ) f, (
        SELECT count(*) FILTER (WHERE kind = 'outbound' AND due_on < :today) AS outbound_overdue,
               count(*) FILTER (WHERE kind = 'total' AND due_on >= :today) AS total_running
        FROM deadline WHERE stopped_at IS NULL
    ) c, (
        SELECT count(*) FILTER (WHERE money_state = 'paid') AS paid_cases,
               count(*) FILTER (WHERE money_state = 'awaiting_payment') AS awaiting_payment_cases
        FROM transfer_case WHERE state NOT IN ('refused', 'withdrawn', 'terminated') AND sheet_version > 0
    ) s
"""  # noqa: S608 - only our own names are put in
_TRANSIT_COUNT = """
    SELECT coalesce(sum(amount) FILTER (WHERE kind = 'paid' AND booked_on >= :first), 0) AS paid,
           count(*) FILTER (WHERE kind = 'paid' AND booked_on >= :first AND amount > 0) AS payments,
           count(*) FILTER (WHERE kind = 'received' AND booked_on >= :first AND amount > 0) AS receipts,
           count(*) FILTER (WHERE kind = 'paid' AND amount > 0 AND NOT is_answered) AS cases,
           coalesce(sum(amount) FILTER (WHERE kind = 'paid' AND NOT is_answered), 0) AS amount
    FROM (
        SELECT f.*, EXISTS (
            SELECT FROM money_fact r WHERE r.rlts_traf_id = f.rlts_traf_id AND r.kind = 'received'
                AND r.booked_on <= :last) AS is_answered
        FROM money_fact f JOIN transfer_case c USING (rlts_traf_id) WHERE f.booked_on <= :last AND c.origin <> 'paper'
    ) f
"""
_LARGE = ("transfer_case", "money_fact", "transit_span", "transit_sum")

Question = Callable[[AsyncConnection], Awaitable[object]]


def main() -> int:
    """Measure with as many cases as the first argument says; gives the exit code."""
    return asyncio.run(_run(int(sys.argv[1]) if len(sys.argv) > 1 else _CASES))


async def _run(cases: int) -> int:
    async def fill(admin: URL) -> None:
        await _timed(f"造 {cases} 件（{len(_AREAS)} 个统筹区）", _make(admin, cases))

    async with made_once("platform_gateway", {"cases": cases, "seed": _SEED}, fill) as made:
        database = Database(made.service.app_url, pool_size=2)
        try:
            await _count_all(database, made.admin)
            return max(await _check(database), await _check_transit(database), await _ask_all(database))
        finally:
            await database.dispose()


async def _count_all(database: Database, admin: URL) -> None:
    """Roll up whatever is marked: all of what was just made, nothing of what was kept."""
    async with database.connection() as connection:
        marked = await statistics.count_marked(connection)
    if marked:
        seconds = await _timed(f"汇总 {marked} 件", _roll_up(database))
        print(f"  每秒 {marked / seconds:,.0f} 件")
    if marked >= _BATCH:
        await _settle(admin)


async def _make(admin: URL, cases: int) -> None:
    engine = create_async_engine(admin)
    async with engine.begin() as connection:
        # Millions of made-up rows need no proof that their cases are there.
        await connection.execute(text("SET LOCAL session_replication_role = replica"))
        await connection.execute(text("SET LOCAL synchronous_commit = off"))
        await make_cases(connection, _AREAS, cases=cases, first=_FIRST, days=_DAYS, seed=_SEED)
    await engine.dispose()
    await _settle(admin)


async def _settle(admin: URL) -> None:
    """What autovacuum would have done by the time that so many cases were there."""
    engine = create_async_engine(admin, isolation_level="AUTOCOMMIT")
    async with engine.connect() as connection:
        await connection.execute(text("VACUUM ANALYZE"))
    await engine.dispose()


async def _roll_up(database: Database) -> None:
    taken = _BATCH
    while taken == _BATCH:
        async with database.transaction() as connection:
            marked = await roll_up.take_marked(connection, _BATCH)
            await roll_up.count(connection, marked)
            await transit_roll_up.count(connection, marked)
        taken = len(marked)


async def _check(database: Database) -> int:
    """The nation's figures against a full count of the tables; 1 when one differs."""
    wanted = FiguresWanted(rules.NATION, "200001", "219912")
    async with database.connection() as connection:
        (told,) = await statistics.figures(connection, wanted, _TODAY, (), 1)
        counted = (await connection.execute(text(_FULL_COUNT), {"today": _TODAY})).mappings().one()
    # ``paid_amount`` is in both: what was paid in the months, and what of it still stands.
    found = {**told.standing, **told.flows}
    differing = [f"{name}：汇总 {found[name]}，逐件 {n}" for name, n in counted.items() if found[name] != n]
    print(
        f"与逐件计数不符：{'；'.join(differing)}" if differing else f"与逐件计数相同（{len(counted)} 项）", flush=True
    )
    return 1 if differing else 0


async def _check_transit(database: Database) -> int:
    """What moved in a month and what was under way at its end, over all pairs, against a full count of the facts."""
    _, first, last = _TRANSIT_PERIODS[2]
    async with database.connection() as connection:
        rows = await transit.pairs(connection, transit.Asked(rules.NATION, first, last), None, len(_AREAS) ** 2)
        counted = (await connection.execute(text(_TRANSIT_COUNT), {"first": first, "last": last})).mappings().one()
    standing = [each for row in rows for each in row.standing]
    found = {name: sum(getattr(row, name) for row in rows) for name in ("paid", "payments", "receipts")}
    found |= {name: sum(each[name] for each in standing) for name in ("cases", "amount")}
    print(f"平台对账与逐件计数{'相同' if found == dict(counted) else '不符'}：{found}，{dict(counted)}", flush=True)
    return 0 if found == dict(counted) else 1


async def _timed(name: str, work: Awaitable[None]) -> float:
    began = time.perf_counter()
    await work
    seconds = time.perf_counter() - began
    print(f"{name}：{seconds:.1f} 秒", flush=True)
    return seconds


async def _ask_all(database: Database) -> int:
    slow = [name for name, question in _questions().items() if not await _ask(database, name, question)]
    print("全部在 1 秒内，没有一个计划通读大表" if not slow else f"不合要求：{'、'.join(slow)}")
    return 1 if slow else 0


async def _ask(database: Database, name: str, question: Question) -> bool:
    times = []
    with statements(database) as sent:
        for _ in range(_ROUNDS):
            async with database.connection() as connection:
                began = time.perf_counter()
                await question(connection)
                times.append(time.perf_counter() - began)
    async with database.connection() as connection:
        plans = [await plan_of(connection, each) for each in sent[: len(sent) // _ROUNDS]]
    whole = [table for table in _LARGE if any(f"Seq Scan on {table}" in plan for plan in plans)]
    print(f"  {name}：最慢 {max(times) * 1000:.0f} 毫秒{'，通读 ' if whole else ''}{'、'.join(whole)}", flush=True)
    return max(times) < _AIM_SECONDS and not whole


def _questions() -> dict[str, Question]:
    day = _TODAY - timedelta(days=30)
    scopes = {"全国": rules.NATION, "一省": rules.below(_PROVINCE), "一统筹区": rules.area(_AREA)}
    found = {f"{name}，{by.value}": _figures(areas, by) for name, areas in scopes.items() for by in GroupBy}
    del found[f"全国，{GroupBy.COUNTY.value}"]
    found |= {f"{name}，超期清单": _overdue(areas) for name, areas in scopes.items()}
    found["一省转入侧，超期清单"] = _overdue(scopes["一省"], Side.INBOUND)
    found["转出侧，按月"] = _figures(scopes["一省"], GroupBy.MONTH, Side.OUTBOUND)
    found["每日核对：状态"] = lambda connection: daily_totals.entered(connection, _AREA, day)
    found["每日核对：信息表"] = lambda connection: daily_totals.sheets(connection, _AREA, day)
    found["每日核对：款项"] = lambda connection: daily_totals.money(connection, _AREA, day)
    for name, areas in scopes.items():
        for when, first, last in _TRANSIT_PERIODS:
            found[f"平台对账，{name}，{when}"] = _pairs(transit.Asked(areas, first, last))
            found[f"平台对账，{name}，{when}，未达清单"] = _in_transit(transit.Asked(areas, first, last))
    found["作一次标记"] = lambda connection: roll_up.mark(connection, ["M000000000000001"], datetime.now(UTC))
    return found


def _pairs(asked: transit.Asked) -> Question:
    return lambda connection: transit.pairs(connection, asked, None, 51)


def _in_transit(asked: transit.Asked) -> Question:
    return lambda connection: transit.items(connection, asked, is_under_way_only=True, after=None, limit=51)


def _figures(areas: rules.AreaRange, by: GroupBy, side: Side | None = None) -> Question:
    wanted = FiguresWanted(areas, "202501", "202603", by, side)
    return lambda connection: statistics.figures(connection, wanted, _TODAY, (), 501)


def _overdue(areas: rules.AreaRange, side: Side | None = None) -> Question:
    return lambda connection: overdue.page(connection, areas, side, _TODAY, None, 51)


if __name__ == "__main__":
    sys.exit(main())
