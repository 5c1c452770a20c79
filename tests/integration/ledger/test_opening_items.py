"""Old money items at cut-over: brought in line by line, booked by a second person, never paid or matched twice."""

import json
from collections.abc import Iterable
from datetime import date
from typing import Any

import pytest

from shared.contracts.events import BalanceMatched, BalancePaid, BalanceReceived
from tests.integration.ledger.areas import BEIJING, BEIJING_OUT, JINAN, JINAN_IN
from tests.integration.ledger.bank import Bank
from tests.unit.ledger.files import Move, camt

pytestmark = pytest.mark.law("N9-2", "S53-2")


def old(number: str, **changes: Any) -> dict[str, Any]:
    """What Jinan still expects from Beijing."""
    return {
        "kind": "receivable",
        "refs": [{"system": "oldbook", "number": number}, {"system": "oldcase", "number": f"C{number}"}],
        "amount": "123.45",
        "open_since": "2025-11-03",
        "trafout_admdvs": BEIJING,
        "trafin_admdvs": JINAN,
        "psn_name": "张三",
    } | changes


def waiting(number: str, fen: str, **changes: Any) -> dict[str, Any]:
    """Money that came to Jinan in January and that nobody could explain."""
    return {
        "kind": "suspense",
        "refs": [{"system": "oldbook", "number": number}],
        "amount": fen,
        "open_since": "2026-01-20",
        "bankacct": JINAN_IN,
        "direction": "C",
        "booked_on": "2026-01-20",
        "counterparty_acct": BEIJING_OUT,
        "note": "转移资金",
    } | changes


async def bring_in(bank: Bank, lines: Iterable[Any], *, key: str = "old-1", area: str = JINAN) -> dict[str, Any]:
    content = b"\n".join(line if isinstance(line, bytes) else json.dumps(line).encode() for line in lines)
    headers = {"Content-Type": "application/x-ndjson", "Idempotency-Key": key}
    answer = await bank.call("POST", "/opening-items", area=area, content=content, headers=headers)
    assert answer.status_code == 201, answer.text
    report: dict[str, Any] = answer.json()
    return report


async def decide(
    bank: Bank, ids: Iterable[str], *, area: str = JINAN, clerk: str = "li", **more: Any
) -> list[dict[str, Any]]:
    items = [{"item_id": each, "row_version": 1, "decision": "approve"} | more for each in ids]
    answer = await bank.call("POST", "/opening-items/approvals", area=area, clerk=clerk, json={"items": items})
    assert answer.status_code == 200, answer.text
    found: list[dict[str, Any]] = answer.json()["items"]
    return found


async def cancel(bank: Bank, item_id: str, *, area: str = JINAN, clerk: str = "li") -> tuple[int, str | None]:
    shown = await bank.call("GET", f"/opening-items/{item_id}", area=area)
    answer = await bank.call(
        "POST",
        f"/opening-items/{item_id}/cancellation",
        area=area,
        clerk=clerk,
        json={"reason": "与电子办件是同一笔"},
        headers={"If-Match": shown.headers["ETag"]},
    )
    return answer.status_code, answer.json().get("type", "").rsplit("/", 1)[-1] or None


