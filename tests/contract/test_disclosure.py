"""Nobody learns that another agency's case, statement, order or person exists: 404, to the byte as for none at all."""

from typing import Any

import pytest

from tests.contract.conftest import Settled
from tests.contract.doors import (
    ACCEPT,
    APPROVE,
    DOORS,
    NOT_ABOUT_CASES,
    UNKNOWN_CASE,
    UNKNOWN_UUID,
    WRITES_ITS_OWN,
    Door,
    knock,
    seen,
)
from tests.contract.known_ids import OWNER, Ids, known_ids
from tests.contract.test_access import GUARDED
from tests.courses import ZHENG_SHUANG, application
from tests.registry import BEIJING, CHENGDU, JINAN, QINGDAO


@pytest.fixture(scope="module")
async def ids(settled: Settled) -> Ids:
    """Ids of what the owners have, by service."""
    return await known_ids(settled.system, settled.case)


_NUMBERS = ("version", "addendum_no", "day", "month")
UNKNOWN = {
    "rlts_traf_id": UNKNOWN_CASE,
    "psn_no": "Z999",
    "import_id": "no-import",
    "account_id": "999999999",
    "line_id": "999999999",
    "alert_id": "999999999",
    "bankacct": "629999",
    "admdvs": BEIJING,
}


def test_every_route_with_an_id_is_tried() -> None:
    with_id = {
        route[:3] for route in GUARDED if "{" in route[2] and not NOT_ABOUT_CASES.match(route[2])
    } - WRITES_ITS_OWN
    assert with_id == {(door.package, door.method, "/v1" + door.path.partition("?")[0]) for door in DOORS}


@pytest.mark.parametrize("door", DOORS, ids=str)
async def test_what_is_anothers_looks_like_what_is_not_there(settled: Settled, ids: Ids, door: Door) -> None:
    known = ids[door.package]
    unknown = known | {name: UNKNOWN.get(name, UNKNOWN_UUID) for name in known if name not in _NUMBERS}
    unknown["sheet_version"] = "1"
    there = await knock(settled, door, known, QINGDAO)
    nowhere = await knock(settled, door, unknown, QINGDAO)
    assert there.status_code == 404, there.text
    assert seen(there) == seen(nowhere)


@pytest.mark.parametrize("door", DOORS, ids=str)
async def test_its_owner_is_not_told_that_it_is_missing(settled: Settled, ids: Ids, door: Door) -> None:
    platform_wide = door.package == "platform_gateway" and "quarantine" in door.path
    owner = await knock(settled, door, ids[door.package], "*" if platform_wide else OWNER[door.package])
    assert owner.status_code in door.owner, owner.text


@pytest.mark.parametrize("package", ["outbound", "inbound"])
@pytest.mark.parametrize("path", ["/submissions", "/reviews"])
async def test_bulk_items_of_others_look_like_what_is_not_there(settled: Settled, package: str, path: str) -> None:
    answers = [await bulk(settled, package, path, case) for case in (settled.case, UNKNOWN_CASE)]
    assert '"state":null' in answers[0]
    assert answers[0] == answers[1]


async def test_bulk_query_and_search_find_nothing_of_others(settled: Settled) -> None:
    query = {"rlts_traf_ids": [settled.case, UNKNOWN_CASE]}
    claims = {"admdvs": QINGDAO}
    found = await settled.system.done("platform_gateway", "POST", "/transfers/query", claims=claims, json=query)
    assert [item["transfer"] for item in found["items"]] == [None, None]
    person = {"psn_cert_type": "01", "certno": ZHENG_SHUANG.certno}
    for area, count in ((QINGDAO, 0), (JINAN, 1), (CHENGDU, 1)):
        page = await settled.system.done(
            "platform_gateway", "POST", "/transfers/search", claims={"admdvs": area}, json=person
        )
        assert len(page["items"]) == count


LISTS = [
    ("platform_gateway", "/transfers"),
    ("platform_gateway", "/transfers?admdvs=370100&side=outbound"),
    ("platform_gateway", "/events"),
    ("platform_gateway", "/statistics/overdue"),
    ("platform_gateway", "/reconciliations/invariants"),
    ("platform_gateway", "/reconciliations/invariants/reports"),
    ("platform_gateway", "/reconciliations/platform?month=202603"),
    ("platform_gateway", "/reconciliations/platform/cases?month=202603&is_in_transit=false"),
    ("outbound", "/cases?state=ended&state=accepted"),
    ("outbound", "/events"),
    ("outbound", "/quarantine"),
    ("outbound", "/core-tasks"),
    ("outbound", "/record-conflicts"),
    ("inbound", "/cases"),
    ("inbound", "/events"),
    ("inbound", "/paper-cases"),
    ("inbound", "/quarantine"),
    ("ledger", "/statements"),
    ("ledger", "/statement-restatements"),
    ("ledger", "/opening-items"),
    ("ledger", "/suspense"),
    ("ledger", "/proposals"),
    ("ledger", "/payment-orders"),
    ("ledger", "/payment-batches"),
    ("ledger", "/payment-status-reports"),
    ("ledger", "/obligations"),
    ("ledger", "/events"),
    ("ledger", "/quarantine"),
]


@pytest.mark.parametrize(("package", "path"), LISTS)
async def test_lists_hold_nothing_of_others(settled: Settled, package: str, path: str) -> None:
    page = await settled.system.done(package, "GET", path, claims={"admdvs": QINGDAO})
    assert page["items"] == []


async def test_batch_of_anothers_orders_looks_like_orders_that_are_not_there(settled: Settled) -> None:
    page = await settled.system.done("ledger", "GET", "/payment-orders", claims={"admdvs": JINAN})
    order = page["items"][0]["id"]
    answers = [
        await settled.system.call(
            "ledger",
            "POST",
            "/payment-batches",
            claims={"admdvs": QINGDAO},
            json={"orders": [{"order_id": each, "version": 1}]},
        )
        for each in (order, UNKNOWN_UUID)
    ]
    assert not answers[0].is_success
    assert seen(answers[0]).replace(order, "?") == seen(answers[1]).replace(UNKNOWN_UUID, "?")


async def test_case_in_the_way_is_named_to_its_own_sides_only(settled: Settled) -> None:
    body = application(ZHENG_SHUANG, trafin_admdvs=BEIJING)
    answer = await settled.system.call("platform_gateway", "POST", "/transfers", claims={"admdvs": BEIJING}, json=body)
    assert settled.case not in answer.text


async def test_token_without_an_area_sees_no_case(settled: Settled) -> None:
    answers = [
        await settled.system.call(
            "platform_gateway", "GET", f"/transfers/{case}", claims={"admdvs": None, "sub": "nobody"}
        )
        for case in (settled.case, UNKNOWN_CASE)
    ]
    assert [answer.status_code for answer in answers] == [404, 404]
    assert seen(answers[0]) == seen(answers[1])


async def bulk(settled: Settled, package: str, path: str, case: str) -> str:
    item: dict[str, Any] = {"rlts_traf_id": case, "row_version": 1}
    if path == "/reviews":
        item |= APPROVE if package == "outbound" else {"decision": "approve"}
    elif package == "inbound":
        item |= ACCEPT
    answer = await settled.system.call(package, "POST", path, claims={"admdvs": QINGDAO}, json={"items": [item]})
    assert answer.status_code == 200, answer.text
    return answer.text.replace(case, "?")
