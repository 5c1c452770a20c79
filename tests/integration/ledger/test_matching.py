"""Money meets business: what must come out right."""

import asyncio

import pytest

from shared.contracts.events import (
    BalanceCredited,
    BalanceMatched,
    BalancePaid,
    BalanceReceived,
    BalanceReturned,
)
from tests.integration.ledger.areas import BEIJING, BEIJING_OUT, JINAN, JINAN_IN, JINAN_IN_2
from tests.integration.ledger.bank import Bank, chosen
from tests.integration.ledger.by_hand import lines, match
from tests.integration.ledger.moves import credit
from tests.integration.ledger.seen import entries, heard, waits
from tests.unit.ledger.files import DAY, Move, camt, ccb
from tests.unit.ledger.notes import OTHERS_NOTES, OWN_NOTES

pytestmark = pytest.mark.law("N9-2", "S53-2")


async def test_sheet_first_then_money_is_matched_and_booked(bank: Bank) -> None:
    case = bank.case()
    await bank.payable(case, 123456)
    report = await bank.book(ccb(JINAN_IN, [credit(case)], opening=1000, newest_first=True))
    assert [(one["outcome"], one["line_count"]) for one in report["outcomes"]] == [("receipt", 1)]
    assert await bank.balance("income_deposit") == "1244.56"
    assert await bank.balance("temporary_receipts") == "0.00"
    assert await bank.balance("transfer_income") == "1234.56"
    [matched] = await bank.sent(BalanceMatched, to=f"inbound.{JINAN}")
    assert (matched["obligation_no"], matched["amount"]) == ("1", "1234.56")
    [received] = await bank.sent(BalanceReceived)
    assert received["receipt_no"] == matched["receipt_no"]
    assert await heard(bank, case) == [("BalanceReceived", "1234.56", None), ("BalanceMatched", "1234.56", None)]
    assert await entries(bank, case, "temporary_receipts") == [("credit", "1234.56"), ("debit", "1234.56")]
    assert [one["state"] for one in await bank.obligations(case)] == ["matched"]
    assert await bank.reasons() == []


async def test_money_first_waits_for_the_sheet(bank: Bank) -> None:
    case = bank.case()
    await bank.book(camt(JINAN_IN, [credit(case)]))
    [line] = (await bank.get("/suspense"))["items"]
    bank.clock.advance(days=2)
    await waits(bank, line["id"], "awaiting_sheet", age_days=2)
    assert await heard(bank, case) == [("BalanceReceived", "1234.56", None)]
    await bank.payable(case, 123456)
    assert await bank.reasons() == []
    balances = [await bank.balance("temporary_receipts", at=day) for day in (DAY, bank.clock.now().date())]
    assert (balances, await bank.balance("transfer_income")) == (["1234.56", "0.00"], "1234.56")
    assert await heard(bank, case) == [("BalanceReceived", "1234.56", None), ("BalanceMatched", "1234.56", None)]
    assert await heard(bank, case, by=f"inbound.{JINAN}") == [("BalanceMatched", "1234.56", None)]
    assert [one["state"] for one in await bank.obligations(case)] == ["matched"]


async def test_one_fen_off_stays_in_suspense_with_the_difference(bank: Bank) -> None:
    case = bank.case()
    await bank.payable(case, 123456)
    await bank.book(camt(JINAN_IN, [credit(case, 123455)]))
    [item] = (await bank.get("/suspense"))["items"]
    assert item["suspense"]["reason"] == "amount_differs"
    assert item["suspense"]["difference"] == "-0.01"
    assert item["suspense"]["next_step"]
    [received] = await bank.sent(BalanceReceived)
    assert received["suspense_code"] == "amount_differs"


