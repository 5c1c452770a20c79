"""To an area that is not connected: taken at the window, sealed and printed, sent, confirmed on paper."""

import asyncio
import json
from typing import Any

import pytest

from outbound.use_cases.issue_addenda import AddendumSealing
from shared.case_number import is_valid
from shared.contracts.codes import Origin
from shared.contracts.paper import StatedAccount
from shared.signing.paper import open_dispatched_addendum, open_dispatched_sheet
from tests.integration.outbound.desk import CHECKER, CLERK, Desk
from tests.integration.outbound.paper_desk import apply, approve, note, sealed
from tests.integration.outbound.parties import IN_AREA
from tests.people import LI_LEI, relation
from tests.unit.shared.registry.policy.shipped import SHIPPED

ACCOUNT = {"bankacct": "62410100", "acctname": "郑州市医疗保障经办机构"}
SCAN = "ab" * 32
CAN_PRINT = CLERK | {"scope": "cases:read sheets:read"}


@pytest.fixture
async def paper(desk: Desk) -> Desk:
    """With the policies as they are shipped."""
    await desk.publish(("payer", "receiver"), 2, SHIPPED)
    return desk


async def test_sent_on_paper_paid_after_dispatch_and_ended_by_the_letter_of_the_inbound(paper: Desk) -> None:
    case = await sealed(paper)
    assert is_valid(case)
    assert (await apply(paper)).json()["rlts_traf_id"] == case
    shown = await paper.case(case)
    assert (shown["origin"], shown["due_on"]) == ("paper", "2026-03-16")
    assert [letter["type"] for letter in await paper.letters("platform", case)] == ["PaperCaseOpened"]
    page = await paper.call("GET", f"/cases/{case}/sheets/1/print", CAN_PRINT)
    assert page.headers["content-type"] == "text/html; charset=utf-8"
    assert all(text in page.text for text in ("李雷", "个人账户实际转出资金", case, shown["sheets"][0]["sheet_digest"]))
    assert (await note(paper, case, "dispatch", "d0", on="2027-01-01")).status_code == 422
    dispatch = await note(paper, case, "dispatch", "d1", payee_account=ACCOUNT)
    assert (await note(paper, case, "dispatch", "d2")).status_code == 409
    assert await paper.letters("ledger.370100", case) == []
    both = CLERK | {"scope": "cases:read cases:work cases:check"}
    assert (await approve(paper, dispatch, both)).status_code == 409
    assert (await approve(paper, dispatch)).status_code == 200
    [payable] = await paper.letters("ledger.370100", case)
    assert (payable["origin"], payable["payee_bankacct"]) == (Origin.PAPER, ACCOUNT["bankacct"])
    keys, now = paper.office.registry.keys, paper.clock.now()
    sheet, said = open_dispatched_sheet(payable["sealed_sheet"], payable["arrival"], keys, now)
    assert (sheet.sheet.rlts_traf_id, said.statement.people.entered_by) == (case, "u1")
    letter = await note(paper, case, "completion", "c1", scan_digest=SCAN, trafin_psn_no="ZZ9")
    assert (await approve(paper, letter)).status_code == 200
    await paper.core()
    ended = await paper.case(case)
    assert (ended["state"], ended["trafin_psn_no"]) == ("ended", "ZZ9")
    told = [letter["type"] for letter in await paper.letters("platform", case)]
    assert told == ["PaperCaseOpened", "SheetIssued", "TransferCompleted", "RelationEnded"]
    steps = (await paper.call("GET", f"/cases/{case}/paper-steps", CLERK)).json()["items"]
    assert [(step["kind"], step["state"], step["decided_by"]) for step in steps] == [
        ("dispatch", "approved", "u2"),
        ("completion", "approved", "u2"),
    ]


async def test_two_clerks_at_once_open_a_relation_once(paper: Desk) -> None:
    answers = await asyncio.gather(*(apply(paper, key) for key in ("a1", "a2", "a3", "a4")))
    assert sorted(answer.status_code for answer in answers) == [201, 409, 409, 409]


async def test_returned_by_letter_it_is_sealed_again_and_withdrawn_before_the_dispatch_all_goes_back(
    paper: Desk,
) -> None:
    case = await sealed(paper)
    await approve(paper, await note(paper, case, "dispatch", "d1", payee_account=ACCOUNT))
    reasons = [{"code": "S01", "row": 1, "box": "months"}]
    assert (await note(paper, case, "return", "r0", scan_digest=SCAN)).status_code == 422
    paper.clock.advance(days=15)
    back = await approve(paper, await note(paper, case, "return", "r1", scan_digest=SCAN, reasons=reasons))
    assert back.status_code == 200, back.text
    shown = await paper.case(case)
    # Ten working days from the return on, as the platform counts them.
    assert (shown["state"], shown["sheet_version"], shown["due_on"]) == ("drafting", 2, "2026-03-31")
    told = (await paper.letters("platform", case))[-1]
    assert (told["outbound_started_on"], told["outbound_days"], told["outbound_due_on"]) == (
        "2026-03-17",
        10,
        shown["due_on"],
    )
    gone = await note(paper, case, "withdrawal", "w1")
    assert (await approve(paper, gone)).status_code == 409


