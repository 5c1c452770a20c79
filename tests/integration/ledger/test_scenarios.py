"""Cases of domain §8 through the API with real statement files; all in one ledger, one bank day after the other."""

import pytest

from shared.contracts.events import (
    BalanceMatched,
    BalancePaid,
    BalanceReleased,
    BalanceReturned,
)
from shared.money import format_yuan
from tests.integration.ledger.areas import (
    BEIJING,
    BEIJING_IN,
    BEIJING_OUT,
    JINAN,
    JINAN_IN,
    JINAN_OUT,
)
from tests.integration.ledger.by_hand import decide, match, seen_line
from tests.integration.ledger.desk import item_of, step
from tests.integration.ledger.giving_back import debit, give_back
from tests.integration.ledger.seen import entries, heard, told_and_reported, waits
from tests.integration.ledger.test_rejections import change
from tests.integration.ledger.town import Town
from tests.unit.ledger.files import Move

pytestmark = pytest.mark.law("N8", "N9-2", "S53-2")


async def test_cut_off_days_leave_each_days_report_as_it_was(town: Town) -> None:
    bank, case = town.bank, town.bank.case()
    await bank.payable(case, 100)
    await bank.release(case)
    await town.show(BEIJING_OUT, Move(-100, f"{case} 张三", JINAN_IN, e2e=f"{case}-1"))
    paid_on = town.today
    before = await town.sections(paid_on)
    # Paid after the payee's bank had closed its day: booked there on the next, with the value of the day before.
    await town.show(JINAN_IN, Move(100, f"{case} 张三", BEIJING_OUT, e2e=f"{case}-1"), value_on=paid_on)
    assert (await town.states(case), await town.states(case, BEIJING)) == (["matched"], ["paid"])
    assert await town.sections(paid_on) == before
    assert case in before["business_without_money"]
    assert case in (await town.sections(town.today))["matched"]
    [told] = [one for one in await bank.sent(BalancePaid, to="platform") if one["end_to_end_id"] == f"{case}-1"]
    assert told["booked_on"] == f"{paid_on}"
    assert await town.ties()


async def test_an_addendum_has_money_of_its_own_beside_the_sheets(town: Town) -> None:
    bank, case = town.bank, town.bank.case()
    await town.agreed(case, 100)
    await town.add(case, 30)
    assert await bank.quarantined() == []
    await bank.release(case)
    await town.show(BEIJING_OUT, Move(-30, f"{case} 张三", JINAN_IN, e2e=f"{case}-901"))
    await town.show(JINAN_IN, Move(30, f"{case} 张三", BEIJING_OUT))
    assert (await town.states(case), await town.states(case, BEIJING)) == (["matched", "credited"], ["paid", "paid"])
    told = await bank.sent(BalanceMatched, to=f"inbound.{JINAN}")
    assert (told[-1]["obligation_no"], told[-1]["amount"]) == ("901", "0.30")
    assert await town.ties()


async def test_money_for_a_closed_case_goes_back(town: Town) -> None:
    bank, case = town.bank, town.bank.case()
    await town.agreed(case, 100)
    [line] = await town.show(JINAN_IN, Move(100, f"{case} 张三", BEIJING_OUT))
    item = await waits(bank, line, "already_settled")
    assert item["left"] == "1.00"
    order = await give_back(bank, item)
    await town.show(JINAN_OUT, debit(order, e2e=order["end_to_end_id"]))
    assert (await item_of(bank, line))["settled_on"] == f"{town.today}"
    assert (await town.states(case), await told_and_reported(bank, case)) == (["credited"], (100, 100))
    assert (await heard(bank, case))[-2:] == [
        ("BalanceReceived", "1.00", "already_settled"),
        ("BalanceReceived", "0.00", "cleared"),
    ]
    assert await town.ties()


async def test_payment_from_another_account_of_the_outbound_is_matched_by_two(town: Town) -> None:
    bank, case = town.bank, town.bank.case()
    await bank.payable(case, 100, to="payee")
    [line] = await town.show(JINAN_IN, Move(100, f"{case} 张三", BEIJING_IN))
    await waits(bank, line, "payer_differs")
    [candidate] = (await bank.get(f"/suspense/{line}/candidates"))["items"]
    assert [share["rlts_traf_id"] for share in candidate["shares"]] == [case]
    assert "account" in [one["criterion"] for one in candidate["differs"]]
    assert "agency" in [one["criterion"] for one in candidate["agrees"]]
    await match(bank, line, (case, "1", "1.00"))
    assert await town.states(case) == ["matched"]
    assert await town.ties()


async def test_a_payer_account_that_the_registry_does_not_hold_is_never_believed_by_itself(town: Town) -> None:
    bank, case = town.bank, town.bank.case()
    await bank.payable(case, 100, to="payee")
    [line] = await town.show(JINAN_IN, Move(100, f"{case} 张三", "66666666"))
    item = await waits(bank, line, "payer_differs")
    assert (await town.states(case), await told_and_reported(bank, case)) == (["open"], (100, 100))
    order = await give_back(bank, item)
    assert (order["payee_bankacct"], order["payee_acctname"]) == ("66666666", "某医保中心")
    await town.show(JINAN_OUT, debit(order, e2e=order["end_to_end_id"]))
    assert ((await item_of(bank, line))["left"], await town.states(case)) == ("0.00", ["open"])
    assert await heard(bank, case) == [
        ("BalanceReceived", "1.00", "payer_differs"),
        ("BalanceReceived", "0.00", "cleared"),
    ]
    assert await told_and_reported(bank, case) == (0, 0)
    assert await town.ties()