async def test_each_disagreement_has_its_own_reason(bank: Bank) -> None:
    cases = [bank.case() for _ in range(4)]
    for case in cases[:3]:
        await bank.payable(case, 100)
    moves = [
        credit(cases[0], 100, other="99999999"),
        credit(cases[1], 100, other=None),
        credit(cases[2], 100, name="李四"),
        credit(cases[3], 100, other="99999999"),
        credit("没有编号", 100),
        credit(f"{cases[0]} {cases[1]}", 100),
        credit("", 100, name=""),
    ]
    await bank.book(camt(JINAN_IN, moves))
    assert await bank.reasons() == [
        "payer_differs",
        "payer_differs",
        "name_differs",
        "unknown_case",
        "no_reference",
        "several_references",
        "no_reference",
    ]
    assert await bank.sent(BalanceMatched) == []
    codes = [event["suspense_code"] for event in await bank.sent(BalanceReceived)]
    assert codes == ["payer_differs", "payer_differs", "name_differs"]


async def test_only_another_name_in_the_note_blocks_a_match(bank: Bank) -> None:
    notes = [(note, person, False) for note, person in OWN_NOTES[::5] + OWN_NOTES[-12:]]
    notes += [(note, person, True) for note, person in OTHERS_NOTES]
    moves, expected = [], []
    for note, person, is_blocked in notes:
        case = bank.case()
        await bank.payable(case, 100, to="payee", name=person)
        moves.append(Move(100, note.format(case=case), BEIJING_OUT, e2e=f"{case}-1"))
        expected.append((case, "name_differs" if is_blocked else None))
    report = await bank.book(camt(JINAN_IN, moves, version="08"))
    lines = (await bank.get(f"/statements/{report['id']}/lines?limit=500"))["items"]
    found = [(line["rlts_traf_id"], line["suspense"] and line["suspense"]["reason"]) for line in lines]
    assert found == expected


async def test_money_for_a_case_not_ours_yet_is_told_with_the_sheet(bank: Bank) -> None:
    case = bank.case()
    await bank.book(camt(JINAN_IN, [credit(case, 100, other="99999999")]))
    assert await bank.reasons() == ["unknown_case"]
    assert await bank.sent(BalanceReceived) == []
    await bank.payable(case, 100, to="payee")
    assert [one["suspense_code"] for one in await bank.sent(BalanceReceived)] == ["payer_differs"]


async def test_structured_reference_is_enough(bank: Bank) -> None:
    case = bank.case()
    await bank.payable(case, 100)
    await bank.book(camt(JINAN_IN, [credit("", 100, name="", e2e=f"{case}-1")], version="08"))
    assert await bank.reasons() == []


async def test_a_reference_to_one_obligation_never_pays_another_of_the_case(bank: Bank) -> None:
    case = bank.case()
    await bank.payable(case, 100, to="payee")
    await bank.book(camt(JINAN_IN, [credit(case, 100, e2e=f"{case}-1")]))
    await bank.payable(case, 200, to="payee", version=2, obligation_no="2")
    await bank.book(camt(JINAN_IN_2, [credit(case, 100, e2e=f"{case}-1"), credit(case, 100, e2e=f"{case}-3")]))
    assert await bank.reasons() == ["already_settled", "awaiting_sheet"]
    bank.clock.advance(days=1)
    day = bank.clock.now().date()
    right = camt(JINAN_IN, [credit(case, 100, e2e=f"{case}-2", on=day)], opening=100, day=day, statement_no="S2")
    await bank.book(right)
    states = {one["obligation_no"]: one["state"] for one in await bank.obligations(case)}
    assert states == {"1": "matched", "2": "matched"}
    # Banks without a column for the reference write it into the note.
    for version in (3, 4):
        await bank.payable(case, version * 100, to="payee", version=version, obligation_no=f"{version}")
    bank.clock.advance(days=1)
    day = bank.clock.now().date()
    noted = [Move(100, f"{case}-1 张三", BEIJING_OUT, on=day), Move(100, f"{case}-4 张三", BEIJING_OUT, on=day)]
    first, second = await lines(bank, ccb(JINAN_IN, noted, opening=200))
    await waits(bank, first, "already_settled")
    assert (await bank.get(f"/statement-lines/{second}"))["line"]["outcome"] == "receipt"


