"""Money given back to who paid it: real statement files in, an order of its own out, never twice."""

import asyncio
from datetime import timedelta

import pytest
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError

from shared.contracts.events import BalanceReturned, BalanceVoided
from tests.integration.ledger.areas import BEIJING, BEIJING_IN, BEIJING_OUT, JINAN, JINAN_IN, JINAN_OUT
from tests.integration.ledger.bank import Bank, chosen
from tests.integration.ledger.by_hand import match
from tests.integration.ledger.desk import item_of, step, waiting
from tests.integration.ledger.giving_back import NEXT, WHY, debit, give_back, refuse, ties, told
from tests.integration.ledger.seen import heard, told_and_reported, waits
from tests.unit.ledger.files import DAY, Move, camt, ccb
from tests.unit.ledger.status_reports import Told

pytestmark = pytest.mark.law("N9-2", "S53-2")
LATER = DAY + timedelta(days=2)


async def test_money_for_a_withdrawn_case_goes_back_from_the_account_that_pays(bank: Bank) -> None:
    case = bank.case()
    await bank.payable(case, 123456, to="payee")
    voided = BalanceVoided(obligation_no="2", reason="撤销")
    await bank.receive(voided, case, f"inbound.{JINAN}", f"ledger.{JINAN}")
    [item] = await waiting(bank, Move(123456, f"{case} 张三", BEIJING_OUT))
    await waits(bank, item["line"]["id"], "case_closed")
    assert await heard(bank, case) == [("BalanceReceived", "1234.56", "case_closed")]
    order = await give_back(bank, item)
    assert (order["payer_bankacct"], order["payee_bankacct"], order["amount"]) == (JINAN_OUT, BEIJING_OUT, "1234.56")
    assert order["end_to_end_id"] == f"{case}-TH{item['line']['id']}-1"
    assert order["remittance_note"] == f"{case} 退回2026-03-02来款 TH{item['line']['id']}-1"
    on_its_way = await item_of(bank, item["line"]["id"])
    assert (on_its_way["left"], on_its_way["next_step"][:5]) == ("0.00", "退回支付单")
    await bank.book(ccb(JINAN_OUT, [debit(order)], opening=200000))
    closed = await item_of(bank, item["line"]["id"])
    assert (closed["settled_on"], closed["returns"][0]["state"]) == (NEXT.isoformat(), "paid")
    assert [(one["what"], one["by"]) for one in closed["events"]] == [
        ("refund_paid", "bank"),
        ("refund_ordered", "zhang"),
    ]
    assert (await bank.reasons(), await bank.balance("temporary_receipts")) == ([], "0.00")
    assert await bank.balance("temporary_receipts", at=DAY) == "1234.56"
    assert (await bank.balance("temporary_payments"), await bank.balance("transfer_expenditure")) == ("0.00", "0.00")
    # The platform no longer counts what has gone back, and nobody was ever credited.
    assert (await heard(bank, case))[1:] == [("BalanceReceived", "0.00", "cleared")]
    assert (await told_and_reported(bank, case), await heard(bank, case, by=f"inbound.{JINAN}")) == ((0, 0), [])
    assert await ties(bank, DAY, NEXT)


async def test_paid_twice_the_second_goes_back_and_the_payers_books_ask_a_clerk(bank: Bank) -> None:
    case = bank.case()
    await bank.payable(case, 100)
    await bank.release(case)
    await bank.book(camt(BEIJING_OUT, [Move(-100, f"{case} 张三", JINAN_IN)], opening=1000), area=BEIJING)
    await bank.book(ccb(JINAN_IN, [Move(100, f"{case} 张三", BEIJING_OUT)]))
    bank.clock.advance(days=1)
    second = Move(100, f"{case} 张三", BEIJING_OUT, on=NEXT)
    await bank.book(ccb(JINAN_IN, [second], opening=100))
    [line] = (await bank.get("/suspense"))["items"]
    item = await waits(bank, line["id"], "already_settled")
    assert (await heard(bank, case))[-1] == ("BalanceReceived", "1.00", "already_settled")
    order = await give_back(bank, item)
    await bank.book(camt(JINAN_OUT, [debit(order, e2e=order["end_to_end_id"])], opening=1000, day=NEXT))
    assert (await bank.reasons(), await bank.balance("transfer_income")) == ([], "1.00")
    assert await heard(bank, case, by=f"inbound.{JINAN}") == [("BalanceMatched", "1.00", None)]
    assert ((await heard(bank, case))[-1], await told_and_reported(bank, case)) == (
        ("BalanceReceived", "0.00", "cleared"),
        (100, 100),
    )
    assert await ties(bank, DAY, NEXT)
    # At the payer, one of two debits is unexplained: which of them came back, only a person can say.
    again = Move(-100, f"{case} 张三", JINAN_IN, on=NEXT)
    back = Move(100, order["remittance_note"], JINAN_OUT, on=NEXT, e2e=order["end_to_end_id"])
    await bank.book(camt(BEIJING_OUT, [again, back], opening=900, day=NEXT), area=BEIJING)
    assert await bank.reasons(area=BEIJING) == ["already_settled", "several_candidates"]
    assert await bank.sent(BalanceReturned) == []


