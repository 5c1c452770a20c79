"""Terminations confirmed by both sides, and verdicts that two clerks give where a side stays silent."""

from datetime import timedelta
from typing import Any

import httpx
import pytest

from platform_gateway.use_cases.check_cases import recheck_due_cases
from platform_gateway.use_cases.watch_deadlines import watch_deadlines
from shared.contracts.codes import MoneyPath, TerminationCause
from shared.contracts.events import BalancePaid, SheetRefused, TransferAccepted, TransferTerminated
from shared.contracts.facts import Side
from shared.contracts.party import Party, Role
from tests.integration.platform_gateway.gateway import BEIJING, CHANNEL, CHENGDU, JINAN, Gateway, agency

PAYER = Party(Role.LEDGER, JINAN)
DEATH = {"kind": "termination", "cause": "death", "reason": "参保人去世", "money_path": "retained_at_outbound"}


def clerk(admdvs: str, name: str = "a") -> dict[str, Any]:
    return agency(admdvs, sub=f"{name}-{admdvs}", scope="transfers:read transfers:decide")


async def propose(gateway: Gateway, number: str, by: dict[str, Any], **body: Any) -> httpx.Response:
    return await gateway.call(
        "POST", f"/transfers/{number}/proposals", by, json=body, headers=await seen(gateway, number)
    )


async def confirm(gateway: Gateway, number: str, by: dict[str, Any], proposal: httpx.Response) -> httpx.Response:
    path = f"/transfers/{number}/proposals/{proposal.json()['proposal_id']}/confirmation"
    return await gateway.call("POST", path, by, headers=await seen(gateway, number))


async def seen(gateway: Gateway, number: str) -> dict[str, str]:
    return {"If-Match": (await gateway.call("GET", f"/transfers/{number}", CHANNEL)).headers["ETag"]}


async def test_both_sides_end_a_case_after_its_sheet_was_issued(gateway: Gateway) -> None:
    number = await gateway.accepted()
    await gateway.issue(number)
    proposal = await propose(gateway, number, clerk(JINAN), **DEATH)
    assert (proposal.status_code, proposal.json()["state"]) == (201, "pending")
    assert (await gateway.shown(number))["state"] == "inbound_processing"
    confirmed = await confirm(gateway, number, clerk(CHENGDU), proposal)
    assert (confirmed.status_code, confirmed.json()["state"]) == (200, "confirmed")
    shown = await gateway.shown(number)
    assert (shown["state"], shown["money"]["money_path"]) == ("terminated", "retained_at_outbound")
    assert shown["money"]["line"] == "个人账户：余额留存转出地，不再划转。"
    assert all(clock["stopped_at"] for clock in shown["clocks"])
    told = [(to, event) for to, event in await gateway.sent(number) if isinstance(event, TransferTerminated)]
    assert [to for to, _ in told] == ["outbound.370100", "inbound.510100"]
    assert (told[0][1].cause, told[0][1].money_path) == (TerminationCause.DEATH, MoneyPath.RETAINED_AT_OUTBOUND)
    assert (await gateway.history(number))[-1] == ("terminate", "terminated", True)
    gateway.clock.advance(days=60)
    assert await watch_deadlines(gateway.process) == 0
    await gateway.accepted(trafin_admdvs=BEIJING)


async def test_a_termination_needs_the_other_side_and_another_person(gateway: Gateway) -> None:
    number = await gateway.accepted()
    await gateway.issue(number)
    proposal = await propose(gateway, number, clerk(JINAN), **DEATH)
    for by, status in ((clerk(JINAN), 403), (clerk(JINAN, "b"), 403), (clerk(BEIJING), 404)):
        assert (await confirm(gateway, number, by, proposal)).status_code == status
    same_person = clerk(CHENGDU) | {"sub": clerk(JINAN)["sub"]}
    assert (await confirm(gateway, number, same_person, proposal)).status_code == 403
    stale = await gateway.call(
        "POST",
        f"/transfers/{number}/proposals/{proposal.json()['proposal_id']}/confirmation",
        clerk(CHENGDU),
        headers={"If-Match": '"1"'},
    )
    assert stale.status_code == 412
    assert (await gateway.shown(number))["state"] == "inbound_processing"


async def test_no_case_is_terminated_before_its_sheet_and_the_attempt_leaves_a_trace(gateway: Gateway) -> None:
    number = await gateway.accepted()
    refused = await propose(gateway, number, clerk(JINAN), **DEATH)
    assert (refused.status_code, refused.json()["type"].rsplit("/")[-1]) == (409, "command-not-allowed")
    assert (await gateway.history(number))[-1] == ("terminate", "accepted", False)


