"""Applying: the answer in the request, all reasons at once, unknown sides, batches."""

import json
from datetime import timedelta
from typing import Any

import pytest

from platform_gateway.use_cases.check_cases import recheck_due_cases
from shared.contracts.events import TransferAccepted
from shared.contracts.facts import Finding, Side
from tests.integration.platform_gateway.gateway import (
    BEIJING,
    CHANNEL,
    CHENGDU,
    HAN_MEI,
    JINAN,
    Gateway,
    agency,
    application,
)


@pytest.mark.law("N annex 1", "N7-1")
async def test_accepts_and_tells_both_sides(gateway: Gateway) -> None:
    response = await gateway.apply()
    answer = response.json()
    assert response.status_code == 201
    assert response.headers["location"] == f"/v1/transfers/{answer['rlts_traf_id']}"
    assert (answer["outcome"], answer["state"], answer["acct_disposition"]) == ("accepted", "accepted", "transfer")
    (first, outbound_event), (second, inbound_event) = await gateway.sent(answer["rlts_traf_id"])
    assert (first, second) == ("outbound.370100", "inbound.510100")
    assert isinstance(outbound_event, TransferAccepted)
    assert outbound_event == inbound_event
    assert outbound_event.outbound_facts.facts.balc == 123456
    assert (outbound_event.outbound_due_on.isoformat(), outbound_event.inbound_days) == ("2026-03-16", 5)
    assert str(outbound_event.total_due_on) == "2026-03-23"


@pytest.mark.law("N7-1")
async def test_refuses_with_the_reasons_of_both_sides_at_once(gateway: Gateway) -> None:
    gateway.agencies.refuse(Side.OUTBOUND, "李雷", "A01")
    gateway.agencies.refuse(Side.INBOUND, "李雷", "A02")
    response = await gateway.apply()
    assert response.status_code == 201
    assert response.json()["outcome"] == "refused"
    assert [(reason["code"], reason["side"]) for reason in response.json()["reasons"]] == [
        ("A01", "outbound"),
        ("A02", "inbound"),
    ]
    assert all(reason["remedy"] and reason["articles"] for reason in response.json()["reasons"])
    assert await gateway.sent(response.json()["rlts_traf_id"]) == []


async def test_what_needs_no_side_is_one_problem_and_no_case(gateway: Gateway) -> None:
    response = await gateway.apply(certno="110101199003078490", trafin_insutype="320", trafin_admdvs="999999")
    assert response.status_code == 422
    assert [error["code"] for error in response.json()["errors"]] == ["A06", "A06", "A14"]
    [kept] = await gateway.rows("SELECT outcome, reasons FROM answer_without_case")
    assert (kept["outcome"], [reason["code"] for reason in kept["reasons"]]) == ("not_taken", ["A06", "A06", "A14"])
    assert "110101199003078490" not in response.text
    assert await gateway.rows("SELECT 1 FROM transfer_case") == []
    assert gateway.agencies.calls == []


async def test_not_needed_is_an_answer_without_a_case(gateway: Gateway) -> None:
    headers = {"Idempotency-Key": "same"}
    for _ in range(2):
        response = await gateway.apply(trafout_admdvs="370102", trafin_admdvs=JINAN, headers=headers)
        assert response.status_code == 200
        assert response.json()["outcome"] == "not_needed"
        assert response.json()["reasons"][0]["code"] == "A05"
    assert await gateway.rows("SELECT 1 FROM transfer_case") == []
    assert len(await gateway.rows("SELECT 1 FROM answer_without_case WHERE outcome = 'not_needed'")) == 1


RESIDENTS: dict[str, Any] = {"trafout_insutype": "390", "trafin_insutype": "390"}


@pytest.mark.law("N5-2")
async def test_a_clerk_of_the_inbound_takes_residents_of_one_year_on_for_a_reason_that_is_kept(
    gateway: Gateway,
) -> None:
    gateway.agencies.know_relations = True
    gateway.agencies.insured_year = 2026
    scope = "transfers:apply transfers:read transfers:decide"
    clerk = agency(CHENGDU, scope=scope, optins_no="51010001")
    refused = await gateway.apply(clerk, **RESIDENTS)
    assert [reason["code"] for reason in refused.json()["reasons"]] == ["A04"]
    exception = {"code": "A04", "reason": "随军安置"}
    for caller in (agency(CHENGDU), agency(JINAN, scope=scope)):
        assert (await gateway.apply(caller, **RESIDENTS, exception=exception)).status_code == 422
    answer = (await gateway.apply(clerk, **RESIDENTS, exception=exception)).json()
    decision = answer["decision"]
    assert (answer["outcome"], [reason["code"] for reason in decision["waived"]]) == ("accepted", ["A04"])
    assert (decision["exception"]["reason"], decision["exception"]["given_by"]) == ("随军安置", f"clerk-{CHENGDU}")
    assert decision["needs_local_decision"] is True
    assert decision["articles"] == ["N5-2", "N7"]


