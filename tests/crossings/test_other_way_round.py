"""Returns, corrections and other ends of a transfer, through all four services."""

from typing import Any

import pytest

from shared.money import parse_yuan
from tests.courses import (
    CHECKER,
    CLERK,
    Somebody,
    a_person,
    application,
    apply,
    decide,
    enroll,
    release,
    seal,
    take_over,
)
from tests.crossings.banks import Banks
from tests.crossings.courses import balance, matched_case, money_back, recall, shown, terminate
from tests.four_services import FourServices
from tests.registry import CHENGDU, JINAN, QINGDAO


async def return_sheet(system: FourServices, case: str) -> None:
    """Two clerks of Chengdu return the present version for its first row."""
    reasons = [{"code": "S01", "row": 1, "box": "accrym_begn", "text": "起始年月有误"}]
    await decide(system, "inbound", case, "submission", {"decision": "return", "reasons": reasons}, CLERK)
    await decide(system, "inbound", case, "review", {"decision": "approve"}, CHECKER)
    await system.run()


@pytest.mark.law("N9-1", "N9-2")
async def test_a_sheet_is_returned_three_times_and_its_money_moves_once(system: FourServices, banks: Banks) -> None:
    somebody = a_person(20)
    await enroll(system, somebody)
    case = await apply(system, somebody)
    for _ in range(3):
        await seal(system, case)
        await return_sheet(system, case)
        assert (await shown(system, case))["state"] == "outbound_processing"
    await seal(system, case)
    await release(system, case)
    await banks.transfer(JINAN, CHENGDU, f"{case} {somebody.psn_name}", 123456)
    await take_over(system, case)

    seen = await system.done("platform_gateway", "GET", f"/transfers/{case}")
    assert (seen["state"], seen["money_state"], seen["closed_at"] is not None) == ("completed", "credited", True)
    assert [sheet["sheet_version"] for sheet in seen["sheets"]] == [1, 2, 3, 4]
    assert {sheet["obligation_no"] for sheet in seen["sheets"]} == {"1"}
    clocks = [(clock["kind"], clock["sheet_version"]) for clock in seen["clocks"] if clock["kind"] != "payment"]
    assert clocks.count(("outbound", 1)) == clocks.count(("outbound", 3)) == clocks.count(("inbound", 4)) == 1
    claims = CLERK | {"admdvs": CHENGDU}
    kept = await system.done("inbound", "GET", f"/cases/{case}", claims=claims)
    assert [sheet["sheet_version"] for sheet in kept["sheet_versions"]] == [4, 3, 2, 1]
    assert [line["amount"] for line in kept["money"]] == ["1234.56"]


async def correct(system: FourServices, case: str, **ask: Any) -> None:
    """Jinan begins a correction and its clerk shortens the first row by a month."""
    body = {"kind": "correction", "reason": "2024年12月未缴费"} | ask
    await decide(system, "outbound", case, "correction", body, CLERK)
    claims = CLERK | {"admdvs": JINAN}
    draft = await system.done("outbound", "GET", f"/cases/{case}/draft-sheet", claims=claims)
    rows = [draft["rows"][0] | {"accrym_end": "202411", "months": 11}]
    change = {"rows": rows, "reason": "核对原始缴费记录"}
    path, headers = f"/cases/{case}/draft-sheet", {"If-Match": "*"}
    await system.done("outbound", "PUT", path, claims=claims, headers=headers, json=change)


async def transferred(system: FourServices, banks: Banks, somebody: Somebody) -> str:
    """A transfer that has gone all the way; the case's number."""
    await enroll(system, somebody)
    case = await apply(system, somebody)
    await seal(system, case)
    await release(system, case)
    await banks.transfer(JINAN, CHENGDU, f"{case} {somebody.psn_name}", 123456)
    await take_over(system, case)
    assert (await shown(system, case))["money_state"] == "credited"
    return case


async def periods(system: FourServices, somebody: Somebody) -> list[tuple[str, str]]:
    """What Chengdu's core has taken over of the person."""
    claims = CLERK | {"admdvs": CHENGDU}
    person = await system.done("inbound", "GET", f"/persons/{somebody.psn_no}", claims=claims)
    return [(each["row"]["accrym_begn"], each["row"]["accrym_end"]) for each in person["taken_over"]]


