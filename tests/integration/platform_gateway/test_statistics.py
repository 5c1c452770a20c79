"""The statistics are what a full count of the cases gives, whatever was rolled up when; and each sees its own."""

import asyncio
from collections.abc import Callable
from datetime import date
from typing import Any

import pytest
from sqlalchemy import text
from sqlalchemy.ext.asyncio import create_async_engine

from bench.made_cases import make_cases
from bench.plans import plan_of, statements
from platform_gateway.domain.statistics import GroupBy
from platform_gateway.repository import roll_up
from platform_gateway.statistics_tool import statistics_tool
from platform_gateway.use_cases.roll_up_statistics import roll_up_statistics
from shared.database.engine import asyncpg_url
from shared.time_limits import ClockKind
from tests.integration.platform_gateway.figures_shown import (
    AREAS,
    IN,
    NATION,
    OUT,
    SHANDONG,
    a_day_of_one_agency,
    csv_is_the_same_figures,
    expected,
    figures_of,
    lines,
    of,
    roll_up_all,
    the_overdue_list_is_complete_and_in_order,
)
from tests.integration.platform_gateway.full_count import OWED, Told, flows, told
from tests.integration.platform_gateway.gateway import BEIJING, CHANNEL, CHENGDU, JINAN, QINGDAO, Gateway, agency

pytestmark = pytest.mark.law("N3", "S53-4")

CASES, SEED = 1200, 20260302


@pytest.fixture
def more_settings() -> dict[str, Any]:
    return {"statistics_batch": 700}


@pytest.fixture
async def counted(gateway: Gateway) -> tuple[Gateway, list[Told]]:
    """A platform with generated cases, all of them rolled up."""
    app = gateway.process.database._url
    engine = create_async_engine(asyncpg_url(app.set(username="platform_gateway_owner").render_as_string()))
    async with engine.begin() as connection:
        await make_cases(connection, AREAS, cases=CASES, first=date(2025, 8, 1), days=210, seed=SEED)
    await engine.dispose()
    await roll_up_all(gateway)
    return gateway, await told(gateway)


async def test_every_grouping_agrees_with_a_full_count(counted: tuple[Gateway, list[Told]]) -> None:
    gateway, cases = counted
    (total,) = await lines(gateway, NATION, "by=total")
    assert figures_of(total) == expected(cases)
    assert total["returns"]["rate"] == round(total["returns"]["returned"] / total["returns"]["sheets"], 4)
    assert {state for state in OWED if total["money"]["outstanding"][state]["cases"]} >= {"paid", "mismatched"}
    for line in await lines(gateway, NATION, "by=area"):
        code = line["key"]["admdvs"]
        assert figures_of(line) == expected(each for each in cases if code in of(OUT, IN)(each)), code
    for line in await lines(gateway, NATION, "by=province"):
        prefix = line["key"]["province"][:2]
        mine = [each for each in cases if any(area.startswith(prefix) for area in of(OUT, IN)(each))]
        assert figures_of(line) == expected(mine), prefix
    directions = await lines(gateway, NATION, "by=direction&limit=7")
    assert len(directions) == len(AREAS) ** 2
    for line in directions:
        pair = (line["key"][OUT], line["key"][IN])
        assert figures_of(line) == expected(each for each in cases if of(OUT, IN)(each) == pair), pair
    for line in await lines(gateway, NATION, "by=schemes"):
        pair = tuple(line["key"].values())
        mine = [each for each in cases if of("trafout_insutype", "trafin_insutype")(each) == pair]
        assert figures_of(line) == expected(mine), pair
    counties = await lines(gateway, NATION, f"by=county&admdvs={JINAN}&side=inbound")
    for line in counties:
        code = line["key"]["county"]
        mine = [each for each in cases if each.case[IN] == JINAN and each.counties[1] == code]
        assert figures_of(line) == expected(mine), code
    assert len(counties) == 8
    months = await lines(gateway, NATION, "by=month")
    assert len(months) == 8
    for line in months:
        assert figures_of(line) == dict(flows(cases, [int(line["key"]["month"])]))
        assert line["money"]["outstanding"] is None


SEEN_BY: list[tuple[dict[str, Any], str, Callable[[str, str], bool]]] = [
    (SHANDONG, "by=total", lambda out, into: "37" in (out[:2], into[:2])),
    (SHANDONG, "by=total&side=inbound", lambda _, into: into.startswith("37")),
    (NATION | {"oversight": "370100"}, "by=total", lambda out, into: "3701" in (out[:4], into[:4])),
    (NATION, f"by=total&admdvs={JINAN}", lambda out, into: JINAN in (out, into)),
    (agency(JINAN, scope="oversight:read"), "by=total", lambda out, into: JINAN in (out, into)),
    (NATION, "by=total&distance=same_province", lambda out, into: out[:2] == into[:2] and out[:4] != into[:4]),
]


async def test_no_question_needs_to_read_a_table_from_end_to_end(gateway: Gateway) -> None:
    database = gateway.process.database
    await gateway.accepted()
    await roll_up_all(gateway)
    with statements(database) as sent:
        for by in GroupBy:
            await lines(gateway, SHANDONG, f"by={by}")
        await gateway.call("GET", "/statistics/overdue", SHANDONG)
        await gateway.call("GET", "/daily-totals/2026-03-02", agency(JINAN))
    asked = [each for each in sent if "statistic_" in each[0] or "transfer_case" in each[0]]
    async with database.connection() as connection:
        # So few rows are read faster without an index: ask what there is when that costs.
        await connection.exec_driver_sql("SET enable_seqscan = off")
        plans = [await plan_of(connection, each) for each in asked]
        await connection.exec_driver_sql("RESET enable_seqscan")
    assert len(plans) > 2 * len(GroupBy)
    assert not [plan for plan in plans if "Seq Scan" in plan]