@pytest.mark.law("N5-2")
async def test_a_year_that_nobody_knows_is_asked_for_again(gateway: Gateway) -> None:
    gateway.agencies.know_relations = True
    response = await gateway.apply(**RESIDENTS)
    assert (response.status_code, [each["code"] for each in response.json()["unknown"]]) == (202, ["A04", "A04"])
    gateway.agencies.insured_year = 2026
    gateway.clock.advance(minutes=1)
    assert await recheck_due_cases(gateway.process) == 1
    shown = await gateway.shown(response.json()["rlts_traf_id"])
    assert [reason["code"] for reason in shown["reasons"]] == ["A04"]


async def test_what_is_tried_out_is_decided_alike_and_stored_nowhere(gateway: Gateway) -> None:
    facts = {"psn_no": "P1", "last_paid_ym": "202602", "relations": []}
    trial = {"application": application(), "outbound": facts, "inbound": facts}
    caller = {"sub": "t", "scope": "trials:run"}
    answer = await gateway.call("POST", "/trials/eligibility", caller, json=trial)
    assert (answer.status_code, answer.json()["outcome"]) == (200, "refused")
    assert [reason["code"] for reason in answer.json()["reasons"]] == ["A13", "A02"]
    lines = [
        json.dumps(trial),
        json.dumps(trial | {"outbound": {"psn_nr": "P1"}}),
        json.dumps(trial | {"inbound": None}),
    ]
    headers = {"Content-Type": "application/x-ndjson"}
    many = await gateway.call(
        "POST", "/trials/eligibility/batch", caller, content="\n".join(lines).encode(), headers=headers
    )
    found = [json.loads(line) for line in many.text.splitlines()]
    assert [each.get("answer", {}).get("outcome") for each in found] == ["refused", None, "checking"]
    assert found[1]["errors"][0]["pointer"] == "/outbound/psn_nr"
    assert (await gateway.call("POST", "/trials/eligibility", CHANNEL, json=trial)).status_code == 403
    clocks = {name: application()[name] for name in ("trafout_admdvs", "trafin_admdvs")}
    clocks |= {"trafout_insutype": "310", "trafin_insutype": "310", "accepted_on": "2026-03-02"}
    one = await gateway.call("POST", "/trials/deadlines", caller, json=clocks)
    assert [clock["kind"] for clock in one.json()["clocks"]][:2] == ["outbound", "inbound"], one.text
    many = await gateway.call(
        "POST", "/trials/deadlines/batch", caller, content=json.dumps(clocks).encode(), headers=headers
    )
    assert many.json() == {"line": 1, "answer": one.json()}
    for table in ("transfer_case", "answer_without_case"):
        assert await gateway.rows(f"SELECT 1 FROM {table}") == []  # noqa: S608
    assert gateway.agencies.calls == []


@pytest.mark.law("N4")
async def test_a_county_code_is_resolved_to_its_pooling_area(gateway: Gateway) -> None:
    number = await gateway.accepted(trafout_admdvs="370102")
    assert (await gateway.shown(number))["trafout_admdvs"] == JINAN


async def test_an_unknown_side_is_asked_again_until_the_verdict(gateway: Gateway) -> None:
    gateway.agencies.down.add(Side.INBOUND)
    response = await gateway.apply()
    answer = response.json()
    assert (response.status_code, answer["outcome"], answer["unknown_sides"]) == (202, "checking", ["inbound"])
    [unknown] = answer["unknown"]
    assert (unknown["side"], unknown["note"]) == ("inbound", "尚未答复")
    assert unknown["since"] < unknown["asked_again_at"]
    assert await recheck_due_cases(gateway.process) == 0
    gateway.clock.advance(minutes=1)
    assert await recheck_due_cases(gateway.process) == 1
    [still] = (await gateway.shown(answer["rlts_traf_id"]))["unknown"]
    assert (still["since"], still["asked_again_at"]) == (unknown["since"], still["asked_again_at"])
    assert still["asked_again_at"] > unknown["asked_again_at"]
    gateway.agencies.down.clear()
    gateway.clock.advance(minutes=5)
    assert await recheck_due_cases(gateway.process) == 1
    assert (await gateway.shown(answer["rlts_traf_id"]))["state"] == "accepted"
    asked = [query.side for call in gateway.agencies.calls for query in call]
    assert asked.count(Side.OUTBOUND) == 1