@pytest.mark.law("N9-1")
async def test_a_sheet_is_corrected_after_the_completion_and_synced_again(system: FourServices, banks: Banks) -> None:
    somebody = a_person(21)
    case = await transferred(system, banks, somebody)
    assert await periods(system, somebody) == [("202401", "202412")]
    await correct(system, case)
    await seal(system, case)
    between = await system.done("platform_gateway", "GET", f"/transfers/{case}")
    assert (between["state"], between["relation"]["correction_state"]) == ("completed", "under_way")
    assert "更正的第2版信息表正在转入地核对" in between["relation"]["line"]
    assert await periods(system, somebody) == [("202401", "202412")]
    await return_sheet(system, case)
    returned = await system.done("platform_gateway", "GET", f"/transfers/{case}")
    assert (returned["state"], returned["relation"]["correction_state"]) == ("completed", "returned")
    await seal(system, case)
    await take_over(system, case)

    after = await system.done("platform_gateway", "GET", f"/transfers/{case}")
    assert (after["state"], after["relation"]["correction_state"]) == ("completed", "synced")
    assert (after["money_state"], after["closed_at"] is not None) == ("credited", True)
    assert after["relation"]["completed_at"] == between["relation"]["completed_at"]
    assert await periods(system, somebody) == [("202401", "202411")]
    ours = await system.done("outbound", "GET", f"/cases/{case}", claims=CLERK | {"admdvs": JINAN})
    assert (ours["state"], ours["correction_kind"], ours["corrected_at"] is not None) == ("ended", None, True)
    theirs = await system.done("inbound", "GET", f"/cases/{case}", claims=CLERK | {"admdvs": CHENGDU})
    assert (theirs["case"]["state"], theirs["case"]["corrected_at"] is not None) == ("completed", True)
    assert len(theirs["money"]) == 1


async def test_a_correction_is_given_up_before_it_is_sealed(system: FourServices, banks: Banks) -> None:
    case = await transferred(system, banks, a_person(22))
    await correct(system, case)
    await decide(system, "outbound", case, "correction/abandonment", {"reason": "原表无误"}, CLERK)
    ours = await system.done("outbound", "GET", f"/cases/{case}", claims=CLERK | {"admdvs": JINAN})
    assert (ours["state"], ours["correction_kind"]) == ("ended", None)
    assert (await shown(system, case))["state"] == "completed"


async def orders(system: FourServices, admdvs: str, case: str) -> list[tuple[str, str, str]]:
    """Number, amount and state of an agency's payment orders for a case, oldest first."""
    claims = CLERK | {"admdvs": admdvs}
    found = await system.done("ledger", "GET", f"/payment-orders?rlts_traf_id={case}", claims=claims)
    return [(each["obligation_no"], each["amount"], each["state"]) for each in reversed(found["items"])]


@pytest.mark.law("N9-2")
async def test_a_correction_that_states_less_takes_the_difference_back(system: FourServices, banks: Banks) -> None:
    somebody = a_person(23)
    case = await transferred(system, banks, somebody)
    before = await balance(system, "inbound", somebody)
    await correct(system, case, kind="sealed_in_error", reason="余额多计", amount="1000.00")
    await seal(system, case)
    assert await orders(system, CHENGDU, case) == [("2", "234.56", "held")]
    assert (await shown(system, case))["money_state"] == "mismatched"
    await take_over(system, case)
    assert await orders(system, CHENGDU, case) == [("2", "234.56", "ready")]
    await release(system, case, admdvs=CHENGDU)
    # While the return is in flight the ledgers could count it differently, so that no other amount is stated.
    again = {"kind": "correction", "reason": "余额无误", "amount": "1234.56"}
    asked = {"claims": CLERK | {"admdvs": JINAN}, "headers": {"If-Match": "*"}, "json": again}
    refused = await system.call("outbound", "POST", f"/cases/{case}/correction", **asked)
    assert (refused.status_code, refused.json()["type"].rsplit("/", 1)[1]) == (409, "money-under-way")
    await banks.transfer(CHENGDU, JINAN, f"{case} {somebody.psn_name}", 23456)

    after = await system.done("platform_gateway", "GET", f"/transfers/{case}")
    assert (after["state"], after["money_state"], after["closed_at"] is not None) == ("completed", "credited", True)
    assert [fact["kind"] for fact in after["money"]["facts"]][-2:] == ["reversed", "refunded"]
    assert await orders(system, CHENGDU, case) == [("2", "234.56", "paid")]
    assert parse_yuan(before) - parse_yuan(await balance(system, "inbound", somebody)) == 23456
    assert await balance(system, "outbound", somebody) == "234.56"
    ours = await system.done("outbound", "GET", f"/cases/{case}", claims=CLERK | {"admdvs": JINAN})
    assert ours["debited_amount"] == "1000.00"

    await decide(system, "outbound", case, "correction", again, CLERK)
    await seal(system, case)
    await take_over(system, case)
    await release(system, case)
    await banks.transfer(JINAN, CHENGDU, f"{case} {somebody.psn_name}", 23456)
    assert (await shown(system, case))["money_state"] == "credited"
    assert await balance(system, "inbound", somebody) == before


