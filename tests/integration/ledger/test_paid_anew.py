"""Payments that the bank carried out and sent back (退汇): paid anew, to the right account, and never twice."""

from dataclasses import replace
from datetime import timedelta
from typing import Any

import httpx
import pytest

from shared.contracts.events import BalancePaid, BalanceReturned, BalanceVoided
from tests.integration.ledger.areas import BEIJING, BEIJING_OUT, JINAN, JINAN_IN, JINAN_OUT
from tests.integration.ledger.bank import Bank
from tests.integration.ledger.by_hand import decide, lines, match
from tests.integration.ledger.seen import heard
from tests.integration.ledger.test_order_blocks import change_receiver
from tests.integration.ledger.test_payment_files import code, released_batch
from tests.integration.ledger.test_rejections import change, states, ties
from tests.unit.ledger.files import DAY, Move, camt

NEW_ACCOUNT = "62019999"


async def statement(bank: Bank, *moves: Move, opening: int) -> None:
    """The next day's, of the account that Beijing pays from."""
    bank.clock.advance(days=1)
    day = bank.clock.now().date()
    dated = [replace(move, on=day) for move in moves]
    await bank.book(camt(BEIJING_OUT, dated, opening=opening, day=day, statement_no=f"{day:%m%d}"), area=BEIJING)


async def come_back(bank: Bank, case: str, fen: int = 100) -> dict[str, Any]:
    """The one order of a case: released, paid, and sent back by the bank."""
    await released_batch(bank, case)
    await statement(bank, Move(-fen, f"{case} 张三", JINAN_IN, e2e=f"{case}-1"), opening=1000)
    back = Move(fen, f"{case} 退汇", JINAN_IN, e2e=f"{case}-1", return_code="AC04")
    await statement(bank, back, opening=1000 - fen)
    [order] = await bank.orders(case)
    assert (order["state"], order["return_reason"]) == ("returned", "账户已销户")
    line = (await bank.get(f"/statement-lines/{order['return_line_id']}", area=BEIJING))["line"]
    assert (line["return_reason"], line["obligation_no"]) == ("账户已销户", "1")
    return order


async def require_due(bank: Bank, expected: str, *, came_back: str, still: str) -> None:
    """What the report of the month says was to be paid."""
    report = await bank.get(f"/reconciliations/{BEIJING}/months/{DAY:%Y%m}", area=BEIJING)
    [due] = [one for one in report["expectations"] if one["kind"] == "payment"]
    assert [due[name] for name in ("expected", "came_back_amount", "open_amount")] == [expected, came_back, still]


@pytest.mark.law("N8", "S53-2")
async def test_returned_payment_is_paid_anew_to_the_account_that_is_registered_now(bank: Bank) -> None:
    case = bank.case()
    order = await come_back(bank, case)
    await require_due(bank, "1.00", came_back="1.00", still="1.00")
    await change_receiver(bank)
    body = {"reason": "收款机构已登记新账户", "payee": {"bankacct": NEW_ACCOUNT}}
    for wrong in (JINAN_OUT, "99999999"):
        stranger = body | {"payee": {"bankacct": wrong, "acctname": "某某"}}
        assert code(await change(bank, order, "reissue", stranger)) == (409, "payment-payee-not-registered")
    anew = (await change(bank, order, "reissue", body)).json()
    assert (anew["end_to_end_id"], anew["reissue_of"], anew["state"]) == (f"{case}-1-R2", order["id"], "ready")
    assert (anew["payee_bankacct"], anew["payee_acctname"]) == (NEW_ACCOUNT, "济南医保中心")
    assert [one["state"] for one in await bank.obligations(case, area=BEIJING)] == ["open"]
    assert code(await change(bank, order, "reissue", body)) == (409, "payment-order-already-reissued")
    await bank.release(case)
    await statement(bank, Move(-100, f"{case} 张三", NEW_ACCOUNT, e2e=f"{case}-1-R2"), opening=1000)
    assert await states(bank, case) == ["returned", "paid"]
    await require_due(bank, "1.00", came_back="1.00", still="0.00")
    assert [one["state"] for one in await bank.obligations(case, area=BEIJING)] == ["paid"]
    told = await bank.sent(BalancePaid, to=f"outbound.{BEIJING}")
    assert [one["end_to_end_id"] for one in told] == [f"{case}-1", f"{case}-1-R2"]
    assert len(await bank.sent(BalanceReturned, to=f"outbound.{BEIJING}")) == 1
    told_platform = [(name, amount) for name, amount, _ in await heard(bank, case)]
    assert told_platform == [("BalancePaid", "1.00"), ("BalanceReturned", "1.00"), ("BalancePaid", "1.00")]
    # The bank tells of the first once more: neither its debit nor its return is the second's.
    again = Move(100, f"{case} 退汇", JINAN_IN, e2e=f"{case}-1", return_code="AC04")
    await statement(bank, Move(-100, f"{case} 张三", JINAN_IN, e2e=f"{case}-1"), again, opening=900)
    assert await bank.reasons(area=BEIJING) == ["already_settled", "already_settled"]
    assert await states(bank, case) == ["returned", "paid"]
    assert await bank.balance("transfer_expenditure", area=BEIJING) == "1.00"
    assert await ties(bank)