async def test_withdrawn_before_the_dispatch_everything_goes_back(paper: Desk) -> None:
    case = await sealed(paper)
    assert (await approve(paper, await note(paper, case, "withdrawal", "w1"))).status_code == 200
    await paper.core()
    assert await paper.state(case) == "withdrawn"
    assert await paper.holds() == {"held": 0, "frozen": 0, "ended": 0}
    assert (await paper.letters("platform", case))[-1]["type"] == "TransferWithdrawn"
    assert (await apply(paper, "a2")).status_code == 201


async def test_what_an_application_would_be_refused_for_is_refused_at_the_window(paper: Desk) -> None:
    refused: list[tuple[dict[str, Any], int, str]] = [
        ({"trafin_admdvs": IN_AREA}, 422, "area-connected"),
        ({"trafin_admdvs": "999999"}, 422, "invalid-input"),
        ({"psn_name": "韩梅"}, 422, "paper-case-refused"),
    ]
    for place, (changes, status, code) in enumerate(refused):
        answer = await apply(paper, f"x{place}", **changes)
        assert (answer.status_code, answer.json()["type"].rsplit("/", 1)[1]) == (status, code), answer.text
    await paper.push(relations=[relation()], rid="2", updt_time=paper.clock.now().isoformat())
    active = await apply(paper, "y")
    assert [error["code"] for error in active.json()["errors"]] == ["A01"]


async def test_a_case_of_the_platform_takes_no_notes_from_paper(paper: Desk) -> None:
    await paper.accept()
    await paper.core()
    refused = await note(paper, "ABCDEFGHJKMN2345", "dispatch", "d1")
    assert (refused.status_code, refused.json()["type"].rsplit("/", 1)[1]) == (409, "not-on-paper")
    assert (await apply(paper)).status_code == 409


async def test_old_cases_are_brought_in_line_by_line_and_go_the_way_of_every_paper_case(paper: Desk) -> None:
    old = {
        "psn_name": "李雷",
        "psn_cert_type": "01",
        "certno": LI_LEI,
        "trafin_admdvs": IN_AREA,
        "trafout_insutype": "310",
        "trafin_insutype": "310",
        "acct_disposition": "transfer",
        "applied_on": "2026-02-26",
        "refs": [{"system": "old", "number": "17"}],
    }
    second = old | {"refs": [{"system": "old", "number": "18"}]}
    lines: list[Any] = [
        old,
        second,
        old | {"psn_name": "韩梅", "refs": [{"system": "old", "number": "19"}]},
        old,
        old | {"refs": []},
        second | {"applied_on": "2027-01-01"},
        b"{",
        second | {"applied_on": "0001-01-01"},
    ]
    assert (await bring_in(paper, lines[:1]))["entered"] == 1
    report = await bring_in(paper, lines)
    assert (report["lines"], report["entered"], report["failed"]) == (8, 1, 7)
    codes = {error["line"]: error["code"] for error in report["errors"]}
    assert list(codes) == [2, 3, 4, 5, 6, 7, 8]
    assert (codes[2], codes[3], codes[4], codes[6]) == ("paper-case-duplicate", "A09", "paper-case-duplicate", "future")
    assert await bring_in(paper, lines) == report
    other = await bring_in(paper, lines[:1], key="another")
    assert (other["entered"], other["errors"][0]["code"]) == (0, "paper-case-duplicate")
    [case] = report["cases"]
    shown = await paper.case(case)
    # Ten working days from when it was accepted, 28 February (a Saturday of work) among them.
    assert (shown["origin"], shown["due_on"]) == ("paper", "2026-03-11")
    await paper.core()
    await paper.approve(case)
    await paper.seal()
    dispatch = await note(paper, case, "dispatch", "d1")
    assert (await approve(paper, dispatch)).status_code == 200
    [payable] = await paper.letters("ledger.370100", case)
    assert payable["origin"] == Origin.PAPER
    # An electronic case of the relation is in the way of an old one, whatever its number is.
    assert (await apply(paper, "a9")).status_code == 409


async def bring_in(desk: Desk, lines: list[Any], key: str = "cut-over") -> dict[str, Any]:
    content = b"\n".join(line if isinstance(line, bytes) else json.dumps(line).encode() for line in lines)
    answer = await desk.bring_in("/paper-cases/imports", CLERK, content, key)
    assert answer.status_code == 201, answer.text
    report: dict[str, Any] = answer.json()
    return report