@pytest.mark.law("N8", "N9-2")
async def test_money_after_sealing_goes_by_an_addendum_and_the_sheet_stays(system: FourServices, banks: Banks) -> None:
    somebody = a_person(24)
    case = await transferred(system, banks, somebody)
    before = await balance(system, "inbound", somebody)
    body = {"cause": "late_premium", "reason": "12月保费到账", "amount": "50.00"}
    await decide(system, "outbound", case, "addenda", body, CLERK)
    own_review = {"claims": CLERK | {"admdvs": JINAN}, "headers": {"If-Match": "*"}, "json": {"decision": "approve"}}
    refused = await system.call("outbound", "POST", f"/cases/{case}/addenda/1/review", **own_review)
    assert (refused.status_code, refused.json()["type"].rsplit("/", 1)[1]) == (409, "reviewer-is-submitter")
    await decide(system, "outbound", case, "addenda/1/review", {"decision": "approve"}, CHECKER)
    await system.run()

    between = await system.done("platform_gateway", "GET", f"/transfers/{case}")
    assert (between["state"], between["money_state"], between["closed_at"]) == ("completed", "awaiting_payment", None)
    assert [(each["addendum_no"], each["amount"]) for each in between["addenda"]] == [(1, "50.00")]
    assert len(between["sheets"]) == 1
    assert await orders(system, JINAN, case) == [("1", "1234.56", "paid"), ("901", "50.00", "ready")]
    await release(system, case)
    await banks.transfer(JINAN, CHENGDU, f"{case} {somebody.psn_name}", 5000)

    after = await system.done("platform_gateway", "GET", f"/transfers/{case}")
    assert (after["money_state"], after["closed_at"] is not None) == ("credited", True)
    assert parse_yuan(await balance(system, "inbound", somebody)) - parse_yuan(before) == 5000
    assert await balance(system, "outbound", somebody) == "0.00"
    ours = await system.done("outbound", "GET", f"/cases/{case}", claims=CLERK | {"admdvs": JINAN})
    assert (ours["state"], ours["debited_amount"]) == ("ended", "1234.56")
    sealed = await system.call("platform_gateway", "GET", f"/transfers/{case}/addenda/1")
    assert sealed.status_code == 200

    # The sheet states what it stated: a later version counts the addendum's money neither as its own nor as paid.
    await correct(system, case)
    await seal(system, case)
    await take_over(system, case)
    corrected = await system.done("platform_gateway", "GET", f"/transfers/{case}")
    assert [sheet["amount"] for sheet in corrected["sheets"]] == ["1234.56", "1234.56"]
    assert (corrected["money_state"], corrected["closed_at"] is not None) == ("credited", True)


@pytest.mark.law("N6", "N9-1")
async def test_a_case_for_the_wrong_area_is_forwarded_and_goes_all_the_way(system: FourServices, banks: Banks) -> None:
    somebody = a_person(28)
    await enroll(system, somebody)
    wrong = application(somebody, trafout_admdvs=QINGDAO)
    answer = await system.done("platform_gateway", "POST", "/transfers", json=wrong)
    case = str(answer["rlts_traf_id"])
    assert (answer["outcome"], [reason["code"] for reason in answer["reasons"]]) == ("refused", ["A09"])

    ask = {"headers": {"If-Match": "*"}, "json": {"admdvs": JINAN, "reason": "参保地在济南"}}
    path, of_qingdao = f"/transfers/{case}/forwarding", CLERK | {"admdvs": QINGDAO}
    assert (await system.call("platform_gateway", "POST", path, claims=of_qingdao, **ask)).status_code == 204
    await system.run()
    assert (await shown(system, case))["state"] == "outbound_processing"
    claims = of_qingdao
    assert (await system.call("platform_gateway", "GET", f"/transfers/{case}", claims=claims)).status_code == 404
    assert (await system.call("platform_gateway", "POST", path, claims=claims, **ask)).status_code == 404

    await seal(system, case)
    await release(system, case)
    await banks.transfer(JINAN, CHENGDU, f"{case} {somebody.psn_name}", 123456)
    await take_over(system, case)
    after = await system.done("platform_gateway", "GET", f"/transfers/{case}")
    assert (after["state"], after["money_state"], after["closed_at"] is not None) == ("completed", "credited", True)