async def test_what_came_back_is_owed_as_far_as_the_last_version_still_lacks_it(bank: Bank) -> None:
    replaced, overtaken, ended, less = bank.case(), bank.case(), bank.case(), bank.case()
    order = await come_back(bank, replaced)
    # The next version finds nothing paid, and owes all of it.
    await bank.payable(replaced, 130, to="payer", version=2, obligation_no="2")
    assert code(await change(bank, order, "reissue", {"reason": "重付"})) == (409, "payment-obligation-closed")
    await bank.payable(overtaken, 100, to="payer")
    await bank.release(overtaken)
    paid = Move(-100, f"{overtaken} 张三", JINAN_IN, e2e=f"{overtaken}-1")
    await statement(bank, paid, opening=1000)
    # This one counts the payment, and owes only the difference; then the payment comes back.
    await bank.payable(overtaken, 130, to="payer", version=2, obligation_no="2")
    back = Move(100, f"{overtaken} 退汇", JINAN_IN, e2e=f"{overtaken}-1", return_code="AC04")
    await statement(bank, back, opening=900)
    [difference, order] = await bank.orders(overtaken)
    assert (difference["amount"], order["state"]) == ("0.30", "returned")
    assert (await change(bank, order, "reissue", {"reason": "重付"})).status_code == 201
    await bank.release(overtaken)
    both = [Move(-100, f"{overtaken} 张三", JINAN_IN, e2e=f"{overtaken}-1-R2"), Move(-30, overtaken, JINAN_IN)]
    await statement(bank, *both, opening=1000)
    assert [one["state"] for one in await bank.obligations(overtaken, area=BEIJING)] == ["paid", "paid"]
    # The end of the case had the payer wait for what the bank itself sends back.
    await bank.payable(ended, 100, to="payer")
    await bank.release(ended)
    await statement(bank, Move(-100, f"{ended} 张三", JINAN_IN, e2e=f"{ended}-1"), opening=870)
    voided = BalanceVoided(obligation_no="900", reason="终止")
    await bank.receive(voided, ended, f"outbound.{BEIJING}", f"ledger.{BEIJING}")
    assert [one["state"] for one in await bank.obligations(ended, area=BEIJING)] == ["open", "paid"]
    await statement(bank, Move(100, f"{ended} 退汇", JINAN_IN, e2e=f"{ended}-1", return_code="AC04"), opening=770)
    assert [one["state"] for one in await bank.obligations(ended, area=BEIJING)] == ["settled", "cancelled"]
    [order] = await bank.orders(ended)
    assert code(await change(bank, order, "reissue", {"reason": "重付"})) == (409, "payment-obligation-closed")
    # A version over less had the payer wait for the difference: now it owes all that it states.
    await bank.payable(less, 100, to="payer")
    await bank.release(less)
    await statement(bank, Move(-100, f"{less} 张三", JINAN_IN, e2e=f"{less}-1"), opening=870)
    await bank.payable(less, 80, to="payer", version=2, obligation_no="2")
    await statement(bank, Move(100, f"{less} 退汇", JINAN_IN, e2e=f"{less}-1", return_code="AC04"), opening=770)
    newest, oldest = await bank.obligations(less, area=BEIJING)
    assert (newest["direction"], newest["due"], newest["state"]) == ("pay", "0.80", "open")
    assert oldest["state"] == "cancelled"
    anew, first = await bank.orders(less)
    assert [(one["amount"], one["state"]) for one in (anew, first)] == [("0.80", "ready"), ("1.00", "returned")]
    assert code(await change(bank, first, "reissue", {"reason": "重付"})) == (409, "payment-obligation-closed")
    await bank.release(less)
    await statement(bank, Move(-80, f"{less} 张三", JINAN_IN, e2e=f"{less}-2"), opening=870)
    assert await states(bank, less) == ["paid", "returned"]
    assert await ties(bank)
    assert (await bank.call("GET", f"/payment-orders/{order['id']}", area=JINAN)).status_code == 404