async def test_each_sees_its_own_area_and_nothing_twice(counted: tuple[Gateway, list[Told]]) -> None:
    gateway, cases = counted
    for caller, query, is_mine in SEEN_BY:
        (line,) = await lines(gateway, caller, query)
        mine = [each for each in cases if is_mine(each.case[OUT], each.case[IN])]
        assert figures_of(line) == expected(mine), query
    await csv_is_the_same_figures(gateway)
    await the_overdue_list_is_complete_and_in_order(gateway, cases)
    await a_day_of_one_agency(gateway, cases)


async def test_what_is_not_ones_own_is_not_found(gateway: Gateway) -> None:
    for caller, area in ((SHANDONG, CHENGDU), (SHANDONG, "510000"), (agency(JINAN, scope="oversight:read"), QINGDAO)):
        for path in (f"/statistics?admdvs={area}", f"/statistics/overdue?admdvs={area}"):
            assert (await gateway.call("GET", path, caller)).status_code == 404
    for unknown in ("999999", "370102", "990000"):
        for path in (f"/statistics?admdvs={unknown}", f"/daily-totals/2026-03-02?admdvs={unknown}"):
            assert (await gateway.call("GET", path, NATION)).status_code == 404, path
    assert (await gateway.call("GET", "/statistics", CHANNEL)).status_code == 403
    reversed_months = "/statistics?month_from=202603&month_to=202601"
    assert (await gateway.call("GET", reversed_months, NATION)).status_code == 422


async def test_late_facts_marks_twice_and_runs_broken_off_leave_the_sums_right(
    counted: tuple[Gateway, list[Told]],
    monkeypatch: pytest.MonkeyPatch,
    capfdbinary: pytest.CaptureFixture[bytes],
) -> None:
    gateway, cases = counted
    number = next(each.case["rlts_traf_id"] for each in cases if each.case["money_state"] == "awaiting_payment")
    database, now = gateway.process.database, gateway.clock.now()
    async with database.transaction() as connection:
        await connection.execute(
            text(
                "INSERT INTO money_fact (rlts_traf_id, kind, amount, booked_on, sender, message_id, recorded_at)"
                " VALUES (:number, 'paid', 700, '2025-09-01', 'late', gen_random_uuid(), :now)"
            ),
            {"number": number, "now": now},
        )
        await connection.execute(
            text(
                "INSERT INTO addendum (rlts_traf_id, addendum_no, sealed_addendum, digest, arrival, arrived_at, amount,"
                " cause, message_id) VALUES (:number, 901, '', '', '', :now, 300, 'interest', gen_random_uuid())"
            ),
            {"number": number, "now": now},
        )
        await connection.execute(
            text("UPDATE transfer_case SET money_state = 'paid' WHERE rlts_traf_id = :number"), {"number": number}
        )
        await roll_up.mark(connection, [number, *(each.case["rlts_traf_id"] for each in cases[:900])], now)
    async with database.engine.connect() as broken_off:
        await roll_up.count(broken_off, await roll_up.take_marked(broken_off, 500))
        await broken_off.rollback()
    assert (await gateway.call("GET", "/statistics", NATION)).json()["as_of"] == now.isoformat().replace("+00:00", "Z")
    for again in (False, True):
        if again:
            assert await recount(gateway, monkeypatch) == 0
            assert f"已标记 {CASES} 件" in capfdbinary.readouterr().out.decode()
        await roll_up_all(gateway)
        (total,) = await lines(gateway, NATION, "by=total")
        assert figures_of(total) == expected(await told(gateway))
    assert (await gateway.rows("SELECT count(*) AS n FROM statistic_standing WHERE n <= 0"))[0]["n"] == 0


async def recount(gateway: Gateway, monkeypatch: pytest.MonkeyPatch) -> int:
    """The operator's command."""
    monkeypatch.setenv("DATABASE_URL", gateway.process.settings.database_url.get_secret_value())
    return await asyncio.to_thread(statistics_tool, ["recount"])


async def test_while_somebody_counts_nobody_else_does(gateway: Gateway) -> None:
    await gateway.accepted()
    async with gateway.process.database.transaction() as connection:
        assert await roll_up.is_mine(connection)
        assert await roll_up_statistics(gateway.process) == 0
    assert await roll_up_statistics(gateway.process) > 0


async def test_real_cases_are_counted_as_they_go(gateway: Gateway) -> None:
    number = await gateway.accepted()
    await gateway.issue(number)
    await roll_up_all(gateway)
    (line,) = (await gateway.call("GET", "/statistics", NATION)).json()["items"]
    assert (line["volumes"]["applied"], line["volumes"]["accepted"], line["returns"]["sheets"]) == (1, 1, 1)
    assert line["time_limits"][ClockKind.OUTBOUND]["kept"] == 1
    assert line["time_limits"][ClockKind.INBOUND]["running"] == 1
    assert line["money"]["outstanding_total"] == {"cases": 1, "amount": "1234.56"}


async def test_a_municipality_is_one_pooling_area(gateway: Gateway) -> None:
    both = {"scope": "oversight:read transfers:read"}
    for path in ("/statistics?", "/daily-totals/2025-10-15?"):
        for caller in (agency(BEIJING) | both, NATION | both):
            answer = await gateway.call("GET", f"{path}admdvs={BEIJING}", caller)
            assert answer.status_code == 200, answer.text
    assert (await gateway.call("GET", "/daily-totals/2025-10-15?admdvs=370000", NATION | both)).status_code == 422
