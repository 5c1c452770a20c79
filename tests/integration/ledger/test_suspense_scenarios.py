"""Cases of domain §8 that end with money going back, beside all the other business of shared accounts."""

from collections.abc import Mapping
from datetime import date, timedelta

import pytest

from tests.integration.ledger.areas import BEIJING, BEIJING_OUT, JINAN, JINAN_IN, JINAN_IN_2, JINAN_OUT
from tests.integration.ledger.bank import Bank
from tests.integration.ledger.desk import item_of, waiting
from tests.integration.ledger.giving_back import debit, give_back, ties
from tests.unit.ledger.files import DAY, Move, camt

pytestmark = pytest.mark.law("N9-2", "S53-2")
NEXT, MONTH_END = DAY + timedelta(days=1), date(2026, 2, 28)
PREMIUM = {"name": "保费", "line_class": "other_business", "direction": "C", "note_words": ["居民医保费"]}
INTEREST = {"name": "结息", "line_class": "interest", "direction": "C", "note_words": ["结息"]}
REFUND = {"name": "余额退还", "line_class": "other_business", "direction": "D", "note_words": ["账户余额退还"]}


async def _rules(bank: Bank, area: str, *rules: Mapping[str, object]) -> None:
    headers = {"If-Match": '"0"'}
    made = await bank.call("PUT", "/line-rules", area=area, json={"note": "设定", "rules": rules}, headers=headers)
    assert made.status_code == 200, made.text


async def test_swept_to_zero_at_month_end_with_premiums_and_interest_while_a_line_waits(bank: Bank) -> None:
    await _rules(bank, JINAN, PREMIUM, INTEREST)
    treasury = {"hif_acct_type": "1", "use": "shared", "is_treasury": True}
    await bank.get("/bank-accounts")
    put = await bank.call("PUT", f"/bank-accounts/{JINAN_IN_2}", json=treasury, headers={"If-Match": '"1"'})
    assert put.status_code == 200
    moves = [
        Move(70_000, "居民医保费 2 月", on=MONTH_END),
        Move(123, "结息", on=MONTH_END),
        Move(500, f"{bank.case()} 张三", BEIJING_OUT, on=MONTH_END),
        Move(-70_623, "月末上划", JINAN_IN_2, on=MONTH_END),
    ]
    await bank.book(camt(JINAN_IN, moves, day=MONTH_END))
    swept = Move(70_623, "月末上划", JINAN_IN, on=MONTH_END)
    await bank.book(camt(JINAN_IN_2, [swept], day=MONTH_END, statement_no="S2"))
    assert (await bank.balance("income_deposit"), await bank.balance("treasury_deposit")) == ("0.00", "706.23")
    [line] = (await bank.get("/suspense"))["items"]
    month = await bank.call("GET", "/periods/202602")
    seen = [point["code"] for point in month.json()["checklist"] if point["count"]]
    closed = await bank.call(
        "POST", "/periods/202602/close", json={"seen": seen}, headers={"If-Match": month.headers["ETag"]}
    )
    assert closed.status_code == 200, closed.text
    order = await give_back(bank, await item_of(bank, line["id"]))
    assert (order["payer_bankacct"], order["payee_bankacct"]) == (JINAN_OUT, BEIJING_OUT)
    await bank.book(camt(JINAN_OUT, [debit(order)], opening=10_000, day=NEXT, statement_no="S3"))
    assert (await bank.reasons(), await bank.balance("temporary_receipts", at=MONTH_END)) == ([], "5.00")
    assert await ties(bank, MONTH_END, NEXT)


async def test_a_balance_refunded_to_the_person_moves_in_no_books_of_transfers(bank: Bank) -> None:
    await _rules(bank, BEIJING, REFUND)
    case = bank.case()
    refunds = [Move(-123456, "个人账户余额退还 张三", "6222000011112222")]
    await bank.book(camt(BEIJING_OUT, refunds, opening=200_000), area=BEIJING)
    assert (await bank.reasons(area=BEIJING), await bank.obligations(case, area=BEIJING)) == ([], [])
    assert (await bank.get(f"/reconciliations/{BEIJING}/{DAY}", area=BEIJING))["adds_up"]
    # Paid to the other agency besides, in error: nothing is owed there, so all of it goes back.
    [item] = await waiting(bank, Move(123456, f"{case} 张三", BEIJING_OUT))
    assert item["reason"] == "awaiting_sheet"
    order = await give_back(bank, item)
    await bank.book(camt(JINAN_OUT, [debit(order)], opening=200_000, day=NEXT))
    assert (await bank.reasons(), await bank.balance("transfer_income")) == ([], "0.00")
    assert await ties(bank, DAY, NEXT)
