"""平台对账 is what a full count of the facts gives on any day, in whatever order and however late they came."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import date, timedelta
from random import Random
from typing import Any

import pytest
from sqlalchemy import text
from sqlalchemy.ext.asyncio import create_async_engine

from bench.made_cases import make_cases
from bench.plans import plan_of, statements
from platform_gateway.domain.statistics import NATION, AreaRange, below
from platform_gateway.repository import roll_up, transit
from platform_gateway.repository.transit import Asked
from platform_gateway.use_cases.roll_up_statistics import roll_up_statistics
from shared.ages import AGE_BRACKETS
from shared.database.engine import asyncpg_url
from tests.integration.platform_gateway.gateway import BEIJING, CHENGDU, JINAN, Gateway
from tests.integration.platform_gateway.transit_count import Counted, Fact, Move, Pair, count, moves_of, net, since

pytestmark = pytest.mark.law("S53-2")

_SEED, _CASES = 20261128, 80
_FIRST, _DAYS = date(2025, 11, 1), 100
_PERIODS = [
    (date(2025, 12, 1), date(2025, 12, 31)),
    (date(2026, 1, 1), date(2026, 1, 31)),
    *((_FIRST + timedelta(days=days),) * 2 for days in (0, 31, 61, 62, 99, 200)),
]
_SHANDONG = below("370000")
_INSERT = text(
    "INSERT INTO money_fact (rlts_traf_id, kind, amount, booked_on, obligation_no, receipt_no, sender, message_id,"
    " recorded_at) VALUES (:case, :kind, :amount, :on, :obligation, :receipt, :sender, gen_random_uuid(), :now)"
)
_COURSE = ("paid", "paid", "received", "received", "matched", "matched", "returned", "credited")


@pytest.fixture
def more_settings() -> dict[str, Any]:
    return {"statistics_batch": 37}


async def test_any_day_is_what_the_facts_say_in_whatever_order_they_came(gateway: Gateway) -> None:
    await _make(gateway)
    random = Random(_SEED)
    rows = await gateway.rows("SELECT rlts_traf_id, trafout_admdvs, trafin_admdvs FROM transfer_case ORDER BY 1")
    pairs = {row["rlts_traf_id"]: (row["trafout_admdvs"], row["trafin_admdvs"]) for row in rows}
    facts = [fact for number, pair in pairs.items() for fact in _facts(random, number, pair)]
    random.shuffle(facts)
    while facts:
        told, facts = facts[:60], facts[60:]
        await _tell(gateway, told)
        for _ in range(random.randrange(3)):
            await roll_up_statistics(gateway.process)
    await _roll_up_all(gateway)
    await _agrees(gateway)

    moved = [number for number in pairs if random.random() < 0.2]
    async with gateway.process.database.transaction() as connection:
        changed = "UPDATE transfer_case SET trafin_admdvs = :area WHERE rlts_traf_id = ANY(:cases)"
        await connection.execute(text(changed), {"area": BEIJING, "cases": moved})
        await roll_up.mark(connection, moved, gateway.clock.now())
    await _roll_up_all(gateway)
    await _agrees(gateway)

    before = await _stored(gateway)
    async with gateway.process.database.transaction() as connection:
        await roll_up.mark_all(connection, gateway.clock.now())
        await connection.execute(text("DELETE FROM transit_span WHERE begins_on < '2025-12-15'"))
    await _roll_up_all(gateway)
    assert await _stored(gateway) == before


async def test_each_senders_words_in_their_order_are_enough(gateway: Gateway) -> None:
    await _make(gateway, without_facts=True)
    random = Random(_SEED)
    rows = await gateway.rows("SELECT rlts_traf_id FROM transfer_case ORDER BY 1 LIMIT 60")
    numbers = [row["rlts_traf_id"] for row in rows]
    pair = (JINAN, CHENGDU)
    async with gateway.process.database.transaction() as connection:
        same = "UPDATE transfer_case SET trafout_admdvs = :payer, trafin_admdvs = :payee"
        await connection.execute(text(same), {"payer": JINAN, "payee": CHENGDU})
    for one, other in zip(numbers[::2], numbers[1::2], strict=True):
        facts = list(_facts(random, one, pair))
        lane_by_lane = sorted(facts, key=lambda fact: fact["sender"])
        for number, order in ((one, lane_by_lane), (other, list(_interleaved(random, facts)))):
            for fact in order:
                await _tell(gateway, [fact | {"case": number}])
    await _roll_up_all(gateway)
    spans = await gateway.rows("SELECT * FROM transit_span ORDER BY rlts_traf_id, begins_on")
    by_case = {number: [_shape(row) for row in spans if row["rlts_traf_id"] == number] for number in numbers}
    assert any(by_case.values())
    for one, other in zip(numbers[::2], numbers[1::2], strict=True):
        assert by_case[one] == by_case[other]


async def _make(gateway: Gateway, *, without_facts: bool = False) -> None:
    owner = gateway.process.database._url.set(username="platform_gateway_owner").render_as_string()
    engine = create_async_engine(asyncpg_url(owner))
    async with engine.begin() as connection:
        await make_cases(connection, [JINAN, CHENGDU], cases=_CASES, first=_FIRST, days=_DAYS, seed=_SEED)
        if without_facts:
            await connection.execute(text("DELETE FROM money_fact"))
    await engine.dispose()


def _facts(random: Random, number: str, pair: Pair) -> Iterator[dict[str, Any]]:
    """What books may tell of a case: in parts, twice, corrected, for nothing, and now and then by somebody else."""
    for _ in range(random.randrange(9)):
        kind = random.choice(_COURSE)
        payer_tells = kind in ("paid", "returned")
        area = pair[0] if payer_tells == (random.random() < 0.9) else pair[1]
        yield {
            "case": number,
            "kind": kind,
            "amount": random.choice((0, 100, 100, 200, 300)),
            "on": _FIRST + timedelta(days=random.randrange(_DAYS)),
            "obligation": random.choice("12"),
            "receipt": random.choice(("R1", "R2")) if kind in ("received", "matched") else None,
            "sender": f"ledger.{area}",
        }


def _interleaved(random: Random, facts: Sequence[dict[str, Any]]) -> Iterator[dict[str, Any]]:
    lanes: dict[str, list[dict[str, Any]]] = {}
    for fact in facts:
        lanes.setdefault(fact["sender"], []).append(fact)
    while lanes:
        sender = random.choice(sorted(lanes))
        yield lanes[sender].pop(0)
        lanes = {name: left for name, left in lanes.items() if left}


async def _tell(gateway: Gateway, facts: Sequence[dict[str, Any]]) -> None:
    now = gateway.clock.now()
    async with gateway.process.database.transaction() as connection:
        await connection.execute(_INSERT, [fact | {"now": now} for fact in facts])
        await roll_up.mark(connection, {fact["case"] for fact in facts}, now)


async def _roll_up_all(gateway: Gateway) -> None:
    while await roll_up_statistics(gateway.process):
        pass


async def _stored(gateway: Gateway) -> list[Any]:
    return [await gateway.rows(f"SELECT * FROM {name} ORDER BY 1, 2, 3") for name in ("transit_sum", "transit_span")]  # noqa: S608


def _shape(row: Mapping[str, Any]) -> tuple[Any, ...]:
    return row["begins_on"], row["ends_on"], row["net_fen"], row["since"]


async def _agrees(gateway: Gateway) -> None:
    cases = await _counted(gateway)
    for first, last in _PERIODS:
        for areas in (NATION, _SHANDONG):
            mine = {number: case for number, case in cases.items() if any(_lies_in(areas, code) for code in case[0])}
            assert await _shown(gateway, Asked(areas, first, last)) == count(mine, first, last), (first, last)
            open_on = {
                number: (net(moves, last), since(moves, last))
                for number, (_, moves) in mine.items()
                if net(moves, last)
            }
            assert await _listed(gateway, Asked(areas, first, last)) == open_on


def _lies_in(areas: AreaRange, code: str) -> bool:
    return areas.low <= code <= areas.high


async def _counted(gateway: Gateway) -> dict[str, tuple[Pair, list[Move]]]:
    facts: dict[str, list[Fact]] = {}
    for row in await gateway.rows("SELECT * FROM money_fact ORDER BY fact_no"):
        facts.setdefault(row["rlts_traf_id"], []).append(row)
    cases = await gateway.rows(
        "SELECT rlts_traf_id, trafout_admdvs, trafin_admdvs FROM transfer_case WHERE origin <> 'paper'"
    )
    pairs = {row["rlts_traf_id"]: (row["trafout_admdvs"], row["trafin_admdvs"]) for row in cases}
    return {number: (pair, moves_of(pair, facts.get(number, []))) for number, pair in pairs.items()}


async def _shown(gateway: Gateway, asked: Asked) -> dict[Pair, Counted]:
    """All pages of two."""
    found: dict[Pair, Counted] = {}
    after = None
    while True:
        async with gateway.process.database.connection() as connection:
            rows = await transit.pairs(connection, asked, after, 2)
        for row in rows:
            after = (row.trafout_admdvs, row.trafin_admdvs)
            found[after] = counted = Counted()
            for name in ("opening", "paid", "payments", "returned", "received", "receipts", "sent_back"):
                counted.add(name, int(getattr(row, name)))
            for each in row.standing:
                key = (each["is_under_way"], AGE_BRACKETS[each["bracket"] - 1].code)
                counted.standing[key] = (each["cases"], int(each["amount"]), date.fromisoformat(each["since"]))
        if len(rows) < 2:
            return found


async def _listed(gateway: Gateway, asked: Asked) -> dict[str, tuple[int, date]]:
    found: dict[str, tuple[int, date]] = {}
    after = None
    while True:
        async with gateway.process.database.connection() as connection:
            rows = await transit.items(connection, asked, is_under_way_only=False, after=after, limit=7)
        assert [row.rlts_traf_id for row in rows] == sorted(row.rlts_traf_id for row in rows)
        found |= {row.rlts_traf_id: (row.net_fen, row.since) for row in rows}
        if len(rows) < 7:
            return found
        after = rows[-1].rlts_traf_id


async def test_what_stands_is_found_by_its_index(gateway: Gateway) -> None:
    database = gateway.process.database
    with statements(database) as sent:
        async with database.connection() as connection:
            asked = Asked(NATION, date(2026, 2, 1), date(2026, 2, 28))
            await transit.pairs(connection, asked, None, 50)
            await transit.items(connection, asked, is_under_way_only=True, after=None, limit=50)
    async with database.connection() as connection:
        await connection.exec_driver_sql("SET enable_seqscan = off")
        plans = [await plan_of(connection, each) for each in sent]
        await connection.exec_driver_sql("RESET enable_seqscan")
    assert all("ix_transit_span_days" in plan and "Seq Scan" not in plan for plan in plans if "transit" in plan)
    assert len(plans) == 2