async def test_what_was_matched_by_hand_and_came_back_is_paid_anew_by_hand(bank: Bank) -> None:
    case = bank.case()
    await bank.payable(case, 100, to="payer")
    await bank.release(case)
    [debit] = await lines(bank, camt(BEIJING_OUT, [Move(-100, "代付")], opening=1000), area=BEIJING)
    await match(bank, debit, (case, "1", "1.00"), area=BEIJING)
    await statement(bank, Move(100, "退汇", return_code="AC04"), opening=900)
    [waiting] = (await bank.get("/suspense", area=BEIJING))["items"]
    await match(bank, waiting["id"], (case, "1", "1.00"), area=BEIJING)
    [order] = await bank.orders(case)
    assert (await change(bank, order, "reissue", {"reason": "户名已更正"})).status_code == 201
    await bank.release(case)
    await statement(bank, Move(-60, "代付"), Move(-40, "代付"), opening=1000)
    first, second = [item["id"] for item in (await bank.get("/suspense", area=BEIJING))["items"]]
    await match(bank, first, (case, "1", "0.60"), (case, "1", "0.40", second), area=BEIJING)
    assert await states(bank, case) == ["returned", "paid"]
    told = await bank.sent(BalancePaid, to=f"outbound.{BEIJING}")
    assert [(one["end_to_end_id"], one["amount"]) for one in told] == [(f"{case}-1", "1.00"), (f"{case}-1-R2", "1.00")]
    assert await bank.balance("transfer_expenditure", area=BEIJING) == "1.00"
    assert await ties(bank)


async def undo(bank: Bank, line: str, *, area: str = BEIJING) -> httpx.Response:
    """Two clerks undo what a line was matched with; the second's answer, or the refusal of the first's."""
    waited = await bank.call("GET", f"/suspense/{line}", area=area)
    shown = waited.json() if waited.status_code == 200 else await bank.get(f"/statement-lines/{line}", area=area)
    body, headers = {"reason": "退汇认错了支付单", "parts": []}, {"If-Match": f'"{shown["version"]}"'}
    made = await bank.call("POST", f"/statement-lines/{line}/correction", area=area, json=body, headers=headers)
    return made if made.status_code != 201 else await decide(bank, made, area=area)


async def test_a_return_matched_in_error_is_undone_and_the_payment_stands_again(bank: Bank) -> None:
    case, right = bank.case(), bank.case()
    order = await come_back(bank, case)
    [report, *_] = (await bank.get("/statements", area=BEIJING))["items"]
    [back] = [line["id"] for line in (await bank.get(f"/statements/{report['id']}/lines", area=BEIJING))["items"]]
    anew = (await change(bank, order, "reissue", {"reason": "重付"})).json()
    bank.clock.advance(days=1)
    undone = await undo(bank, back)
    assert undone.status_code == 200, undone.text
    assert (await states(bank, case), await bank.reasons(area=BEIJING)) == (["paid", "cancelled"], ["match_undone"])
    assert [one["state"] for one in await bank.obligations(case, area=BEIJING)] == ["paid"]
    # Told as a payment, a return, and the payment once more: the account follows.
    paid = await bank.sent(BalancePaid, to=f"outbound.{BEIJING}")
    assert [one["end_to_end_id"] for one in paid] == [f"{case}-1", f"{case}-1"]
    assert len(await bank.sent(BalanceReturned, to=f"outbound.{BEIJING}")) == 1
    assert await bank.balance("transfer_expenditure", area=BEIJING) == "1.00"
    assert await bank.balance("temporary_receipts", area=BEIJING) == "1.00"
    # It was another payment that came back.
    await released_batch(bank, right)
    await statement(bank, Move(-100, f"{right} 张三", JINAN_IN, e2e=f"{right}-1"), opening=1000)
    await match(bank, back, (right, "1", "1.00"), area=BEIJING)
    [order] = await bank.orders(right)
    assert (await change(bank, order, "reissue", {"reason": "重付"})).status_code == 201
    await bank.release(right)
    fixed = await undo(bank, back)
    assert (fixed.status_code, fixed.json()["errors"][0]["code"]) == (409, "claim-fixed")
    assert anew["state"] == "ready"
    for days in range(5):
        day = bank.clock.now().date() - timedelta(days=days)
        assert (await bank.get(f"/reconciliations/{BEIJING}/{day}", area=BEIJING))["adds_up"], day


@pytest.mark.law("N8", "S53-2")
async def test_what_came_back_is_owed_once_where_a_newer_version_owes_it(bank: Bank) -> None:
    case = bank.case()
    order = await come_back(bank, case)
    await bank.payable(case, 130, to="payer", version=2, obligation_no="2")
    assert [one["state"] for one in await bank.obligations(case, area=BEIJING)] == ["open", "cancelled"]
    await require_due(bank, "1.30", came_back="1.00", still="1.30")
    assert code(await change(bank, order, "reissue", {"reason": "重付"})) == (409, "payment-obligation-closed")