async def test_a_receipt_that_the_bank_took_back_is_replaced_and_set_off(town: Town) -> None:
    bank, case = town.bank, town.bank.case()
    await bank.payable(case, 100)
    await bank.release(case)
    await town.show(BEIJING_OUT, Move(-100, f"{case} 张三", JINAN_IN, e2e=f"{case}-1"))
    [first] = await town.show(JINAN_IN, Move(100, f"{case} 张三", BEIJING_OUT, e2e=f"{case}-1"))
    [taken] = await town.show(JINAN_IN, Move(-100, f"{case} 冲正", BEIJING_OUT, e2e=f"{case}-1", is_reversal=True))
    assert (await item_of(bank, taken))["reason"] == "receipt_reversed"
    # At the payer it came back, and is paid anew; the person keeps the credit meanwhile.
    await town.show(BEIJING_OUT, Move(100, f"{case} 退汇", JINAN_IN, e2e=f"{case}-1", return_code="AC04"))
    [order] = await bank.orders(case)
    assert (await change(bank, order, "reissue", {"reason": "重付"})).status_code == 201
    await bank.release(case)
    await town.show(BEIJING_OUT, Move(-100, f"{case} 张三", JINAN_IN, e2e=f"{case}-1-R2"))
    [second] = await town.show(JINAN_IN, Move(100, f"{case} 张三", BEIJING_OUT, e2e=f"{case}-1-R2"))
    assert (await item_of(bank, second))["reason"] == "already_settled"
    # What others were told of is exchanged, and the money that is no longer there is set off.
    seen = await bank.get(f"/statement-lines/{first}")
    part = {"rlts_traf_id": case, "obligation_no": "1", "amount": "1.00"} | await seen_line(bank, second)
    body, headers = {"reason": "银行冲正后重付", "parts": [part]}, {"If-Match": f'"{seen["version"]}"'}
    made = await bank.call("POST", f"/statement-lines/{first}/correction", json=body, headers=headers)
    assert (await decide(bank, made)).status_code == 200
    out, back = await item_of(bank, taken), await item_of(bank, first)
    against = {"other_line_id": int(first), "other_version": back["version"], "reason": "银行冲正"}
    assert (await bank.agree(await step(bank, "POST", out, "offset", against))).status_code == 200
    assert [(await item_of(bank, line))["left"] for line in (first, taken, second)] == ["0.00"] * 3
    assert await told_and_reported(bank, case) == (100, 100)
    assert (await town.states(case), await town.states(case, BEIJING)) == (["matched"], ["paid"])
    told = [one for one in await bank.sent(BalanceMatched, to=f"inbound.{JINAN}") if one["receipt_no"] == first]
    assert len(told) == 1
    assert await town.ties()


@pytest.mark.parametrize("fen", [130, 80])
async def test_a_corrected_sheet_after_crediting_moves_the_difference(town: Town, fen: int) -> None:
    bank, case = town.bank, town.bank.case()
    income, spent = await bank.balance("transfer_income"), await bank.balance("transfer_expenditure", area=BEIJING)
    await town.agreed(case, 100)
    await bank.payable(case, fen, version=2, obligation_no="2")
    if fen > 100:
        await bank.release(case)
        await town.show(BEIJING_OUT, Move(-30, f"{case} 张三", JINAN_IN, e2e=f"{case}-2"))
        await town.show(JINAN_IN, Move(30, f"{case} 张三", BEIJING_OUT, e2e=f"{case}-2"))
        states, moves = (["matched", "credited"], ["paid", "paid"]), [("credit", "1.00"), ("credit", "0.30")]
    else:
        [order] = await bank.orders(case, area=JINAN)
        assert (order["amount"], order["state"]) == ("0.20", "held")
        freed = BalanceReleased(obligation_no="2", amount=20, reversed_amount=20, released_on=town.today)
        await town.hear(case, freed)
        await bank.release(case, area=JINAN)
        await town.show(JINAN_OUT, Move(-20, f"{case} 张三", BEIJING_IN, e2e=f"{case}-2"))
        await town.show(BEIJING_IN, Move(20, f"{case} 张三", JINAN_OUT, e2e=f"{case}-2"))
        [told] = [one for one in await bank.sent(BalanceReturned, to=f"outbound.{BEIJING}") if one["is_owed"]]
        assert told["amount"] == "0.20"
        states, moves = (["paid", "credited"], ["settled", "paid"]), [("credit", "1.00"), ("debit", "0.20")]
    assert (await town.states(case), await town.states(case, BEIJING)) == states
    moved = [
        _fen(after) - _fen(before)
        for before, after in (
            (income, await bank.balance("transfer_income")),
            (spent, await bank.balance("transfer_expenditure", area=BEIJING)),
        )
    ]
    assert moved == [fen, fen]
    # The entries that change what was credited stand beside it, linked by the case; nothing was written over.
    assert await entries(bank, case, "transfer_income") == moves
    assert [one["reason"] for one in await bank.obligations(case)] == ["correction", "balance"]
    assert await town.ties()


def _fen(yuan: str) -> int:
    found = int(yuan.replace(".", ""))
    assert format_yuan(found) == yuan
    return found
