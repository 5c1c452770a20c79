"""``python -m bench.ledger.lists [lines] [agencies]``: what clerks look at all day, beside millions of closed lines.

Exit code 1 when a list's p99 is 100 ms or more, or when a plan reads one of the large tables from end to end.
"""

import asyncio
import sys
import tempfile
import time
from collections.abc import Awaitable, Callable
from datetime import date, timedelta
from pathlib import Path
from random import Random
from uuid import UUID

from sqlalchemy import URL, text
from sqlalchemy.ext.asyncio import AsyncConnection, create_async_engine

from bench.ledger.made_lines import DAYS, FIRST, make_lines
from bench.plans import plan_of, statements
from ledger.domain.periods import first_day_of, last_day_of
from ledger.domain.reconciliation import ReportPeriod, Section
from ledger.repository import (
    adjustments,
    batches,
    obligations,
    orders,
    outcomes,
    proposals,
    reconciliation_lists,
    turnover,
)
from ledger.repository.statements import files_of_agency
from ledger.use_cases.list_open_points import list_open_points
from ledger.use_cases.reconcile_period import reconcile_period
from shared.database import Database
from shared.database.engine import asyncpg_url
from shared.database.migrations import migrate
from shared.months import month_of
from stack.databases import provision
from stack.postgres import EmbeddedPostgres

_LINES, _AGENCIES, _ROUNDS, _AIM_SECONDS, _PAGE, _SERVICE = 11_000_000, 100, 100, 0.1, 50, "ledger"
_NO_CASE = "A" * 16
# A crash while the rows are made costs nothing but the rows.
_HASTE = {"fsync": "off", "full_page_writes": "off", "max_wal_size": "'8GB'"}
_IN_HASTE = [*(f"ALTER SYSTEM SET {name} = {value}" for name, value in _HASTE.items()), "SELECT pg_reload_conf()"]
_AS_BEFORE = [*(f"ALTER SYSTEM RESET {name}" for name in _HASTE), "SELECT pg_reload_conf()", "CHECKPOINT"]
LARGE = ("statement_line", "obligation", "claim", "suspense", "payment_order", "posting")

Question = Callable[[AsyncConnection, str], Awaitable[object]]


def main() -> int:
    """Measure with as many lines and agencies as the arguments say; gives the exit code."""
    lines = int(sys.argv[1]) if len(sys.argv) > 1 else _LINES
    agencies = int(sys.argv[2]) if len(sys.argv) > 2 else _AGENCIES
    with tempfile.TemporaryDirectory(prefix="ledger-bench-") as folder, EmbeddedPostgres(Path(folder) / "pg") as server:
        return asyncio.run(_run(server.admin_url, Path(folder), lines, agencies))


async def _run(admin_url: str, folder: Path, lines: int, agencies: int) -> int:
    made = (await provision(admin_url, [_SERVICE], passwords_file=folder / "passwords.json"))[_SERVICE]
    await migrate(_SERVICE, made.owner_url, made.app_role)
    began = time.perf_counter()
    await fill(asyncpg_url(admin_url).set(database=_SERVICE), lines=lines, agencies=agencies)
    print(f"{lines:,} 笔，{agencies} 个机构，十一分之一未结：造出用 {time.perf_counter() - began:.0f} 秒", flush=True)
    database = Database(made.app_url, pool_size=2)
    try:
        bad = [
            name for name, question in questions(lines).items() if not await _ask(database, name, question, agencies)
        ]
    finally:
        await database.dispose()
    print(f"不合要求：{'、'.join(bad)}" if bad else "p99 都在 100 毫秒内，没有一个计划通读大表")
    return 1 if bad else 0


async def fill(admin: URL, *, lines: int, agencies: int) -> None:
    """Make the rows, and do what autovacuum would have done by then."""
    await _outside(admin, *_IN_HASTE)
    engine = create_async_engine(admin)
    async with engine.begin() as connection:
        await make_lines(connection, lines=lines, agencies=agencies)
    await engine.dispose()
    await _outside(admin, "VACUUM ANALYZE", *_AS_BEFORE)


async def _outside(admin: URL, *statements: str) -> None:
    """Run what no transaction may hold."""
    engine = create_async_engine(admin, isolation_level="AUTOCOMMIT")
    async with engine.connect() as connection:
        for statement in statements:
            await connection.execute(text(statement))
    await engine.dispose()