async def test_a_whole_payment_given_back_is_known_again_by_the_payers_books(bank: Bank) -> None:
    case = bank.case()
    await bank.payable(case, 100, to="payer")
    await bank.release(case)
    await bank.book(camt(BEIJING_OUT, [Move(-100, f"{case} 张三", JINAN_IN)], opening=1000), area=BEIJING)
    [item] = await waiting(bank, Move(100, f"{case} 张三", BEIJING_OUT))
    order = await give_back(bank, item)
    back = Move(100, order["remittance_note"], JINAN_OUT, on=NEXT)
    await bank.book(camt(BEIJING_OUT, [back], opening=900, day=NEXT), area=BEIJING)
    assert ([one["state"] for one in await bank.obligations(case, area=BEIJING)], await bank.reasons(area=BEIJING)) == (
        ["returned"],
        [],
    )


async def test_a_return_that_comes_back_waits_as_what_it_is_and_goes_to_a_registered_account(bank: Bank) -> None:
    [item] = await waiting(bank, Move(500, "转移款", BEIJING_OUT))
    assert item["reason"] == "no_reference"
    part = await give_back(bank, item, amount="2.00")
    assert (part["rlts_traf_id"], part["remittance_note"]) == (None, f"退回2026-03-02来款 TH{item['line']['id']}-1")
    failed = Move(200, f"账号户名不符 {part['remittance_note']}", on=NEXT)
    await bank.book(camt(JINAN_OUT, [debit(part), failed], opening=1000, day=NEXT))
    rest, came_back = [await item_of(bank, line["id"]) for line in (await bank.get("/suspense"))["items"]]
    assert (rest["left"], rest["returns"][0]["state"], rest["settled_on"]) == ("3.00", "returned", None)
    assert [event["what"] for event in rest["events"]] == ["refund_came_back", "refund_paid", "refund_ordered"]
    assert (came_back["reason"], came_back["left"]) == ("refund_returned", "2.00")
    assert await ties(bank, DAY, NEXT)
    elsewhere = await step(bank, "POST", came_back, "return", WHY | {"payee_bankacct": "999"})
    assert elsewhere.json()["type"].endswith("/suspense-not-refundable")
    again = await give_back(bank, came_back)
    assert (again["payer_bankacct"], again["payee_bankacct"], again["amount"]) == (JINAN_OUT, BEIJING_OUT, "2.00")
    to_other = await give_back(bank, await item_of(bank, rest["line"]["id"]), payee_bankacct=BEIJING_IN)
    assert (to_other["payee_bankacct"], to_other["end_to_end_id"]) == (BEIJING_IN, f"TH{item['line']['id']}-2")
    moves = [debit(again, on=LATER), debit(to_other, on=LATER)]
    await bank.book(camt(JINAN_OUT, moves, opening=1000, day=LATER, statement_no="S2"))
    assert (await bank.reasons(), await bank.balance("temporary_receipts")) == ([], "0.00")
    assert await bank.balance("expenditure_deposit") == "5.00"
    assert await ties(bank, DAY, NEXT, LATER)