@pytest.mark.law("N9-2")
async def test_matched_money_of_a_terminated_case_goes_back(system: FourServices, banks: Banks) -> None:
    somebody = a_person(25)
    case = await matched_case(system, banks, somebody)
    await terminate(system, case, cause="duplicate_enrolment")
    await system.run()
    assert await orders(system, CHENGDU, case) == [("900", "1234.56", "ready")]
    await money_back(system, banks, case, somebody)
    claims = CLERK | {"admdvs": CHENGDU}
    theirs = await system.done("inbound", "GET", f"/cases/{case}", claims=claims)
    assert [line["credited_on"] for line in theirs["money"]] == [None]


@pytest.mark.law("N8")
@pytest.mark.parametrize(("cause", "number"), [("person_returns", 26), ("retirement", 30)])
async def test_unpaid_money_of_a_terminated_case_stays(system: FourServices, cause: str, number: int) -> None:
    somebody = a_person(number)
    await enroll(system, somebody)
    case = await apply(system, somebody)
    await seal(system, case)
    await terminate(system, case, cause=cause, money_path="retained_at_outbound")
    await system.run()
    assert await orders(system, JINAN, case) == [("1", "1234.56", "cancelled")]
    assert await orders(system, CHENGDU, case) == []
    assert await balance(system, "outbound", somebody) == "1234.56"


@pytest.mark.law("N8", "N9-1")
async def test_a_sheet_sealed_in_error_is_recalled_before_the_completion(system: FourServices, banks: Banks) -> None:
    somebody = a_person(27)
    await enroll(system, somebody)
    case = await apply(system, somebody)
    await seal(system, case)
    await decide(system, "inbound", case, "submission", {"decision": "accept", "memo": "已核对"}, CLERK)
    await recall(system, case)
    await system.run()
    assert (await shown(system, case))["state"] == "outbound_processing"
    ours = await system.done("outbound", "GET", f"/cases/{case}", claims=CLERK | {"admdvs": JINAN})
    assert (ours["state"], ours["sheet_version"], ours["recall_by"]) == ("drafting", 2, None)
    assert [(each["code"], each["text"]) for each in ours["return_reasons"]] == [("S06", "转出地撤回")]
    assert await orders(system, JINAN, case) == [("1", "1234.56", "held")]
    theirs = await system.done("inbound", "GET", f"/cases/{case}", claims=CLERK | {"admdvs": CHENGDU})
    assert (theirs["case"]["state"], theirs["case"]["decision"]) == ("returned", None)
    stopped = {"claims": CHECKER | {"admdvs": CHENGDU}, "headers": {"If-Match": "*"}, "json": {"decision": "approve"}}
    assert (await system.call("inbound", "POST", f"/cases/{case}/review", **stopped)).status_code == 409

    await seal(system, case)
    assert await orders(system, JINAN, case) == [("1", "1234.56", "ready")]
    await release(system, case)
    await banks.transfer(JINAN, CHENGDU, f"{case} {somebody.psn_name}", 123456)
    await take_over(system, case)
    seen = await system.done("platform_gateway", "GET", f"/transfers/{case}")
    assert (seen["state"], seen["money_state"], seen["closed_at"] is not None) == ("completed", "credited", True)
    assert [sheet["sheet_version"] for sheet in seen["sheets"]] == [1, 2]
    late = {"claims": CLERK | {"admdvs": JINAN}, "headers": {"If-Match": "*"}, "json": {"reason": "误签章"}}
    assert (await system.call("outbound", "POST", f"/cases/{case}/recall", **late)).status_code == 409
