"""Warnings at 80 % and at overdue, told once; provisional dates become firm."""

from typing import Any

import pytest

from platform_gateway import metrics
from platform_gateway.use_cases.watch_deadlines import Recounting, watch_deadlines
from shared.calendar import statutory_days
from shared.clock import local_date
from shared.contracts.events import BalancePaid
from shared.contracts.party import Party, Role
from tests.integration.platform_gateway.gateway import CHANNEL, HAN_MEI, JINAN, OPERATOR, Gateway

PAYER = Party(Role.LEDGER, JINAN)


async def test_warns_and_calls_overdue_once_and_fails_nothing(gateway: Gateway) -> None:
    number = await gateway.accepted()
    assert await watch_deadlines(gateway.process) == 0
    gateway.clock.advance(days=10)
    assert await watch_deadlines(gateway.process) == 1
    assert await watch_deadlines(gateway.process) == 0
    listed = await gateway.call("GET", "/transfers?is_due_soon=true", CHANNEL)
    assert [(each["rlts_traf_id"], each["is_due_soon"]) for each in listed.json()["items"]] == [(number, True)]
    await metrics.measure(gateway.process)
    assert metrics.DUE_SOON.labels("outbound")._value.get() == 1
    gateway.clock.advance(days=5)
    assert await watch_deadlines(gateway.process) == 1
    history = [command for command, _, _ in await gateway.history(number)]
    assert history[-2:] == ["deadline_warned", "deadline_overdue"]
    shown = await gateway.shown(number)
    assert (shown["state"], shown["is_overdue"], shown["due_on"]) == ("accepted", True, "2026-03-16")
    assert "目前已超期" in shown["relation"]["line"]
    rows = await gateway.rows("SELECT type FROM feed WHERE admdvs = :admdvs ORDER BY feed_id", admdvs=JINAN)
    assert [row["type"] for row in rows][-2:] == ["case.deadline_warned", "case.deadline_overdue"]
    await metrics.measure(gateway.process)
    assert metrics.OVERDUE.labels("outbound")._value.get() == 1
    assert metrics.CASES.labels("accepted")._value.get() == 1


async def test_a_stopped_clock_is_not_watched(gateway: Gateway) -> None:
    number = await gateway.accepted()
    await gateway.call("POST", f"/transfers/{number}/withdrawal", CHANNEL, json={"reason": "不转了"})
    gateway.clock.advance(days=60)
    assert await watch_deadlines(gateway.process) == 0


async def test_dates_of_a_year_not_published_become_firm_once_it_is_loaded(gateway: Gateway) -> None:
    gateway.clock.advance(days=365 * 14)
    number, other = await gateway.accepted(), await gateway.accepted(**HAN_MEI)
    clocks = (await gateway.shown(number))["clocks"]
    assert all(clock["is_provisional"] for clock in clocks)
    gateway.clock.advance(days=15)
    await gateway.issue(other)
    assert (await clock(gateway, other, "outbound", 0))["is_overdue"]
    year, holiday = gateway.clock.now().year, clocks[0]["due_on"]
    festivals = sorted(day.isoformat() for day in statutory_days(year))
    body = {"holidays": [holiday, *festivals], "workdays": []}
    incomplete = await gateway.call("PUT", f"/calendar-years/{year}", OPERATOR, json=body | {"holidays": [holiday]})
    assert (incomplete.status_code, len(incomplete.json()["errors"])) == (422, len(festivals))
    assert (await gateway.call("PUT", f"/calendar-years/{year}", OPERATOR, json=body)).status_code == 201
    assert (await gateway.call("PUT", f"/calendar-years/{year}", OPERATOR, json=body)).status_code == 428
    recounting = Recounting()
    await counted_anew(gateway, recounting)
    in_time = await clock(gateway, other, "outbound", 0)
    assert (in_time["is_overdue"], in_time["is_provisional"], in_time["due_on"] > holiday) == (False, False, True)
    counted = (await gateway.shown(number))["clocks"]
    assert not any(clock["is_provisional"] for clock in counted)
    assert counted[0]["due_on"] > holiday
    assert {"on": holiday, "why": "exchanged", "why_name": "调休放假"} in counted[0]["skipped"]
    assert counted[0]["counted"][-1] == counted[0]["due_on"]
    assert len(counted[0]["counted"]) == counted[0]["days"]
    await put_right(gateway, recounting, number, body, counted[0]["due_on"])