async def test_money_is_never_given_back_twice_nor_matched_while_it_goes_back(bank: Bank) -> None:
    case = bank.case()
    [item] = await waiting(bank, Move(100, f"{case} 张三", BEIJING_OUT))
    tries = [
        step(bank, "POST", item | {"version": version}, "return", WHY | {"amount": amount}, clerk=clerk)
        for version, amount, clerk in ((1, "1.00", "zhang"), (1, "0.60", "li"), (2, "0.60", "wang"), (2, None, "zhao"))
    ]
    codes = sorted(answer.status_code for answer in await asyncio.gather(*tries))
    assert (codes.count(201), set(codes) <= {201, 409, 412}) == (1, True)
    assert await bank.count("payment_order") == 1
    async with bank.database.transaction() as connection:
        await connection.execute(text("UPDATE payment_order SET amount_fen = 100"))
    await bank.payable(case, 100, to="payee")
    assert await bank.reasons() == ["awaiting_sheet"]
    held = await item_of(bank, item["line"]["id"])
    withdrawn = await step(bank, "POST", held, "return/withdrawal", {"reason": "信息表已到"})
    assert (withdrawn.status_code, withdrawn.json()["returns"][0]["state"]) == (200, "cancelled")
    assert (await bank.reasons(), await bank.balance("transfer_income")) == ([], "1.00")


async def test_the_database_clears_no_more_than_a_line_has_left(bank: Bank) -> None:
    item, other = await waiting(bank, Move(100, "转移款", BEIJING_OUT), Move(50, "转移款", BEIJING_OUT))
    order, unpaid = await give_back(bank, item), await give_back(bank, other)
    await bank.book(camt(JINAN_OUT, [debit(order)], opening=1000, day=NEXT))
    repeated = """
        INSERT INTO clearing (admdvs, kind, credit_line_id, debit_line_id, order_id, amount_fen, cleared_on, cleared_at)
        SELECT admdvs, kind, credit_line_id, debit_line_id, :order_id, amount_fen, cleared_on, cleared_at FROM clearing
    """
    for order_id, refusal in ((order["id"], "uq_clearing_order_id"), (unpaid["id"], "not that much left")):
        with pytest.raises(DBAPIError, match=refusal):
            async with bank.database.transaction() as connection:
                await connection.execute(text(repeated), {"order_id": order_id})


async def test_money_that_the_bank_refuses_to_give_back_is_matched_like_new_money(bank: Bank) -> None:
    cases = [bank.case() for _ in range(3)]
    items = await waiting(bank, *(Move(100 + number, f"{case} 张三", BEIJING_OUT) for number, case in enumerate(cases)))
    orders = [await give_back(bank, item) for item in items]
    for number, case in enumerate(cases):
        await bank.payable(case, 100 + number, to="payee")
    assert await bank.reasons() == ["awaiting_sheet"] * 3
    await refuse(bank, items[0])
    await told(bank, *(Told(order["end_to_end_id"], "RJCT", "AC04") for order in orders[1:]))
    assert [await states(bank, case) for case in cases] == [["matched"]] * 3
    assert (await bank.reasons(), await bank.balance("transfer_income")) == ([], "3.03")
    events = (await item_of(bank, items[1]["line"]["id"]))["events"]
    assert [(one["what"], one["by"], one["reason"]) for one in events[:1]] == [("refund_refused", "bank", "AC04")]
    # The bank has carried one of them out after all: that is nobody's payment, and somebody is told at once.
    await bank.book(camt(JINAN_OUT, [debit(orders[2], e2e=orders[2]["end_to_end_id"])], opening=1000, day=NEXT))
    assert await bank.reasons() == ["paid_after_rejection"]
    assert await kinds(bank) == ["debited_twice"]
    assert await ties(bank, DAY, NEXT)


