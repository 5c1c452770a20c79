"""Shared accounts: what is no transfer is booked past the clerks, and a clerk's word moves it by reversing postings."""

from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import text

from tests.integration.ledger import desk
from tests.integration.ledger.areas import BEIJING, BEIJING_OUT, JINAN, JINAN_IN
from tests.integration.ledger.bank import Bank
from tests.integration.ledger.town import Town
from tests.unit.ledger.files import DAY, Move, camt

pytestmark = pytest.mark.law("S53-2")
PREMIUM = {"name": "保费", "line_class": "other_business", "direction": "C", "note_words": ["居民医保费"]}

INTEREST = {"name": "结息", "line_class": "interest", "direction": "C", "note_words": ["结息"]}


async def _rules(bank: Bank, *rules: dict[str, Any], version: int = 0) -> Any:
    headers = {"If-Match": f'"{version}"'}
    return await bank.call("PUT", "/line-rules", json={"note": "首次设定", "rules": rules}, headers=headers)


async def _adds_up(bank: Bank, day: str) -> bool:
    report = await bank.get(f"/reconciliations/{JINAN}/{day}")
    return bool(report["adds_up"])


async def test_other_business_ties_to_the_fen_and_reaches_no_clerk(bank: Bank) -> None:
    assert (await bank.get("/line-rules"))["version"] == 0
    made = await _rules(bank, PREMIUM, INTEREST)
    assert (made.status_code, made.json()["version"], made.json()["made_by"]) == (200, 1, "zhang")
    assert (await _rules(bank, PREMIUM)).status_code == 412
    case = bank.case()
    await bank.payable(case, 100, to="payee")
    moves = [
        Move(100, f"{case} 张三", BEIJING_OUT),
        Move(70_000, "居民医保费 3 月"),
        Move(500, "医疗保险 退款", "999"),
        Move(-30, "转移", "998"),
        Move(123, "一季度结息"),
    ]
    report = await bank.book(camt(JINAN_IN, moves))
    outcomes = {(one["outcome"], one["line_class"]): one["amount"] for one in report["outcomes"]}
    assert outcomes == {
        ("receipt", "transfer_in"): "1.00",
        ("other", "other_business"): "700.00",
        ("other", "interest"): "1.23",
        ("suspense", "unclassified"): outcomes[("suspense", "unclassified")],
    }
    assert await bank.reasons() == ["no_reference", "no_reference"]
    assert await bank.balance("other_business") == "701.23"
    assert await bank.balance("income_deposit") == "706.93"
    assert await _adds_up(bank, DAY.isoformat())
    ruled = [line for line in (await bank.get(f"/statements/{report['id']}/lines"))["items"] if line["rule_name"]]
    assert [(one["rule_name"], one["outcome"], one["suspense"]) for one in ruled] == [
        ("保费", "other", None),
        ("结息", "other", None),
    ]
    assert [one["version"] for one in (await bank.get("/line-rules/versions"))["items"]] == [1]
    assert (await bank.get("/line-rules", area=BEIJING))["version"] == 0


async def test_a_clerk_moves_a_line_out_of_suspense_and_back(bank: Bank) -> None:
    report = await bank.book(camt(JINAN_IN, [Move(500, "保险费", "999"), Move(7, "结息")]))
    line, interest = (await bank.get(f"/statements/{report['id']}/lines"))["items"]
    bank.clock.advance(days=2)
    later = DAY + timedelta(days=2)

    change = bank.reclassify
    assert await change(line["id"], "other_business", 9) == 412
    assert await change(line["id"], "other_business", 1) == 200
    assert (await bank.reasons(), await bank.balance("other_business")) == ([], "5.07")
    assert await bank.balance("temporary_receipts", at=DAY) == "5.00"
    assert await bank.balance("temporary_receipts", at=later) == "0.00"
    assert await change(line["id"], "fee", 2) == 409
    assert await change(line["id"], "interest", 2) == 200
    assert await change(line["id"], "unclassified", 3) == 200
    assert (await bank.reasons(), await bank.balance("other_business")) == (["no_reference"], "0.07")
    assert await change(interest["id"], "unclassified", 1) == 200
    assert await bank.balance("temporary_receipts") == "5.07"
    bank.clock.advance(days=1)
    for step in range(4):
        assert await _adds_up(bank, (DAY + timedelta(days=step)).isoformat()), step
    shown = await bank.get(f"/statement-lines/{line['id']}")
    assert [one["to_class"] for one in shown["changes"]] == ["other_business", "interest", "unclassified"]
    assert (await bank.call("GET", f"/statement-lines/{line['id']}", area=BEIJING)).status_code == 404
    async with bank.database.connection() as connection:
        query = "SELECT count(*) FROM posting p WHERE cause = 'correction' AND reason = '核对为其他业务'"
        assert await connection.scalar(text(query)) == 3


async def test_receiving_into_the_treasury_account_debits_it(bank: Bank) -> None:
    body = {"hif_acct_type": "1", "use": "shared", "is_treasury": True}
    changed = await bank.call("PUT", f"/bank-accounts/{JINAN_IN}", json=body, headers={"If-Match": '"1"'})
    assert (changed.status_code, changed.json()["is_treasury"]) == (200, True)
    case = bank.case()
    await bank.payable(case, 100, to="payee")
    await bank.book(camt(JINAN_IN, [Move(100, f"{case} 张三", BEIJING_OUT)]))
    assert (await bank.balance("treasury_deposit"), await bank.balance("transfer_income")) == ("1.00", "1.00")


async def test_what_people_say_of_two_debits_at_once_comes_before_one_of_them_is_matched(town: Town) -> None:
    bank, case = town.bank, town.bank.case()
    await bank.payable(case, 50, to="payer")
    await bank.release(case)
    twin = Move(-50, f"{case} 张三", JINAN_IN, e2e=f"{case}-1")
    first, second = await town.show(BEIJING_OUT, twin, twin)
    item = await desk.item_of(bank, first, area=BEIJING)
    assert item["reason"] == "several_candidates"
    given_up = await desk.step(bank, "POST", item, "write-off", {"reason": "银行误扣"}, area=BEIJING)
    path, body = f"/statement-lines/{second}/reclassification", {"line_class": "fee", "reason": "工本费"}
    fee = await bank.call("POST", path, area=BEIJING, json=body, headers={"If-Match": '"1"'})
    chosen = [{"adjustment_id": one.json()["id"], "version": 1} for one in (given_up, fee)]
    words = {"decision": "approve", "items": chosen}
    done = await bank.call("POST", "/adjustments/approvals", area=BEIJING, clerk="li", json=words)
    assert [one["is_done"] for one in done.json()["items"]] == [True] * 2
    assert [order["state"] for order in await bank.orders(case)] == ["released"]
    assert await town.ties()