async def counted_anew(gateway: Gateway, recounting: Recounting) -> None:
    """Page by page, until the loop has nothing left."""
    while await recounting.turn(gateway.process):
        pass


async def put_right(gateway: Gateway, recounting: Recounting, number: str, body: dict[str, Any], due_on: str) -> None:
    """The year is loaded once more, with the clock's last day off as well: warned and late are told of anew."""
    gateway.clock.advance(days=30)
    assert await watch_deadlines(gateway.process) == 5
    body = body | {"holidays": [*body["holidays"], due_on]}
    path = f"/calendar-years/{due_on[:4]}"
    again = await gateway.call("PUT", path, OPERATOR, json=body, headers={"If-Match": '"1"'})
    assert again.status_code == 200, again.text
    assert (await gateway.shown(number))["clocks"][0]["is_provisional"]
    await counted_anew(gateway, recounting)
    moved = (await gateway.shown(number))["clocks"][0]
    assert (moved["due_on"] > due_on, moved["is_provisional"]) == (True, False)
    feed = "SELECT data->>'due_on' AS due FROM feed WHERE type = 'case.deadline_moved' AND data->>'clock' = 'outbound'"
    told = [row["due"] for row in await gateway.rows(f"{feed} AND admdvs = :admdvs ORDER BY feed_id", admdvs=JINAN)]
    assert told == [due_on, moved["due_on"]]
    assert await watch_deadlines(gateway.process) == 3
    history = [command for command, _, _ in await gateway.history(number)]
    assert history.count("deadline_overdue") == 4


@pytest.mark.parametrize(
    ("trafin", "kinds"),
    [
        ("370200", ["outbound 6 S54-9", "total 9 S54-9"]),
        ("510100", ["outbound 10 N8", "total 15 S54-9"]),
    ],
)
async def test_the_clocks_of_shandong(gateway: Gateway, trafin: str, kinds: list[str]) -> None:
    number = await gateway.accepted(trafin_admdvs=trafin)
    clocks = (await gateway.shown(number))["clocks"]
    assert [f"{clock['kind']} {clock['days']} {clock['source']}" for clock in clocks] == kinds


async def clock(gateway: Gateway, number: str, kind: str, version: int = 1) -> dict[str, Any]:
    clocks = (await gateway.shown(number))["clocks"]
    return next(each for each in clocks if (each["kind"], each["sheet_version"]) == (kind, version))


async def test_the_payment_is_watched_from_the_sheet_until_the_bank_shows_it(gateway: Gateway) -> None:
    number = await gateway.accepted()
    await gateway.issue(number)
    watched = await clock(gateway, number, "payment")
    assert (watched["days"], watched["due_on"], watched["stopped_at"]) == (10, "2026-03-16", None)
    gateway.clock.advance(days=15)
    await watch_deadlines(gateway.process)
    assert (await clock(gateway, number, "payment"))["is_overdue"]
    await gateway.receive((PAYER, number, paid(gateway)))
    assert (await clock(gateway, number, "payment"))["stopped_at"] is not None


async def test_a_payment_that_came_before_its_sheet_is_not_watched(gateway: Gateway) -> None:
    number = await gateway.accepted()
    await gateway.receive((PAYER, number, paid(gateway)))
    await gateway.issue(number)
    assert "payment" not in {each["kind"] for each in (await gateway.shown(number))["clocks"]}


async def test_nothing_to_pay_is_not_watched(gateway: Gateway) -> None:
    number = await gateway.accepted()
    await gateway.issue(number, amount=0)
    assert "payment" not in {each["kind"] for each in (await gateway.shown(number))["clocks"]}


async def test_a_stage_that_ended_late_stays_overdue_even_if_nobody_watched(gateway: Gateway) -> None:
    number = await gateway.accepted()
    gateway.clock.advance(days=30)
    await gateway.issue(number)
    assert (await clock(gateway, number, "outbound", 0))["is_overdue"]
    assert not (await clock(gateway, number, "inbound"))["is_overdue"]


def paid(gateway: Gateway) -> BalancePaid:
    on = local_date(gateway.clock.now())
    return BalancePaid(obligation_no="1", amount=123456, booked_on=on, end_to_end_id="X-1")