async def test_money_that_may_have_gone_back_all_the_same_is_not_matched_by_itself(bank: Bank) -> None:
    shown, settled = bank.case(), bank.case()
    items = await waiting(bank, Move(100, f"{shown} 张三", BEIJING_OUT), Move(200, f"{settled} 张三", BEIJING_OUT))
    orders = [await give_back(bank, item) for item in items]
    await told(bank, *(Told(order["end_to_end_id"], "RJCT", "AC04") for order in orders))
    await told(bank, Told(orders[1]["end_to_end_id"], "ACSC", None), number="R2")
    await bank.book(camt(JINAN_OUT, [debit(orders[0])], opening=1000, day=NEXT))
    for case, fen in ((shown, 100), (settled, 200)):
        await bank.payable(case, fen, to="payee")
    assert await bank.reasons() == ["awaiting_sheet", "awaiting_sheet", "paid_after_rejection"]
    assert sorted(await kinds(bank)) == ["bank_answer", "debited_twice"]
    # Whoever orders the second again: it does not leave before two people have asked the bank.
    again = await step(bank, "POST", await item_of(bank, items[1]["line"]["id"]), "return", WHY)
    assert again.json()["type"].endswith("/payment-bank-contradicts-itself")
    [alert] = (await bank.get("/alerts?kind=bank_answer"))["items"]
    await bank.let_go(alert, area=JINAN)
    assert await states(bank, settled) == ["matched"]
    # What the bank took for the first is explained: it is what came in, and the sheet's money is still to come.
    first, late = [await item_of(bank, line) for line in (items[0]["line"]["id"], await last(bank))]
    seen = {"other_line_id": int(late["line"]["id"]), "other_version": late["version"], "reason": "银行已付"}
    assert (await bank.agree(await step(bank, "POST", first, "offset", seen))).status_code == 200
    assert (await bank.reasons(), await states(bank, shown), await kinds(bank)) == ([], ["open"], [])


async def test_a_debit_explained_by_its_own_file_frees_what_it_held_up(bank: Bank) -> None:
    case = bank.case()
    twins = await waiting(bank, *(Move(100, f"{case} 张三", BEIJING_OUT, ref=ref) for ref in ("A1", "A2")))
    await give_back(bank, twins[0])
    await refuse(bank, twins[0])
    await bank.payable(case, 100, to="payee")
    assert await bank.reasons() == ["several_candidates"] * 2
    order = await give_back(bank, await item_of(bank, twins[1]["line"]["id"]))
    await bank.book(camt(JINAN_OUT, [debit(order)], opening=1000, day=NEXT))
    assert (await bank.reasons(), await states(bank, case)) == ([], ["matched"])
    assert await ties(bank, DAY, NEXT)


async def last(bank: Bank) -> str:
    return str((await bank.get("/suspense"))["items"][-1]["id"])


async def states(bank: Bank, case: str) -> list[str]:
    return [one["state"] for one in await bank.obligations(case)]


async def kinds(bank: Bank) -> list[str]:
    return [one["kind"] for one in (await bank.get("/alerts?is_open=true"))["items"]]


async def test_a_return_that_came_back_is_the_sheets_money_only_when_two_people_say_so(bank: Bank) -> None:
    case = bank.case()
    [item] = await waiting(bank, Move(100, f"{case} 张三", BEIJING_OUT))
    order = await give_back(bank, item)
    failed = Move(100, f"账号户名不符 {order['remittance_note']}", BEIJING_OUT, on=NEXT, return_code="AC04")
    await bank.book(camt(JINAN_OUT, [debit(order), failed], opening=1000, day=NEXT))
    await bank.payable(case, 100, to="payee")
    back = await item_of(bank, await last(bank))
    assert (back["reason"], back["line"]["return_reason"]) == ("refund_returned", "账户已销户")
    found = await bank.get(f"/suspense/{back['line']['id']}/candidates")
    assert [one["shares"][0]["rlts_traf_id"] for one in found["items"]] == [case]
    await match(bank, back["line"]["id"], (case, "1", "1.00"))
    assert (await bank.reasons(), await states(bank, case), await bank.balance("transfer_income")) == (
        [],
        ["matched"],
        "1.00",
    )
    assert await told_and_reported(bank, case) == (100, 100)
    assert await ties(bank, DAY, NEXT)


async def test_a_return_that_the_bank_refused_is_made_anew_but_not_beside_its_debit(bank: Bank) -> None:
    [item] = await waiting(bank, Move(100, "转移款", BEIJING_OUT))
    order = await give_back(bank, item)
    await refuse(bank, item)
    again = await step(bank, "POST", await item_of(bank, item["line"]["id"]), "return", WHY)
    assert again.status_code == 201, again.text
    # The bank has paid the first after all, and a fen for itself: nobody releases the second before that is explained.
    taken = Move(-101, order["remittance_note"].replace("TH", "ＴＨ"), order["payee_bankacct"], on=NEXT)
    await bank.book(camt(JINAN_OUT, [taken], opening=1000, day=NEXT))
    batch = await bank.call("POST", "/payment-batches", json=chosen(again.json()["returns"][0]))
    assert batch.json()["type"].endswith("/payment-already-on-statement")
