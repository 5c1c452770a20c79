"""The same application again: by its key, by another key, at the same moment, when nobody has answered."""

import asyncio

from platform_gateway.use_cases.check_cases import recheck_due_cases
from shared.contracts.facts import Side
from tests.integration.platform_gateway.gateway import (
    BEIJING,
    CHANNEL,
    CHENGDU,
    HAN_MEI,
    JINAN,
    LI_LEI,
    OPERATOR,
    Gateway,
    agency,
    application,
)


async def test_the_same_key_answers_the_same_case(gateway: Gateway) -> None:
    headers = {"Idempotency-Key": "same"}
    first, second = [await gateway.apply(headers=headers) for _ in range(2)]
    assert (first.status_code, second.status_code) == (201, 201)
    assert first.json() == second.json()
    assert len(await gateway.rows("SELECT 1 FROM transfer_case")) == 1
    other = await gateway.apply(headers=headers, mob="13800000000")
    assert (other.status_code, other.json()["type"].rsplit("/", 1)[-1]) == (422, "idempotency-key-reused")


async def test_a_repeat_gets_the_first_answer_even_where_the_registry_has_changed_since(gateway: Gateway) -> None:
    headers = {"Idempotency-Key": "same"}
    first = await gateway.apply(headers=headers)
    shown = await gateway.call("GET", f"/agencies/{CHENGDU}", OPERATOR)
    document = {key: value for key, value in shown.json().items() if key not in ("admdvs", "keys", "bank_accounts")}
    suspended = document | {"state": "suspended"}
    etag = {"If-Match": shown.headers["etag"]}
    await gateway.call("PUT", f"/agencies/{CHENGDU}", OPERATOR, json=suspended, headers=etag)
    again = await gateway.apply(headers=headers)
    assert (again.status_code, again.json()) == (201, first.json())
    assert (await gateway.apply(person=HAN_MEI)).status_code == 422


async def test_a_repeat_before_the_verdict_is_202_and_201_after_it(gateway: Gateway) -> None:
    headers = {"Idempotency-Key": "same"}
    gateway.agencies.down.add(Side.OUTBOUND)
    assert [(await gateway.apply(headers=headers)).status_code for _ in range(2)] == [202, 202]
    gateway.agencies.down.clear()
    gateway.clock.advance(minutes=1)
    await recheck_due_cases(gateway.process)
    assert (await gateway.apply(headers=headers)).status_code == 201


async def test_of_simultaneous_applications_exactly_one_is_accepted(gateway: Gateway) -> None:
    responses = await asyncio.gather(*(gateway.apply() for _ in range(8)))
    outcomes = sorted(response.json()["outcome"] for response in responses)
    assert outcomes == ["accepted"] + ["refused"] * 7
    accepted = next(each.json()["rlts_traf_id"] for each in responses if each.json()["outcome"] == "accepted")
    refused = [each.json() for each in responses if each.json()["outcome"] == "refused"]
    assert all([reason["code"] for reason in each["reasons"]] == ["A08"] for each in refused)
    assert {each["open_rlts_traf_id"] for each in refused} == {accepted}


async def test_simultaneous_batches_of_the_same_people_do_not_deadlock(gateway: Gateway) -> None:
    people = [LI_LEI, HAN_MEI]
    batches = [[application(person) for person in order] for order in (people, people[::-1], people, people[::-1])]
    responses = await asyncio.gather(
        *(gateway.call("POST", "/transfers/batch", CHANNEL, json={"items": items}) for items in batches)
    )
    assert [response.status_code for response in responses] == [200] * 4
    outcomes = [item["outcome"] for response in responses for item in response.json()["items"]]
    assert sorted(outcomes) == ["accepted"] * 2 + ["refused"] * 6


async def test_a_duplicate_hears_the_reasons_of_the_sides_beside_it(gateway: Gateway) -> None:
    await gateway.accepted()
    gateway.agencies.refuse(Side.INBOUND, "李雷", "A02")
    response = await gateway.apply(certno="110101900307849")
    assert [reason["code"] for reason in response.json()["reasons"]] == ["A02", "A08"]


async def test_a_duplicate_becomes_the_open_case_when_the_first_was_refused_meanwhile(gateway: Gateway) -> None:
    gateway.agencies.refuse(Side.OUTBOUND, "李雷", "A01")
    gateway.agencies.down.add(Side.INBOUND)
    first = (await gateway.apply()).json()["rlts_traf_id"]
    second = (await gateway.apply(trafin_admdvs=BEIJING)).json()["rlts_traf_id"]
    response = await gateway.call("POST", f"/transfers/{first}/withdrawal", CHANNEL, json={"reason": "重复提交"})
    assert response.status_code == 200
    gateway.agencies.findings.clear()
    gateway.agencies.down.clear()
    gateway.clock.advance(hours=25)
    await recheck_due_cases(gateway.process)
    assert (await gateway.shown(second))["state"] == "accepted"


async def test_the_open_case_is_named_only_to_who_may_know_of_it(gateway: Gateway) -> None:
    number = await gateway.accepted()
    for caller, told in ((agency(JINAN), number), (agency(BEIJING), None), ({**CHANNEL, "admdvs": None}, None)):
        claims = {key: value for key, value in caller.items() if value is not None} | {"sub": "someone"}
        response = await gateway.apply(claims, trafin_admdvs=BEIJING)
        assert [reason["code"] for reason in response.json()["reasons"]] == ["A08"]
        assert response.json()["open_rlts_traf_id"] == told


async def test_another_relation_of_the_same_person_is_free(gateway: Gateway) -> None:
    await gateway.accepted()
    await gateway.accepted(trafout_insutype="390", trafin_insutype="390")


async def test_an_unanswered_case_is_superseded_after_the_limit(gateway: Gateway) -> None:
    gateway.agencies.down.add(Side.INBOUND)
    first = (await gateway.apply()).json()["rlts_traf_id"]
    gateway.agencies.down.clear()
    gateway.clock.advance(hours=73)
    second = await gateway.accepted()
    assert (await gateway.history(first))[-1] == ("supersede", "withdrawn", True)
    assert second != first
