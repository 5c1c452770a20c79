"""A sheet that came on paper: two clerks, then the way of every sheet."""

import asyncio
import json
from collections.abc import Callable
from typing import Any

import httpx
import pytest

from shared.case_number import is_valid, new_case_number
from shared.contracts.events import (
    AddendumIssued,
    AddendumPayable,
    BalancePayable,
    BalanceVoided,
    PaperCaseOpened,
    SheetReturned,
    TransferCompleted,
    TransferCorrected,
    TransferTerminated,
)
from shared.signing.paper import open_paper_addendum
from tests.contract.doors import PAPER_ADDENDUM
from tests.integration.inbound.conftest import As
from tests.integration.inbound.paper_desk import CHECKER, CLERK, decide, enter, paper
from tests.integration.inbound.parts import ON_PAPER, PAPER_NAME, InboundService
from tests.unit.inbound.builders import CASE, OUT_AREA, sheet_foot, sheet_row

pytestmark = pytest.mark.law("N9-1")


async def handle(
    clerk: httpx.AsyncClient, checker: httpx.AsyncClient, case: str, submission: dict[str, Any]
) -> httpx.Response:
    """经办 and 复核."""
    headers = {"If-Match": "*"}
    done = await clerk.post(f"/v1/cases/{case}/submission", json=submission, headers=headers)
    assert done.status_code == 200, done.text
    return await checker.post(f"/v1/cases/{case}/review", json={"decision": "approve"}, headers=headers)


async def test_two_clerks_then_the_way_of_every_sheet(
    service: InboundService, as_caller: Callable[[InboundService], As]
) -> None:
    caller = as_caller(service)
    clerk, checker = caller(CLERK, sub="wang"), caller(CHECKER, sub="zhao")
    entered = await enter(clerk)
    assert entered.status_code == 201, entered.text
    case = entered.json()["rlts_traf_id"]
    assert is_valid(case)
    assert (await enter(clerk)).json()["entry_id"] == entered.json()["entry_id"]
    same_person = await decide(caller(CHECKER, sub="wang"), entered)
    assert (same_person.status_code, same_person.json()["type"].rsplit("/", 1)[1]) == (409, "two-people-required")
    assert await service.state(case) is None
    confirmed = await decide(checker, entered)
    assert confirmed.status_code == 200, confirmed.text
    assert (await decide(checker, confirmed)).status_code == 409
    shown = (await clerk.get(f"/v1/cases/{case}")).json()
    assert (shown["case"]["origin"], shown["case"]["state"]) == ("paper", "received")
    assert (shown["case"]["inbound_due_on"], shown["case"]["error_count"]) == ("2026-03-09", 0)
    [(_, told)] = await service.sent(PaperCaseOpened)
    assert (told["sheet_version"], told["lodged"]["application"]["refs"][0]["number"]) == (1, "17")
    [(recipient, owed)] = await service.sent(BalancePayable)
    assert (recipient, owed["origin"], owed["payer_bankacct"]) == ("ledger.370100", "paper", "62410100")
    submission = {"decision": "accept", "memo": "已与纸质原件核对"}
    assert (await handle(clerk, checker, case, submission)).status_code == 200
    await service.run_core()
    assert await service.state(case) == "completed"
    [(_, completed)] = await service.sent(TransferCompleted)
    assert completed["trafin_psn_no"] == "P1"


async def test_a_corrected_paper_after_the_completion_is_synced_as_the_next_version(
    service: InboundService, as_caller: Callable[[InboundService], As]
) -> None:
    caller = as_caller(service)
    clerk, checker = caller(CLERK, sub="wang"), caller(CHECKER, sub="zhao")
    entered = await enter(clerk)
    case = entered.json()["rlts_traf_id"]
    await decide(checker, entered)
    submission = {"decision": "accept", "memo": "已与纸质原件核对"}
    await handle(clerk, checker, case, submission)
    await service.run_core()
    assert await service.state(case) == "completed"
    foot = sheet_foot(
        agency_name=PAPER_NAME, issued_on="2026-02-26", acctfund_traf_amt="1300.00", acctfund_traf_amt_cn="壹仟叁佰元整"
    )
    second = await enter(clerk, "k2", rlts_traf_id=case, sheet_version=2, foot=foot)
    assert second.status_code == 201, second.text
    double = await enter(clerk, "k3", rlts_traf_id=case, sheet_version=2, foot=foot)
    assert (double.status_code, double.json()["type"].rsplit("/", 1)[1]) == (409, "paper-case-duplicate")
    assert (await decide(checker, second)).status_code == 200
    assert await service.state(case) == "received"
    assert (await handle(clerk, checker, case, submission)).status_code == 200
    await service.run_core()
    assert await service.state(case) == "completed"
    [(_, corrected)] = await service.sent(TransferCorrected)
    assert corrected["sheet_version"] == 2
    payables = sorted((owed["obligation_no"], owed["amount"]) for _, owed in await service.sent(BalancePayable))
    assert payables == [("1", "1234.56"), ("2", "1300.00")]