async def test_references_that_disagree_are_never_matched_by_themselves(bank: Bank) -> None:
    case, other = bank.case(), bank.case()
    for one in (case, other):
        await bank.payable(one, 100, to="payee")
    await bank.book(camt(JINAN_IN, [credit(other, 100, e2e=f"{case}-1")]))
    assert await bank.reasons() == ["several_references"]


async def test_genuine_twins_stay_two_lines_and_nobody_guesses(bank: Bank) -> None:
    case = bank.case()
    await bank.payable(case, 100)
    report = await bank.book(camt(JINAN_IN, [credit(case, 100), credit(case, 100)]))
    lines = (await bank.get(f"/statements/{report['id']}/lines"))["items"]
    for line in lines:
        await waits(bank, line["id"], "several_candidates")
    assert await bank.balance("temporary_receipts") == "2.00"
    assert await heard(bank, case) == [("BalanceReceived", "1.00", "several_candidates")] * 2
    # Two people say which of them it is; the other is then known as paid twice.
    await match(bank, lines[1]["id"], (case, "1", "1.00"))
    await waits(bank, lines[0]["id"], "already_settled")
    assert await heard(bank, case, by=f"inbound.{JINAN}") == [("BalanceMatched", "1.00", None)]
    assert (await heard(bank, case))[2:] == [
        ("BalanceMatched", "1.00", None),
        ("BalanceReceived", "1.00", "already_settled"),
    ]


async def test_same_amount_same_day_of_two_people_is_told_apart(bank: Bank) -> None:
    first, second = bank.case(), bank.case()
    await bank.payable(first, 100)
    await bank.payable(second, 100, name="李四")
    report = await bank.book(camt(JINAN_IN, [credit(second, 100, name="李四"), credit(first, 100)]))
    lines = (await bank.get(f"/statements/{report['id']}/lines"))["items"]
    assert [(line["outcome"], line["rlts_traf_id"]) for line in lines] == [("receipt", second), ("receipt", first)]
    for case in (first, second):
        assert [one["state"] for one in await bank.obligations(case)] == ["matched"]
        assert await heard(bank, case, by=f"inbound.{JINAN}") == [("BalanceMatched", "1.00", None)]
        assert await entries(bank, case, "transfer_income") == [("credit", "1.00")]


async def test_paid_twice_leaves_the_second_in_suspense(bank: Bank) -> None:
    case = bank.case()
    await bank.payable(case, 100)
    await bank.book(camt(JINAN_IN, [credit(case, 100)]))
    await bank.book(camt(JINAN_IN_2, [credit(case, 100)]))
    assert await bank.reasons() == ["already_settled"]
    assert await bank.balance("transfer_income") == "1.00"


async def test_two_imports_at_once_never_claim_one_obligation_twice(bank: Bank) -> None:
    cases = [bank.case() for _ in range(30)]
    for case in cases:
        await bank.payable(case, 100, to="payee")
    files = [camt(account, [credit(case, 100) for case in cases]) for account in (JINAN_IN, JINAN_IN_2)]
    answers = await asyncio.gather(*(bank.upload(content) for content in files))
    assert [answer.status_code for answer in answers] == [202, 202]
    assert await bank.count("claim") == 30
    assert await bank.reasons() == ["already_settled"] * 30
    assert len(await bank.sent(BalanceMatched, to="platform")) == 30


async def test_a_sheet_and_its_money_that_cross_always_meet(bank: Bank) -> None:
    for _ in range(5):
        case = bank.case()
        event = await bank.payable_event(case, 100)
        account_day = bank.clock.now().date()
        bank.clock.advance(days=1)
        money = Move(100, f"{case} 张三", BEIJING_OUT, on=account_day)
        await asyncio.gather(
            bank.receive(event, case, f"inbound.{JINAN}", f"ledger.{JINAN}"),
            bank.upload(camt(JINAN_IN, [money], day=account_day, opening=await _closing(bank))),
        )
    assert await bank.reasons() == []
    assert await bank.count("claim") == 5