async def test_the_money_path_must_begin_where_the_money_stands(gateway: Gateway) -> None:
    number = await gateway.accepted()
    await gateway.issue(number)
    proposal = await propose(gateway, number, clerk(JINAN), **DEATH)
    paid = BalancePaid(obligation_no="1", amount=123456, booked_on=gateway.clock.now().date(), end_to_end_id="X-1")
    await gateway.receive((PAYER, number, paid))
    crossed = await confirm(gateway, number, clerk(CHENGDU), proposal)
    assert (crossed.status_code, crossed.json()["type"].rsplit("/")[-1]) == (409, "money-path-differs")
    again = await propose(gateway, number, clerk(CHENGDU), **DEATH | {"money_path": "return_to_outbound"})
    assert again.status_code == 201
    assert (await confirm(gateway, number, clerk(JINAN), proposal)).status_code == 409
    assert (await confirm(gateway, number, clerk(JINAN), again)).status_code == 200
    listed = await gateway.call("GET", f"/transfers/{number}/proposals", clerk(JINAN))
    assert [each["state"] for each in listed.json()] == ["confirmed", "replaced"]


async def test_a_sheet_that_comes_after_the_termination_is_refused(gateway: Gateway) -> None:
    number = await gateway.accepted()
    await gateway.issue(number)
    proposal = await propose(gateway, number, clerk(JINAN), **DEATH)
    await confirm(gateway, number, clerk(CHENGDU), proposal)
    await gateway.issue(number, 2)
    assert isinstance((await gateway.sent(number))[-1][1], SheetRefused)
    assert (await gateway.shown(number))["state"] == "terminated"
    assert await gateway.quarantined() == []


async def silent(gateway: Gateway) -> str:
    gateway.agencies.down.add(Side.INBOUND)
    number = str((await gateway.apply()).json()["rlts_traf_id"])
    gateway.clock.advance(days=8)
    return number


async def test_two_clerks_refuse_where_a_side_stays_silent(gateway: Gateway) -> None:
    number = await silent(gateway)
    body = {"kind": "settlement", "outcome": "refused", "reason": "电话核实未参保", "codes": ["A02"]}
    proposal = await propose(gateway, number, clerk(CHENGDU), **body)
    assert (await confirm(gateway, number, clerk(CHENGDU), proposal)).status_code == 403
    assert (await confirm(gateway, number, clerk(CHENGDU, "b"), proposal)).status_code == 200
    shown = await gateway.shown(number)
    assert (shown["state"], shown["reasons"][0]["code"], shown["reasons"][0]["note"]) == (
        "refused",
        "A02",
        "电话核实未参保",
    )


async def test_nobody_is_accepted_by_hand_of_whom_a_side_never_told_anything(gateway: Gateway) -> None:
    number = await silent(gateway)
    body = {"kind": "settlement", "outcome": "accepted", "reason": "电话核实"}
    refused = await propose(gateway, number, clerk(JINAN), **body)
    assert (refused.status_code, refused.json()["type"].rsplit("/")[-1]) == (409, "facts-missing")


async def test_two_clerks_accept_on_old_facts(gateway: Gateway) -> None:
    gateway.agencies.know_relations = True
    gateway.agencies.facts_age = timedelta(hours=48)
    number = str((await gateway.apply()).json()["rlts_traf_id"])
    body = {"kind": "settlement", "outcome": "accepted", "reason": "两地电话核实无误"}
    early = await propose(gateway, number, clerk(JINAN), **body)
    assert early.status_code == 409
    gateway.clock.advance(days=8)
    proposal = await propose(gateway, number, clerk(JINAN), **body)
    # What a side tells for certain is nothing to be settled by hand.
    gateway.agencies.facts_age = timedelta(hours=1)
    gateway.agencies.refuse(Side.OUTBOUND, "李雷", "A01")
    gateway.agencies.down.add(Side.INBOUND)
    assert await recheck_due_cases(gateway.process) == 1
    known = await confirm(gateway, number, clerk(CHENGDU), proposal)
    assert (known.status_code, known.json()["type"].rsplit("/")[-1]) == (409, "reason-known")
    assert (await gateway.history(number))[-1] == ("accept", "checking", False)
    gateway.agencies.findings.clear()
    gateway.clock.advance(hours=25)
    assert await recheck_due_cases(gateway.process) == 1
    assert (await confirm(gateway, number, clerk(CHENGDU), proposal)).status_code == 200
    shown = await gateway.shown(number)
    assert (shown["state"], shown["decision"]["settled_by"]) == ("accepted", ["a-370100", "a-510100"])
    assert [type(event) for _, event in await gateway.sent(number)] == [TransferAccepted] * 2


@pytest.mark.parametrize(
    "body",
    [
        {"kind": "settlement", "outcome": "refused", "reason": "无"},
        {"kind": "settlement", "outcome": "accepted", "reason": "有", "codes": ["A02"]},
        {"kind": "settlement", "outcome": "refused", "reason": "有", "codes": ["A99"]},
        {"kind": "termination", "cause": "boredom", "reason": "有", "money_path": "none"},
        {"kind": "other"},
    ],
)
async def test_refuses_a_proposal_that_says_too_little(gateway: Gateway, body: dict[str, Any]) -> None:
    number = await gateway.accepted()
    assert (await propose(gateway, number, clerk(JINAN), **body)).status_code == 422