async def test_an_addendum_on_paper_is_owed_beside_the_sheet_once_two_clerks_have_read_it(
    service: InboundService, as_caller: Callable[[InboundService], As]
) -> None:
    caller = as_caller(service)
    clerk, checker = caller(CLERK, sub="wang"), caller(CHECKER, sub="zhao")
    entered = await enter(clerk)
    case = entered.json()["rlts_traf_id"]
    await decide(checker, entered)
    path = f"/v1/cases/{case}/paper-addenda"

    async def add(key: str, number: int = 2, **changes: Any) -> httpx.Response:
        headers = {"If-Match": "*", "Idempotency-Key": key}
        return await clerk.post(path, json=PAPER_ADDENDUM | {"addendum_no": number} | changes, headers=headers)

    wrong = await add("w", amount_cn="贰元整", received_on="2027-01-01")
    assert (wrong.status_code, {each["pointer"] for each in wrong.json()["errors"]}) == (
        422,
        {"/amount_cn", "/received_on"},
    )
    first = await add("a1")
    assert first.status_code == 201, first.text
    assert (await add("a1")).json()["entry_id"] == first.json()["entry_id"]
    assert (await add("a2", number=1, scan_digest="cd" * 32)).status_code == 409
    confirmation, seen = f"{path}/{first.json()['entry_id']}/confirmation", {"If-Match": "*"}
    same = await caller(CHECKER, sub="wang").post(confirmation, json={"decision": "confirm"}, headers=seen)
    assert same.status_code == 409
    stale = await checker.post(confirmation, json={"decision": "confirm"}, headers={"If-Match": '"99"'})
    assert stale.status_code == 412
    assert await service.sent(AddendumPayable) == []
    for status in (200, 409):
        done = await checker.post(confirmation, json={"decision": "confirm"}, headers=seen)
        assert done.status_code == status, done.text
    [(recipient, owed)] = await service.sent(AddendumPayable)
    assert (recipient, owed["origin"], owed["obligation_no"], owed["amount"]) == (
        "ledger.370100",
        "paper",
        "902",
        "1.00",
    )
    [(_, told)] = await service.sent(AddendumIssued)
    keys = service.office.registry.current.keys
    statement = open_paper_addendum(told["sealed_addendum"], keys, service.clock.now()).statement
    assert (statement.addendum.amount, statement.people.entered_by) == (100, "wang")
    shown = (await clerk.get(f"/v1/cases/{case}")).json()
    assert shown["case"]["addenda_amount"] == "1.00"
    for repeated in (await add("a3", scan_digest="cd" * 32), await add("a4", number=1)):
        assert (repeated.status_code, repeated.json()["type"].rsplit("/", 1)[1]) == (409, "paper-addendum-duplicate")
    assert (await add("a5", number=1, scan_digest="cd" * 32)).status_code == 201  # it was overtaken by the second


async def test_two_clerks_end_a_paper_case_that_both_sides_gave_up_in_writing(
    service: InboundService, as_caller: Callable[[InboundService], As]
) -> None:
    caller = as_caller(service)
    clerk, checker = caller(CLERK, sub="wang"), caller(CHECKER, sub="zhao")
    entered = await enter(clerk)
    case = entered.json()["rlts_traf_id"]
    await decide(checker, entered)
    note = {"cause": "person_returns", "money_path": "retained_at_outbound", "note": "来函", "scan_digest": "cd" * 32}
    path, headers = f"/v1/cases/{case}/paper-ends", {"If-Match": "*", "Idempotency-Key": "e1"}
    noted = await clerk.post(path, json=note, headers=headers)
    assert noted.status_code == 201, noted.text
    assert (await clerk.post(path, json=note, headers=headers)).json() == noted.json()
    twice = await clerk.post(path, json=note, headers=headers | {"Idempotency-Key": "e2"})
    assert (twice.status_code, twice.json()["type"].rsplit("/", 1)[1]) == (409, "paper-end-open")
    approval, word = f"{path}/{noted.json()['end_id']}/approval", {"decision": "approve"}
    own = await caller(CHECKER, sub="wang").post(approval, json=word, headers={"If-Match": "*"})
    assert own.status_code == 409
    assert (await checker.post(approval, json=word, headers={"If-Match": "*"})).status_code == 200
    assert await service.state(case) == "terminated"
    [(recipient, told)] = await service.sent(TransferTerminated)
    assert (recipient, told["cause"]) == ("platform", "person_returns")
    assert [recipient for recipient, _ in await service.sent(BalanceVoided)] == ["ledger.370100"]
    shown = (await clerk.get(path)).json()["items"]
    assert [(each["state"], each["decided_by"]) for each in shown] == [("approved", "zhao")]