def questions(lines: int) -> dict[str, Question]:
    """Every list by its name; each is asked for an agency."""
    yesterday, long_ago = FIRST + timedelta(days=DAYS - 1), FIRST + timedelta(days=DAYS // 2)
    return {
        "挂账，第一页": _suspense(),
        "挂账，中间一页": _suspense(after=lines // 2),
        "挂账，按原因": _suspense(reason="amount_differs"),
        "挂账，某一原因没有": _suspense(reason="name_differs"),
        "挂账，按办件": _suspense(rlts_traf_id=_NO_CASE),
        "挂账，我的": _suspense(assigned_to="wang"),
        "应收应付，最新": _obligations(),
        "应收应付，未结": _obligations(state="open"),
        "应收应付，某一状态没有": _obligations(state="returned"),
        "应收应付，一侧": _obligations(side="payer"),
        "应收应付，按办件": _obligations(rlts_traf_id=_NO_CASE),
        "支付单，最新": _orders(),
        "支付单，待提交": _orders(state="ready"),
        "支付单，某一状态没有": _orders(state="held"),
        "支付单，按办件": _orders(rlts_traf_id=_NO_CASE),
        "支付批次": lambda c, a: batches.page(c, a, state="proposed", after=None, limit=_PAGE),
        "匹配提案": lambda c, a: proposals.page(c, a, state="proposed", line_id=None, after=None, limit=_PAGE),
        "调整": lambda c, a: adjustments.page(c, a, state=None, line_id=None, after=None, limit=_PAGE),
        "对账单文件": lambda c, a: files_of_agency(c, a, None, _PAGE),
        "对账单流水，一页": lambda c, a: outcomes.lines_of_file(c, _file(a), None, _PAGE),
        "日报，昨日": lambda c, a: reconcile_period(c, ReportPeriod(a, yesterday, yesterday)),
        "日报，四个月前": lambda c, a: reconcile_period(c, ReportPeriod(a, long_ago, long_ago)),
        "月报，上月": lambda c, a: reconcile_period(c, _month(a, yesterday)),
        "月报，四个月前": lambda c, a: reconcile_period(c, _month(a, long_ago)),
        "日报清单，有款无单中间一页": _listed(Section.MONEY_WITHOUT_BUSINESS, long_ago.isoformat(), 0),
        "日报清单，有单无款中间一页": _listed(Section.BUSINESS_WITHOUT_MONEY, long_ago.isoformat(), 0),
        "月报清单，已匹配中间一页": _listed(Section.MATCHED, yesterday.isoformat(), 0, 0),
        "月末检查单": lambda c, a: list_open_points(c, a, month_of(long_ago)),
        "过去某日余额": lambda c, a: turnover.balances(c, [_account(a)], long_ago),
        "科目余额表": lambda c, a: turnover.movements(c, a, long_ago, yesterday),
        "账户明细一页": lambda c, a: turnover.statement(
            c, _account(a), after=(long_ago, 0), until=yesterday, limit=_PAGE
        ),
    }


def _month(admdvs: str, day: date) -> ReportPeriod:
    return ReportPeriod(admdvs, first_day_of(month_of(day)), last_day_of(month_of(day)))


def _listed(section: Section, *after: str | int) -> Question:
    last = FIRST + timedelta(days=DAYS - 1)
    return lambda connection, admdvs: reconciliation_lists.page(
        connection, _month(admdvs, last), section, after=after, limit=_PAGE
    )


def _account(admdvs: str) -> int:
    return (int(admdvs) - 100_000) * 10 + 1


def _suspense(
    *,
    reason: str | None = None,
    rlts_traf_id: str | None = None,
    assigned_to: str | None = None,
    after: int | None = None,
) -> Question:
    return lambda connection, admdvs: outcomes.open_suspense(
        connection,
        admdvs,
        reason=reason,
        rlts_traf_id=rlts_traf_id,
        assigned_to=assigned_to,
        after=after,
        limit=_PAGE,
    )


def _obligations(*, side: str | None = None, state: str | None = None, rlts_traf_id: str | None = None) -> Question:
    return lambda connection, admdvs: obligations.list_page(
        connection, admdvs, side=side, state=state, rlts_traf_id=rlts_traf_id, after=None, limit=_PAGE
    )


def _orders(*, state: str | None = None, rlts_traf_id: str | None = None) -> Question:
    return lambda connection, admdvs: orders.orders_page(
        connection, admdvs, state=state, rlts_traf_id=rlts_traf_id, after=None, limit=_PAGE
    )


def _file(admdvs: str) -> UUID:
    return UUID(int=(int(admdvs) - 100_000) * 1000 + DAYS // 2)


async def plans(database: Database, question: Question, admdvs: str) -> list[str]:
    """The plans of everything that a question asks the database."""
    with statements(database) as sent:
        async with database.connection() as connection:
            await question(connection, admdvs)
    async with database.connection() as connection:
        return [await plan_of(connection, each) for each in sent]


def read_whole(plan: str) -> list[str]:
    """The large tables that a plan reads from end to end."""
    return [table for table in LARGE if f"Seq Scan on {table}" in plan]


async def _ask(database: Database, name: str, question: Question, agencies: int) -> bool:
    random, times = Random(1), []
    for _ in range(_ROUNDS):
        admdvs = str(100_000 + random.randrange(agencies))
        async with database.connection() as connection:
            began = time.perf_counter()
            await question(connection, admdvs)
            times.append(time.perf_counter() - began)
    times.sort()
    whole = {table for plan in await plans(database, question, "100000") for table in read_whole(plan)}
    p50, p99 = times[len(times) // 2], times[len(times) * 99 // 100 - 1]
    said = f"，通读 {'、'.join(sorted(whole))}" if whole else ""
    print(f"  {name}：p50 {p50 * 1000:.1f}，p99 {p99 * 1000:.1f} 毫秒{said}", flush=True)
    return p99 < _AIM_SECONDS and not whole


if __name__ == "__main__":
    sys.exit(main())
