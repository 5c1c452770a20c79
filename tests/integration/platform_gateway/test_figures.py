"""Who has to report figures is missed from its first case on; no report is of a day that has not come."""

from datetime import datetime, time, timedelta
from random import Random
from typing import Any

import pytest
from sqlalchemy import text

from platform_gateway import metrics
from platform_gateway.use_cases.compare_again import compare_again
from shared.case_number import new_case_number
from shared.clock import SHANGHAI, local_date
from shared.contracts.events import FiguresReported
from shared.contracts.events.figures import CaseFigures, CaseGone, FiguresSide, figures_key
from shared.contracts.party import Party, Role
from tests.integration.platform_gateway.gateway import CHENGDU, JINAN, Gateway

_WATCHER = {"sub": "watcher", "scope": "oversight:read", "oversight": "000000"}
_SIDES = [Party(Role.INBOUND, CHENGDU), Party(Role.LEDGER, JINAN), Party(Role.LEDGER, CHENGDU)]
_OUTBOUND = Party(Role.OUTBOUND, JINAN)
_THOUSAND_MORE = """
    INSERT INTO transfer_case
    SELECT (jsonb_populate_record(c, jsonb_build_object('rlts_traf_id', lpad(n, 20, '0'), 'person_key', n))).*
    FROM transfer_case c CROSS JOIN (SELECT CAST(generate_series(1, 1000) AS text) AS n) more
"""
"""Their numbers come before all others."""


@pytest.mark.law("S53-2")
async def test_a_side_that_never_reported_is_silent_since_its_first_case(gateway: Gateway) -> None:
    assert await _shown(gateway) == {}
    number = await gateway.accepted()
    first = local_date(gateway.clock.now())
    gateway.clock.advance(hours=72)
    expected = {str(side): first for side in (*_SIDES, _OUTBOUND)}
    assert await _shown(gateway) == {sender: (None, day.isoformat()) for sender, day in expected.items()}
    assert await _days_behind(gateway) == 3

    today = local_date(gateway.clock.now())
    for side in _SIDES:
        await _report(gateway, side)
    assert await _days_behind(gateway) == 3
    assert (await _shown(gateway))[str(_SIDES[0])] == (today.isoformat(), today.isoformat())
    await _report(gateway, _OUTBOUND, is_last=False)
    assert (await _shown(gateway))[str(_OUTBOUND)] == (today.isoformat(), first.isoformat())
    assert await _days_behind(gateway) == 3
    gone = CaseGone(rlts_traf_id=number, side=FiguresSide.OUTBOUND)
    nobodys = CaseGone(rlts_traf_id=new_case_number(Random(1)), side=FiguresSide.OUTBOUND)
    await _report(gateway, _OUTBOUND, part=2, gone=(gone, nobodys))
    assert await _days_behind(gateway) == 0
    open_breaks = "SELECT rlts_traf_id, kind, told_value FROM invariant_break WHERE settled_at IS NULL"
    lost = {"rlts_traf_id": number, "kind": "case_missing", "told_value": ""}
    assert await gateway.rows(open_breaks) == [lost]
    gateway.clock.advance(hours=24)
    # What was reported before it was gone is compared once more: that does not bring it back.
    level = CaseFigures(rlts_traf_id=number, side=FiguresSide.OUTBOUND, heard=1)
    await _report(gateway, _OUTBOUND, figures=(level,))
    await _report(gateway, _OUTBOUND, part=2, gone=(gone,))
    assert await compare_again(gateway.process) == 1
    assert {row["kind"] for row in await gateway.rows(open_breaks)} == {"state", "case_missing"}
    gateway.clock.advance(hours=24)
    await _report(gateway, _OUTBOUND, number)
    assert "case_missing" not in [row["kind"] for row in await gateway.rows(open_breaks)]


async def test_where_more_are_missing_than_are_told_the_others_are_not_taken_for_found(gateway: Gateway) -> None:
    number = await gateway.accepted()
    gateway.clock.advance(hours=72)
    async with gateway.process.database.transaction() as connection:
        await connection.execute(text(_THOUSAND_MORE))
    gone = CaseGone(rlts_traf_id=number, side=FiguresSide.OUTBOUND)
    await _report(gateway, _OUTBOUND, range_from="", range_to=None, gone=(gone,))
    missing = await gateway.rows("SELECT rlts_traf_id FROM invariant_break WHERE settled_at IS NULL")
    assert (len(missing), {"rlts_traf_id": number} in missing) == (1001, True)


@pytest.mark.parametrize("late", ["reported_on", "started_at", "as_of"])
async def test_a_report_of_a_later_day_waits_in_quarantine_and_counts_for_nothing(gateway: Gateway, late: str) -> None:
    number = await gateway.accepted()
    now = gateway.clock.now()
    tomorrow: Any = local_date(now) + timedelta(days=1) if late == "reported_on" else now + timedelta(days=1)
    await _report(gateway, _OUTBOUND, number, **{late: tomorrow})
    assert await gateway.quarantined() == ["figures-from-the-future"]
    for kept in ("case_figures", "figures_report"):
        assert await gateway.rows(f"SELECT sender FROM {kept}") == []  # noqa: S608 - our own names
    gateway.clock.advance(hours=1)
    await _report(gateway, _OUTBOUND, number, reported_on=local_date(now) - timedelta(days=1))
    assert await gateway.rows("SELECT verdict FROM case_figures") == [{"verdict": "breaks"}]


async def test_a_side_whose_clock_is_a_little_ahead_reports_just_after_its_midnight(gateway: Gateway) -> None:
    await gateway.accepted()
    midnight = datetime.combine(local_date(gateway.clock.now()) + timedelta(days=1), time.min, SHANGHAI)
    gateway.clock.advance(seconds=(midnight - gateway.clock.now()).total_seconds() - 60)
    await _report(gateway, _OUTBOUND, reported_on=midnight.date(), started_at=midnight, as_of=midnight)
    assert await gateway.quarantined() == []


async def _report(gateway: Gateway, sender: Party, *cases: str, **changes: Any) -> None:
    now: datetime = gateway.clock.now()
    told = {"reported_on": local_date(now), "started_at": now, "as_of": now, "part": 1, "is_last": True}
    figures = tuple(CaseFigures(rlts_traf_id=each, side=FiguresSide.OUTBOUND, heard=9) for each in cases)
    event = FiguresReported.model_validate(
        told | {"range_from": "2", "range_to": "3", "figures": figures} | changes,
    )
    await gateway.receive((sender, figures_key(sender, event.reported_on), event))


async def _shown(gateway: Gateway) -> dict[str, tuple[str | None, str]]:
    answer = await gateway.call("GET", "/reconciliations/invariants/reports", _WATCHER)
    assert answer.status_code == 200, answer.text
    return {each["reported_by"]: (each["reported_on"], each["silent_since"]) for each in answer.json()["items"]}


async def _days_behind(gateway: Gateway) -> float:
    await metrics.measure(gateway.process)
    return float(metrics.FIGURES_DAYS_BEHIND._value.get())