async def test_old_facts_are_unknown_and_refuse_nobody(gateway: Gateway) -> None:
    gateway.agencies.refuse(Side.OUTBOUND, "李雷", "A01")
    gateway.agencies.facts_age = timedelta(hours=25)
    response = await gateway.apply()
    assert (response.status_code, response.json()["outcome"]) == (202, "checking")
    gateway.agencies.facts_age = timedelta(hours=1)
    gateway.clock.advance(minutes=1)
    await recheck_due_cases(gateway.process)
    shown = await gateway.shown(response.json()["rlts_traf_id"])
    assert (shown["state"], [reason["code"] for reason in shown["reasons"]]) == ("refused", ["A01"])


async def test_a_side_that_cannot_tell_is_unknown(gateway: Gateway) -> None:
    gateway.agencies.findings[Side.OUTBOUND, "李雷"] = (Finding(code="A13", is_unknown=True),)
    response = await gateway.apply()
    assert (response.status_code, response.json()["unknown_sides"]) == (202, ["outbound"])


async def test_prefer_respond_async_answers_before_the_sides_do(gateway: Gateway) -> None:
    response = await gateway.apply(headers={"Prefer": "respond-async"})
    assert (response.status_code, response.json()["outcome"]) == (202, "checking")
    assert gateway.agencies.calls == []
    assert await recheck_due_cases(gateway.process) == 1
    assert (await gateway.shown(response.json()["rlts_traf_id"]))["state"] == "accepted"


async def test_a_batch_answers_each_item_and_asks_each_endpoint_once(gateway: Gateway) -> None:
    gateway.agencies.refuse(Side.OUTBOUND, "韩梅", "A01")
    items = [
        application(),
        application(HAN_MEI),
        application(trafin_admdvs=JINAN),
        application(trafin_insutype="320"),
        application(),
    ]
    headers = {"Idempotency-Key": "batch"}
    response = await gateway.call("POST", "/transfers/batch", CHANNEL, json={"items": items}, headers=headers)
    answers = response.json()["items"]
    assert [item["outcome"] for item in answers] == ["accepted", "refused", "not_needed", "not_taken", "refused"]
    assert answers[3]["reasons"][0]["code"] == "A14"
    assert [len(call) for call in gateway.agencies.calls] == [3, 3]
    again = await gateway.call("POST", "/transfers/batch", CHANNEL, json={"items": items}, headers=headers)
    assert again.json() == response.json()


@pytest.mark.parametrize(
    ("caller", "status", "channel"),
    [
        (agency(CHENGDU, optins_no="51010001"), 201, "inbound_window"),
        (agency(JINAN, optins_no="37010001"), 201, "outbound_window"),
        (agency(BEIJING, optins_no="11000001"), 422, None),
    ],
)
@pytest.mark.law("N6")
async def test_the_window_comes_from_the_token(
    gateway: Gateway, caller: dict[str, str], status: int, channel: str | None
) -> None:
    response = await gateway.apply(caller)
    assert response.status_code == status
    if channel is not None:
        assert (await gateway.shown(response.json()["rlts_traf_id"]))["opt_chnl"] == channel


@pytest.mark.law("N5")
async def test_an_employer_applies_only_under_its_own_name(gateway: Gateway) -> None:
    employer = {"sub": "emp", "scope": "transfers:apply transfers:read", "emp_no": "E1"}
    good = await gateway.apply(employer, applicant={"kind": "employer", "emp_no": "E1"})
    bad = await gateway.apply(employer, person=HAN_MEI, applicant={"kind": "employer", "emp_no": "E2"})
    assert (good.json()["outcome"], bad.status_code) == ("accepted", 422)
    assert (await gateway.call("GET", f"/transfers/{good.json()['rlts_traf_id']}", employer)).status_code == 200