async def ended(desk: Desk) -> str:
    """A case on paper that the letter of the inbound has ended."""
    case = await sealed(desk)
    await approve(desk, await note(desk, case, "dispatch", "d1", payee_account=ACCOUNT))
    await approve(desk, await note(desk, case, "completion", "c1", scan_digest=SCAN))
    await desk.core()
    assert await desk.state(case) == "ended"
    return case


async def test_corrected_after_the_end_it_is_sent_on_paper_again_and_ends_by_a_second_letter(paper: Desk) -> None:
    case = await ended(paper)
    version = (await paper.case(case))["row_version"]
    body = {"kind": "correction", "reason": "2024年12月未缴费"}
    begun = await paper.call("POST", f"/cases/{case}/correction", CLERK, body, version=version)
    assert begun.status_code == 200, begun.text
    await paper.approve(case)
    await paper.seal()
    await approve(paper, await note(paper, case, "dispatch", "d2", payee_account=ACCOUNT))
    letter = await note(paper, case, "completion", "c2", scan_digest=SCAN)
    assert (await approve(paper, letter)).status_code == 200
    assert ((await paper.case(case))["state"], (await paper.case(case))["sheet_version"]) == ("ended", 2)
    told = [each["type"] for each in await paper.letters("platform", case)]
    assert told == [
        "PaperCaseOpened",
        "SheetIssued",
        "TransferCompleted",
        "RelationEnded",
        "SheetIssued",
        "TransferCorrected",
    ]


async def test_money_that_came_after_sealing_goes_by_an_addendum_on_paper(paper: Desk) -> None:
    case = await ended(paper)
    for number in (1, 2):
        more = {"cause": "late_premium", "reason": "补缴到账", "amount": f"{number}0.00"}
        version = (await paper.case(case))["row_version"]
        made = await paper.call("POST", f"/cases/{case}/addenda", CLERK, more, version=version, key=f"m{number}")
        assert made.status_code == 201, made.text
        path, approved = f"/cases/{case}/addenda/{number}/review", {"decision": "approve"}
        reviewed = await paper.call("POST", path, CHECKER, approved, version="*")
        assert reviewed.status_code == 200, reviewed.text
    await paper.core()
    sealing = AddendumSealing(paper.office)
    assert [await sealing.turn() for _ in range(2)] == [1, 1]
    page = await paper.call("GET", f"/cases/{case}/addenda/1/print", CAN_PRINT)
    assert all(text in page.text for text in ("补充单", "壹拾元整", case))
    assert (await note(paper, case, "addendum", "w1")).status_code == 422
    second = await note(paper, case, "addendum", "s2", addendum_no=2, payee_account=ACCOUNT)
    assert (await approve(paper, second)).status_code == 409
    path = f"/cases/{case}/paper-steps/{second.json()['step_id']}/approval"
    await paper.call("POST", path, CHECKER, {"decision": "reject", "reason": "先寄第一号"}, version="*")
    for number in (1, 2):
        sent = await note(paper, case, "addendum", f"a{number}", addendum_no=number, payee_account=ACCOUNT)
        assert (await approve(paper, sent)).status_code == 200
    payables = [one for one in await paper.letters("ledger.370100", case) if one["type"] == "AddendumPayable"]
    assert [(one["origin"], one["obligation_no"], one["amount"]) for one in payables] == [
        ("paper", "901", "10.00"),
        ("paper", "902", "20.00"),
    ]
    keys, now = paper.office.registry.keys, paper.clock.now()
    opened, said = open_dispatched_addendum(payables[0]["sealed_addendum"], payables[0]["arrival"], keys, now)
    assert (opened.addendum.amount, said.statement.payee_account) == (1000, StatedAccount.model_validate(ACCOUNT))
    told = [each["type"] for each in await paper.letters("platform", case)]
    assert told[-2:] == ["AddendumIssued", "AddendumIssued"]
    again = await note(paper, case, "addendum", "a3", addendum_no=1)
    assert (await approve(paper, again)).status_code == 409


async def test_terminated_by_what_both_sides_wrote_everything_goes_back(paper: Desk) -> None:
    case = await sealed(paper)
    await approve(paper, await note(paper, case, "dispatch", "d1", payee_account=ACCOUNT))
    end = {"cause": "person_returns", "money_path": "retained_at_outbound"}
    assert (await note(paper, case, "termination", "t0", **end)).status_code == 422
    assert (await note(paper, case, "termination", "t1", scan_digest=SCAN)).status_code == 422
    noted = await note(paper, case, "termination", "t2", scan_digest=SCAN, **end)
    assert (await approve(paper, noted)).status_code == 200
    await paper.core()
    assert await paper.state(case) == "terminated"
    assert await paper.holds() == {"held": 0, "frozen": 0, "ended": 0}
    told = (await paper.letters("platform", case))[-1]
    assert (told["type"], told["cause"]) == ("TransferTerminated", "person_returns")
    ledger = [letter["type"] for letter in await paper.letters("ledger.370100", case)]
    assert ledger == ["BalancePayable", "PaymentHoldChanged", "BalanceVoided"]