async def test_old_items_are_brought_in_booked_and_matched_by_the_same_code(bank: Bank) -> None:
    case = bank.case()
    lines = [
        old("1", rlts_traf_id=case),
        waiting("2", "50.00"),
        old("1"),
        old("3", trafin_admdvs=BEIJING, amount="0.00"),
        b"",
        waiting("4", "7.00", direction="D", booked_on=None),
        b"{",
        old("8", open_since="0001-01-01"),
        waiting("9", "9999999999999999.99"),
    ]
    assert (await bring_in(bank, lines[:1]))["entered"] == 1
    report = await bring_in(bank, lines)
    assert (report["lines"], report["entered"], report["failed"]) == (8, 2, 6)
    faults = [(error["line"], error["pointer"], error["code"]) for error in report["errors"]]
    assert faults[0] == (3, "/refs/0", "duplicate")
    assert faults[1][:2] == (4, "/amount")
    assert faults[2] == (6, "/booked_on", "missing")
    assert faults[3][0] == 7
    assert [each[:2] for each in faults[4:]] == [(8, "/open_since"), (9, "/amount")]
    assert await bring_in(bank, lines) == report
    assert (await bring_in(bank, lines[:2], key="old-2"))["failed"] == 2

    assert [each["code"] for each in await decide(bank, report["item_ids"], clerk="zhang")] == [
        "two-people-required"
    ] * 2
    assert [each["state"] for each in await decide(bank, report["item_ids"])] == ["booked", "booked"]
    assert [each["code"] for each in await decide(bank, report["item_ids"])] == ["precondition-failed"] * 2
    # Each money item is an opening posting of its own, out of what the account's opening balance stands against.
    assert await bank.reasons() == ["no_reference"]
    assert await bank.balance("temporary_receipts") == "50.00"
    assert await bank.balance("other_business") == "-50.00"
    [owed] = await bank.obligations(case)
    assert (owed["origin"], owed["due"], owed["state"]) == ("opening", "123.45", "open")

    move = Move(12345, other=BEIJING_OUT, note=f"{case} 张三")
    await bank.book(camt(JINAN_IN, [move], opening=5000))
    [owed] = await bank.obligations(case)
    assert owed["state"] == "matched"
    assert await bank.balance("income_deposit") == "173.45"
    assert await bank.balance("transfer_income") == "123.45"
    assert await bank.balance("other_business") == "0.00"
    day = await bank.get(f"/reconciliations/{JINAN}/2026-03-02")
    assert [check["adds_up"] for check in day["suspense"]] == [True, True]
    assert [account["adds_up"] for account in day["accounts"] if account["is_told"]] == [True]
    # The platform never heard of it; the agency's core reads its own feed.
    assert [await bank.sent(kind) for kind in (BalanceReceived, BalanceMatched)] == [[], []]
    shown = (await bank.get("/opening-items?kind=receivable"))["items"]
    assert [(each["obligation_state"], each["refs"][0]["number"]) for each in shown] == [("matched", "1")]


async def test_an_old_payment_is_released_by_two_people_and_closed_by_the_bank(bank: Bank) -> None:
    report = await bring_in(bank, [old("9", kind="payable")], area=BEIJING)
    await decide(bank, report["item_ids"], area=BEIJING)
    [item] = (await bank.get("/opening-items", area=BEIJING))["items"]
    [order] = await bank.orders(item["rlts_traf_id"])
    assert (order["state"], order["amount"], order["payee_bankacct"]) == ("ready", "123.45", JINAN_IN)
    await bank.release(item["rlts_traf_id"])
    move = Move(-12345, other=JINAN_IN, note=order["remittance_note"], e2e=order["end_to_end_id"])
    await bank.book(camt(BEIJING_OUT, [move]), area=BEIJING)
    [item] = (await bank.get("/opening-items", area=BEIJING))["items"]
    assert (item["obligation_state"], item["settled_on"]) == ("paid", "2026-03-02")
    assert await bank.sent(BalancePaid) == []
    assert await cancel(bank, item["item_id"], area=BEIJING) == (409, "opening-item-moved")


async def test_an_electronic_case_like_an_old_item_waits_on_both_sides_until_somebody_has_looked(bank: Bank) -> None:
    case, number = bank.case(), bank.case()
    [payable] = (await bring_in(bank, [old("9", kind="payable")], area=BEIJING))["item_ids"]
    [receivable] = (await bring_in(bank, [old("1", rlts_traf_id=number)]))["item_ids"]
    await decide(bank, [payable], area=BEIJING)
    await decide(bank, [receivable])
    await bank.payable(case, 20000)
    assert [order["state"] for order in await bank.orders(case)] == ["held"]
    [old_item] = (await bank.get("/opening-items?is_doubtful=true", area=BEIJING))["items"]
    assert [order["state"] for order in await bank.orders(old_item["rlts_traf_id"])] == ["held"]
    assert [(each["rlts_traf_id"], each["is_same_amount"]) for each in old_item["duplicates"]] == [(case, False)]
    # Money for either waits as well.
    await bank.book(camt(JINAN_IN, [Move(20000, other=BEIJING_OUT, note=case), Move(12345, note=number)]))
    assert await bank.reasons() == ["possible_duplicate", "possible_duplicate"]

    [line, _] = (await bank.get("/suspense"))["items"]
    share = {"rlts_traf_id": case, "obligation_no": "1", "amount": "200.00", "line_id": None}
    version = (await bank.get(f"/suspense/{line['id']}"))["version"]
    asked = {"reason": "已与付款单位核实", "parts": [share]}
    path, headers = f"/suspense/{line['id']}/proposals", {"If-Match": f'"{version}"'}
    by_hand = await bank.call("POST", path, json=asked, headers=headers)
    assert [error["code"] for error in by_hand.json()["errors"]] == ["possible-duplicate"]

    # Jinan finds that they are two, Beijing that they are one.
    [alert] = (await bank.get("/alerts?kind=opening_duplicate&is_open=true"))["items"]
    await bank.let_go(alert, area=JINAN)
    [electronic] = await bank.obligations(case)
    assert electronic["state"] == "matched"
    assert await bank.reasons() == ["payer_differs"]
    assert await cancel(bank, payable, area=BEIJING, clerk="zhang") == (409, "two-people-required")
    assert await cancel(bank, payable, area=BEIJING) == (200, None)
    assert [order["state"] for order in await bank.orders(case)] == ["ready"]
    assert [order["state"] for order in await bank.orders(old_item["rlts_traf_id"])] == ["cancelled"]
    assert (await bank.get("/alerts?kind=opening_duplicate&is_open=true", area=BEIJING))["items"] == []