async def _closing(bank: Bank) -> int:
    accounts = [one for one in await bank.get("/accounts") if one["bankacct"] == JINAN_IN]
    if not accounts:
        return 0
    found = await bank.get(f"/accounts/{accounts[0]['id']}/balance")
    return int(found["balance"].replace(".", ""))


async def test_payment_on_the_bank_statement_is_paid_and_may_come_back(bank: Bank) -> None:
    case = bank.case()
    await bank.payable(case, 100)
    await bank.release(case)
    paid = Move(-100, f"{case} 张三", JINAN_IN, e2e=f"{case}-1")
    await bank.book(camt(BEIJING_OUT, [paid], opening=1000), area=BEIJING)
    [event] = await bank.sent(BalancePaid, to=f"outbound.{BEIJING}")
    assert event["end_to_end_id"] == f"{case}-1"
    assert await bank.balance("transfer_expenditure", area=BEIJING) == "1.00"
    assert await bank.balance("temporary_payments", area=BEIJING) == "0.00"
    assert [order["state"] for order in await bank.orders(case)] == ["paid"]

    bank.clock.advance(days=1)
    day = bank.clock.now().date()
    back = Move(100, "退汇", JINAN_IN, e2e=f"{case}-1", on=day, is_reversal=True, return_code="AC01")
    await bank.book(camt(BEIJING_OUT, [back], opening=900, day=day, statement_no="S2"), area=BEIJING)
    [returned] = await bank.sent(BalanceReturned, to="platform")
    assert returned["reason"] == "账号格式不正确或账号不存在"
    assert await bank.balance("transfer_expenditure", area=BEIJING) == "0.00"
    assert await bank.balance("expenditure_deposit", area=BEIJING) == "10.00"
    assert [order["state"] for order in await bank.orders(case)] == ["returned"]
    assert await bank.reasons(area=BEIJING) == []


async def test_payment_that_nobody_released_is_never_called_paid(bank: Bank) -> None:
    case = bank.case()
    await bank.payable(case, 100)
    await bank.book(camt(BEIJING_OUT, [Move(-100, case, JINAN_IN)], opening=1000), area=BEIJING)
    assert await bank.reasons(area=BEIJING) == ["not_released"]
    assert await bank.balance("temporary_payments", area=BEIJING) == "1.00"
    assert await bank.sent(BalancePaid) == []
    [order] = await bank.orders(case)
    refused = await bank.call("POST", "/payment-batches", area=BEIJING, json=chosen(order))
    assert refused.status_code == 409
    assert refused.json()["type"].endswith("/payment-already-on-statement")


async def test_payment_to_another_account_is_kept_apart(bank: Bank) -> None:
    case = bank.case()
    await bank.payable(case, 100)
    await bank.release(case)
    await bank.book(camt(BEIJING_OUT, [Move(-100, case, "66666666")], opening=1000), area=BEIJING)
    assert await bank.reasons(area=BEIJING) == ["payee_differs"]


async def test_credit_of_the_core_closes_the_obligation(bank: Bank) -> None:
    case = bank.case()
    await bank.payable(case, 100)
    await bank.book(camt(JINAN_IN, [credit(case, 100)]))
    event = BalanceCredited(obligation_no="1", amount=100, credited_on=bank.clock.now().date(), core_ref="C1")
    await bank.receive(event, case, f"inbound.{JINAN}", f"ledger.{JINAN}")
    [obligation] = await bank.obligations(case)
    assert (obligation["state"], obligation["credited_amount"]) == ("credited", "1.00")
    assert await bank.quarantined() == []
