"""A case that was lodged for the wrong area of a province goes to the right one under its number."""

from typing import Any

import httpx
import pytest

from platform_gateway.repository import cases as case_rows
from platform_gateway.use_cases.ask_sides import ask_sides
from platform_gateway.use_cases.decide_cases import decide_cases
from shared.contracts.events import SheetRefused, TransferAccepted
from shared.contracts.facts import Finding, Side
from tests.integration.platform_gateway.gateway import (
    BEIJING,
    CHANNEL,
    CHENGDU,
    JINAN,
    LI_LEI,
    QINGDAO,
    Gateway,
    agency,
)

pytestmark = pytest.mark.law("N6", "N7-1")
OUT = (Side.OUTBOUND, LI_LEI["psn_name"])


def clerk(admdvs: str) -> dict[str, Any]:
    return agency(admdvs, scope="transfers:read transfers:decide events:read")


async def forward(gateway: Gateway, number: str, by: str, into: str, **headers: str) -> httpx.Response:
    given = {"If-Match": (await gateway.call("GET", f"/transfers/{number}", CHANNEL)).headers["ETag"]} | headers
    body = {"admdvs": into, "reason": "参保人选错统筹区"}
    return await gateway.call("POST", f"/transfers/{number}/forwarding", clerk(by), json=body, headers=given)


async def test_a_refused_case_goes_to_the_right_area_and_is_accepted(gateway: Gateway) -> None:
    gateway.agencies.findings[OUT] = (Finding(code="A01"),)
    number = str((await gateway.apply(trafout_admdvs=QINGDAO)).json()["rlts_traf_id"])
    assert (await gateway.shown(number))["state"] == "refused"
    del gateway.agencies.findings[OUT]
    gateway.clock.advance(days=2)

    for by, into, status in ((JINAN, QINGDAO, 404), (QINGDAO, BEIJING, 422), (QINGDAO, CHENGDU, 422)):
        assert (await forward(gateway, number, by, into)).status_code == status
    assert (await forward(gateway, number, QINGDAO, JINAN, **{"If-Match": '"99"'})).status_code == 412
    asked = {"If-Match": "*", "Idempotency-Key": "once"}
    for _ in range(2):
        assert (await forward(gateway, number, QINGDAO, JINAN, **asked)).status_code == 204
    assert [query.admdvs for call in gateway.agencies.calls[-2:] for query in call] in (
        [JINAN, CHENGDU],
        [CHENGDU, JINAN],
    )

    shown = await gateway.shown(number, clerk(JINAN))
    assert (shown["state"], shown["trafout_admdvs"], shown["reasons"]) == ("accepted", JINAN, [])
    assert shown["relation"]["line"].startswith("医保关系：转出地选择有误，已于")
    assert "转办至济南市医疗保险事业中心（370100）" in shown["relation"]["line"]
    assert (shown["forwarding"]["from_admdvs"], shown["forwarding"]["side"]) == (QINGDAO, "outbound")
    assert {clock["started_on"] for clock in shown["clocks"]} == {gateway.clock.now().date().isoformat()}
    told = await gateway.sent(number)
    assert [to for to, _ in told] == ["outbound.370100", "inbound.510100"]
    assert all(isinstance(event, TransferAccepted) and event.trafout_admdvs == JINAN for _, event in told)
    lines = (await gateway.call("GET", f"/transfers/{number}/history", clerk(CHENGDU))).json()["items"]
    assert [line["command"] for line in lines] == ["apply", "refuse", "forward", "accept"]
    assert (lines[2]["actor"], lines[2]["reason"]) == (
        f"clerk-{QINGDAO}",
        "转出地由370200转办至370100：参保人选错统筹区",
    )

    # The replaced area no longer finds the case; the relation's place is the new one's (A08).
    for path in ("", "/history", "/proposals"):
        assert (await gateway.call("GET", f"/transfers/{number}{path}", clerk(QINGDAO))).status_code == 404
    again = await gateway.apply(trafin_admdvs=BEIJING)
    assert [reason["code"] for reason in again.json()["reasons"]] == ["A08"]
    assert (await gateway.apply(trafout_admdvs=QINGDAO)).json()["outcome"] == "accepted"