async def test_an_old_item_paid_before_keeps_the_electronic_one_from_being_paid(bank: Bank) -> None:
    [payable] = (await bring_in(bank, [old("9", kind="payable")], area=BEIJING))["item_ids"]
    await decide(bank, [payable], area=BEIJING)
    [item] = (await bank.get("/opening-items", area=BEIJING))["items"]
    await bank.release(item["rlts_traf_id"])
    case = bank.case()
    await bank.payable(case, 12345, to="payer")
    assert [order["state"] for order in await bank.orders(case)] == ["held"]
    assert [order["state"] for order in await bank.orders(item["rlts_traf_id"])] == ["released"]


async def test_money_for_an_old_item_that_was_cancelled_waits(bank: Bank) -> None:
    number = bank.case()
    [receivable] = (await bring_in(bank, [old("1", rlts_traf_id=number)]))["item_ids"]
    await decide(bank, [receivable])
    assert await cancel(bank, receivable) == (200, None)
    await bank.book(camt(JINAN_IN, [Move(12345, other=BEIJING_OUT, note=number, e2e=f"{number}-0")]))
    assert await bank.reasons() == ["case_closed"]


async def test_a_sheet_under_the_old_number_replaces_the_old_item(bank: Bank) -> None:
    case = bank.case()
    [payable] = (await bring_in(bank, [old("9", kind="payable", rlts_traf_id=case)], area=BEIJING))["item_ids"]
    await decide(bank, [payable], area=BEIJING)
    await bank.payable(case, 20000, to="payer")
    assert sorted((order["state"], order["amount"]) for order in await bank.orders(case)) == [
        ("cancelled", "123.45"),
        ("ready", "200.00"),
    ]
    late = await bring_in(bank, [old("8", kind="payable", rlts_traf_id=case)], key="late", area=BEIJING)
    assert [error["code"] for error in late["errors"]] == ["case-known"]


async def test_old_money_never_stands_beside_the_statement_of_its_day(bank: Bank) -> None:
    [first] = (await bring_in(bank, [waiting("1", "50.00")]))["item_ids"]
    await decide(bank, [first])
    early = await bank.upload(camt(JINAN_IN, [Move(5000, on=date(2026, 1, 20))], day=date(2026, 1, 20)))
    assert (early.status_code, early.json()["type"].rsplit("/", 1)[1]) == (409, "statement-before-cut-over")
    await bank.book(camt(JINAN_IN, [Move(100)], opening=5000))
    late = await bring_in(bank, [waiting("2", "1.00", booked_on="2026-03-02")], key="late")
    assert [error["code"] for error in late["errors"]] == ["day-on-statement"]
    # What turns out to be no transfer goes back to where the opening balance stands.
    line = (await bank.get("/suspense"))["items"][0]
    assert await bank.reclassify(line["id"], "other_business", 1) == 200
    assert await bank.balance("temporary_receipts") == "1.00"
    assert await bank.balance("other_business") == "50.00"
    assert await bank.balance("income_deposit") == "51.00"