async def test_a_returned_paper_comes_again_as_its_next_version(
    service: InboundService, as_caller: Callable[[InboundService], As]
) -> None:
    caller = as_caller(service)
    clerk, checker = caller(CLERK, sub="wang"), caller(CHECKER, sub="zhao")
    wrong = [sheet_row(admdvs=ON_PAPER, agency_name=PAPER_NAME, months=59)]
    entered = await enter(clerk, rows=wrong)
    case = entered.json()["rlts_traf_id"]
    await decide(checker, entered)
    assert (await clerk.get(f"/v1/cases/{case}")).json()["case"]["error_count"] == 1
    reasons = [{"code": "S01", "row": 1, "box": "months"}]
    assert (await handle(clerk, checker, case, {"decision": "return", "reasons": reasons})).status_code == 200
    assert len(await service.sent(SheetReturned)) == 1
    again = await enter(clerk, "k2", rlts_traf_id=case, sheet_version=2)
    assert again.status_code == 201, again.text
    assert (await decide(checker, again)).status_code == 200
    shown = (await clerk.get(f"/v1/cases/{case}")).json()["case"]
    assert (shown["state"], shown["sheet_version"], shown["error_count"]) == ("received", 2, 0)


REFUSED: list[tuple[dict[str, Any], str]] = [
    ({"trafout_admdvs": OUT_AREA}, "area-connected"),
    ({"trafout_admdvs": "999999"}, "invalid-input"),
    ({"trafin_insutype": "390"}, "paper-case-refused"),
    ({"head": paper()["head"] | {"psn_name": "韩梅"}}, "paper-case-refused"),
    ({"scan_digest": "zz"}, "invalid-input"),
    ({"received_on": "2099-03-02"}, "invalid-input"),
    ({"applied_on": "2026-03-03"}, "invalid-input"),
    ({"applied_on": "0001-01-01"}, "invalid-input"),
]


async def test_what_an_application_would_be_refused_for_is_refused_on_paper(
    service: InboundService, as_caller: Callable[[InboundService], As]
) -> None:
    clerk = as_caller(service)(CLERK, sub="wang")
    for changes, code in REFUSED:
        answer = await enter(clerk, **changes)
        assert (answer.status_code, answer.json()["type"].rsplit("/", 1)[1]) == (422, code), answer.text
    assert (await clerk.get("/v1/paper-cases")).json()["items"] == []


async def test_the_same_relation_or_the_same_paper_is_found(
    service: InboundService, as_caller: Callable[[InboundService], As]
) -> None:
    caller = as_caller(service)
    clerk, checker = caller(CLERK, sub="wang"), caller(CHECKER, sub="zhao")
    first = await enter(clerk)
    twice = await enter(clerk, "k2", refs=[])
    assert (twice.status_code, first.json()["rlts_traf_id"] in twice.json()["detail"]) == (409, True)
    rejected = await decide(checker, first, "reject")
    assert rejected.status_code == 422
    rejected = await decide(checker, first, "reject", reason="金额与纸质不符")
    assert rejected.json()["state"] == "rejected"
    assert (await enter(clerk, "k3")).status_code == 201
    stranger = caller(CLERK, sub="wang", admdvs="370200")
    assert (await stranger.get(f"/v1/paper-cases/{first.json()['entry_id']}")).status_code == 404


async def test_a_number_is_no_key_to_a_case_that_is_not_on_paper_or_another_persons(
    service: InboundService, as_caller: Callable[[InboundService], As]
) -> None:
    caller = as_caller(service)
    clerk, checker = caller(CLERK, sub="wang"), caller(CHECKER, sub="zhao")
    old = json.dumps(paper(trafout_admdvs=OUT_AREA, refs=[])).encode()
    headers = {"Content-Type": "application/x-ndjson", "Idempotency-Key": "cut-over"}
    imported = await clerk.post("/v1/paper-cases/imports", content=old, headers=headers)
    [entry_id] = imported.json()["entry_ids"]
    await service.accept()
    electronic = await enter(clerk, "k4", rlts_traf_id=CASE)
    invented = await enter(clerk, "k5", rlts_traf_id=new_case_number())
    for answer in (electronic, invented):
        assert (answer.status_code, answer.json()["type"].rsplit("/", 1)[1]) == (404, "paper-case-unknown")
    late = await decide(checker, await clerk.get(f"/v1/paper-cases/{entry_id}"))
    assert (late.status_code, late.json()["type"].rsplit("/", 1)[1]) == (409, "paper-case-duplicate")
    assert await service.sent(PaperCaseOpened) == []


async def test_two_clerks_at_once_enter_a_relation_once(
    service: InboundService, as_caller: Callable[[InboundService], As]
) -> None:
    caller = as_caller(service)
    answers = await asyncio.gather(
        *(enter(caller(CLERK, sub=sub), f"k{sub}", refs=[]) for sub in ("wang", "li", "zhao", "qian"))
    )
    assert sorted(answer.status_code for answer in answers) == [201, 409, 409, 409]