async def test_an_accepted_case_goes_on_under_a_new_number_and_the_old_one_is_withdrawn(gateway: Gateway) -> None:
    number = await gateway.accepted(trafout_admdvs=QINGDAO)
    asked = {"If-Match": "*", "Idempotency-Key": "once"}
    for _ in range(2):
        assert (await forward(gateway, number, QINGDAO, JINAN, **asked)).status_code == 204
    withdrawn = [(to, type(event).__name__) for to, event in (await gateway.sent(number))[-2:]]
    assert withdrawn == [("outbound.370200", "TransferWithdrawn"), ("inbound.510100", "TransferWithdrawn")]
    old = await gateway.shown(number, clerk(QINGDAO))
    assert (old["state"], old["forwarding"]["former_rlts_traf_id"]) == ("withdrawn", None)
    assert all(clock["stopped_at"] is not None for clock in old["clocks"])
    assert "由新的办件继续办理" in old["relation"]["line"]

    # Who knows the old number is shown the case that goes on.
    asked_by = agency(JINAN, scope="progress:read")
    pair = {"rlts_traf_id": number, "certno": LI_LEI["certno"]}
    progress = (await gateway.call("POST", "/progress", asked_by, json=pair)).json()
    successor = progress["rlts_traf_id"]
    assert successor != number
    assert "转办至济南市医疗保险事业中心（370100）" in progress["relation"]
    new = await gateway.shown(successor, clerk(JINAN))
    assert (new["state"], new["trafout_admdvs"], new["forwarding"]["former_rlts_traf_id"]) == (
        "accepted",
        JINAN,
        number,
    )
    told = await gateway.sent(successor)
    assert [to for to, _ in told] == ["outbound.370100", "inbound.510100"]
    assert (await gateway.call("GET", f"/transfers/{successor}", clerk(QINGDAO))).status_code == 404
    assert [reason["code"] for reason in (await gateway.apply(trafin_admdvs=BEIJING)).json()["reasons"]] == ["A08"]

    await gateway.issue(number)
    refused = (await gateway.sent(number))[-1][1]
    assert isinstance(refused, SheetRefused)
    assert refused.code == "withdrawn"
    await gateway.issue(successor)
    late = await forward(gateway, successor, JINAN, QINGDAO)
    assert (late.status_code, late.json()["type"].rsplit("/")[-1]) == (409, "command-not-allowed")
    assert (await gateway.history(successor))[-1] == ("forward", "inbound_processing", False)


async def test_a_relation_with_an_open_case_takes_no_second_one_by_forwarding(gateway: Gateway) -> None:
    await gateway.accepted()
    gateway.agencies.findings[OUT] = (Finding(code="A01"),)
    number = str((await gateway.apply(trafout_admdvs=QINGDAO)).json()["rlts_traf_id"])
    del gateway.agencies.findings[OUT]
    assert (await forward(gateway, number, QINGDAO, JINAN)).status_code == 204
    shown = await gateway.shown(number)
    assert (shown["state"], [reason["code"] for reason in shown["reasons"]]) == ("refused", ["A08"])


async def test_an_answer_of_the_replaced_area_decides_nothing(gateway: Gateway) -> None:
    gateway.agencies.down.add(Side.INBOUND)
    number = str((await gateway.apply(trafout_admdvs=QINGDAO)).json()["rlts_traf_id"])
    gateway.agencies.know_relations = True
    pending = {"kind": "settlement", "outcome": "refused", "reason": "电话核实未参保", "codes": ["A01"]}
    gateway.clock.advance(days=8)
    headers = {"If-Match": "*"}
    path = f"/transfers/{number}/proposals"
    proposal = await gateway.call("POST", path, clerk(QINGDAO), json=pending, headers=headers)
    assert proposal.status_code == 201, proposal.text

    context = gateway.process
    registry = await context.registry.fresh()
    async with context.database.connection() as connection:
        before = list((await case_rows.read(connection, [number])).values())
    answers = await ask_sides(context, registry, before)
    assert (await forward(gateway, number, QINGDAO, JINAN)).status_code == 204
    async with context.database.transaction() as connection:
        await decide_cases(connection, context, registry, before, answers)
    (row,) = await gateway.rows("SELECT outbound_check FROM transfer_case WHERE rlts_traf_id = :number", number=number)
    assert row["outbound_check"]["admdvs"] == JINAN
    assert (await gateway.shown(number))["state"] == "checking"

    confirmation = f"{path}/{proposal.json()['proposal_id']}/confirmation"
    assert (await gateway.call("POST", confirmation, clerk(CHENGDU), headers=headers)).status_code == 409
