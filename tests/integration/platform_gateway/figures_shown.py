"""The statistics as the routes show them, read back and held against the full count."""

import csv
import io
from collections import Counter
from collections.abc import Callable, Iterable
from datetime import date
from typing import Any

from platform_gateway.use_cases.roll_up_statistics import roll_up_statistics
from shared.clock import local_date
from shared.money import parse_yuan
from tests.integration.platform_gateway.full_count import Told, flows, standing
from tests.integration.platform_gateway.gateway import BEIJING, CHENGDU, JINAN, QINGDAO, Gateway, agency

TODAY = date(2026, 3, 2)
AREAS = [JINAN, QINGDAO, CHENGDU, BEIJING, "370101"]
NATION = {"sub": "nation", "scope": "oversight:read transfers:read", "oversight": "000000"}
SHANDONG = NATION | {"sub": "shandong", "oversight": "370000"}
MONTHS = "month_from=202508&month_to=202603"


async def roll_up_all(gateway: Gateway) -> None:
    while await roll_up_statistics(gateway.process):
        pass


async def lines(gateway: Gateway, caller: dict[str, Any], query: str) -> list[dict[str, Any]]:
    """All pages of the figures."""
    found: list[dict[str, Any]] = []
    cursor = ""
    while True:
        answer = await gateway.call("GET", f"/statistics?{MONTHS}&{query}{cursor}", caller)
        assert answer.status_code == 200, answer.text
        page = answer.json()
        found += page["items"]
        if page["next_cursor"] is None:
            return found
        cursor = f"&cursor={page['next_cursor']}"


def figures_of(line: dict[str, Any]) -> dict[str, int]:
    """A line's figures by the names of the full count; sums in fen."""
    found = dict(line["volumes"])
    for kind, clock in line["time_limits"].items():
        found |= {f"{kind}_{name}": clock[name] for name in ("kept", "late", "running", "overdue")}
    returns, money = line["returns"], line["money"]
    found |= {"sheets": returns["sheets"], "returned": returns["returned"]}
    found |= {f"returned_{code.lower()}": n for code, n in returns["codes"].items()}
    for name in ("paid", "credited", "sent_back"):
        found |= {name: money[name]["cases"], f"{name}_amount": parse_yuan(money[name]["amount"])}
    for state, owed in (money["outstanding"] or {}).items():
        found |= {f"owed_{state}": owed["cases"], f"owed_{state}_amount": parse_yuan(owed["amount"])}
    return {name: value for name, value in found.items() if value}


def expected(cases: Iterable[Told]) -> dict[str, int]:
    kept = list(cases)
    return {name: n for name, n in (flows(kept, range(202508, 202604)) + standing(kept, TODAY)).items() if n}


def of(*names: str) -> Callable[[Told], tuple[str, ...]]:
    return lambda each: tuple(each.case[name] for name in names)


OUT, IN = "trafout_admdvs", "trafin_admdvs"


async def csv_is_the_same_figures(gateway: Gateway) -> None:
    asked = await gateway.call("GET", f"/statistics?{MONTHS}&by=area", NATION, headers={"Accept": "text/csv"})
    dotted = await gateway.call("GET", f"/statistics.csv?{MONTHS}&by=area", NATION)
    assert asked.text == dotted.text
    assert asked.headers["content-type"] == "text/csv; charset=utf-8"
    rows = list(csv.DictReader(io.StringIO(asked.text.removeprefix("\ufeff"))))
    shown = await lines(gateway, NATION, "by=area")
    assert [row["统筹区"] for row in rows] == [line["key"]["admdvs"] for line in shown]
    assert [row["受理"] for row in rows] == [str(line["volumes"]["accepted"]) for line in shown]
    assert [row["未清金额"] for row in rows] == [line["money"]["outstanding_total"]["amount"] for line in shown]
    assert rows[0]["名称"] == "北京市医疗保险事务管理中心"


async def the_overdue_list_is_complete_and_in_order(gateway: Gateway, cases: list[Told]) -> None:
    found: list[dict[str, Any]] = []
    cursor = ""
    while True:
        page = (await gateway.call("GET", f"/statistics/overdue?limit=500{cursor}", SHANDONG)).json()
        found += page["items"]
        if page["next_cursor"] is None:
            break
        cursor = f"&cursor={page['next_cursor']}"
    late = {
        (clock["rlts_traf_id"], clock["kind"])
        for each in cases
        if "37" in (each.case[OUT][:2], each.case[IN][:2])
        for clock in each.clocks
        if clock["stopped_at"] is None and clock["due_on"] < TODAY
    }
    assert {(each["rlts_traf_id"], each["kind"]) for each in found} == late
    assert len(found) == len(late)
    assert [each["due_on"] for each in found] == sorted(each["due_on"] for each in found)
    dotted = await gateway.call("GET", "/statistics/overdue.csv?limit=500", SHANDONG)
    rows = list(csv.DictReader(io.StringIO(dotted.text.removeprefix("\ufeff"))))
    assert [(row["办件编号"], row["截止日"]) for row in rows] == [
        (each["rlts_traf_id"], each["due_on"]) for each in found[:500]
    ]
    assert ("x-next-cursor" in dotted.headers) == (len(found) > 500)


async def a_day_of_one_agency(gateway: Gateway, cases: list[Told]) -> None:
    mine = [each for each in cases if each.case[IN] == JINAN]
    payments = [fact for each in mine for fact in each.facts if fact["kind"] == "paid"]
    on = Counter(fact["booked_on"] for fact in payments).most_common(1)[0][0]
    answer = await gateway.call("GET", f"/daily-totals/{on}", agency(JINAN))
    assert answer.status_code == 200, answer.text
    inbound = answer.json()["inbound"]
    paid = [fact["amount"] for fact in payments if fact["booked_on"] == on]
    assert inbound["money"]["paid"]["cases"] == len(paid)
    assert parse_yuan(inbound["money"]["paid"]["amount"]) == sum(paid)
    moved = [entry for each in mine for entry in each.history if entry["is_allowed"]]
    assert inbound["entered"] == Counter(
        entry["to_state"]
        for entry in moved
        if entry["from_state"] != entry["to_state"] and local_date(entry["at"]) == on
    )
    assert (await gateway.call("GET", "/daily-totals/2025-10-15", NATION)).status_code == 422
    assert (await gateway.call("GET", f"/daily-totals/2025-10-15?admdvs={CHENGDU}", agency(JINAN))).status_code == 404
