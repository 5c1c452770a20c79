"""Lines that look like a match and are none: the case number and the amount alone convince nobody."""

import re
from uuid import uuid4

import pytest

from shared.contracts.events import BalancePaid, BalanceReleased, BalanceReturned, BalanceVoided
from tests.integration.ledger.areas import BEIJING, BEIJING_IN, BEIJING_OUT, JINAN, JINAN_IN, JINAN_OUT
from tests.integration.ledger.bank import Bank
from tests.integration.ledger.by_hand import match, propose
from tests.integration.ledger.desk import item_of, step
from tests.integration.ledger.giving_back import WHY, debit, give_back
from tests.integration.ledger.town import Town
from tests.unit.ledger.files import Move

pytestmark = pytest.mark.law("N9-2", "S53-2")


async def reasons(town: Town, lines: list[str], area: str = BEIJING) -> list[str]:
    """Why these lines wait, each of them now."""
    items = [await town.bank.get(f"/suspense/{line}", area=area) for line in lines]
    assert [item["settled_on"] for item in items] == [None] * len(lines)
    return [item["reason"] for item in items]


async def test_a_credit_that_the_payee_did_not_send_brings_no_payment_back(town: Town) -> None:
    bank, cases = town.bank, [town.bank.case() for _ in range(5)]
    for case in cases:
        await bank.payable(case, 100, to="payer")
    await bank.release(*cases)
    await town.show(BEIJING_OUT, *(Move(-100, f"{case} 张三", JINAN_IN, e2e=f"{case}-1") for case in cases))
    stranger, other_name, own, named_by_bank, right = cases
    lines = await town.show(
        BEIJING_OUT,
        Move(100, f"{stranger} 张三", "99999999"),
        Move(100, f"{other_name} 李四", JINAN_IN),
        Move(100, f"{own} 张三", BEIJING_IN),
        Move(100, f"{named_by_bank} 李四", JINAN_IN, e2e=f"{named_by_bank}-1", return_code="AC04"),
        Move(100, f"{right} 张三", JINAN_IN),
    )
    expected = ["payer_differs", "name_differs", "payer_differs", "name_differs"]
    assert await reasons(town, lines[:4]) == expected
    states = [(await bank.obligations(case, area=BEIJING))[0]["state"] for case in cases]
    assert states == ["paid"] * 4 + ["returned"]
    assert len(await bank.sent(BalanceReturned, to="platform")) == 1
    await match(bank, lines[0], (stranger, "1", "1.00"), area=BEIJING)
    assert (await bank.obligations(stranger, area=BEIJING))[0]["state"] == "returned"
    assert await town.ties()


async def test_a_debit_on_another_account_than_the_orders_pays_nothing_by_itself(town: Town) -> None:
    bank, case = town.bank, town.bank.case()
    await bank.payable(case, 100, to="payer")
    await bank.release(case)
    lines = await town.show(BEIJING_IN, Move(-100, f"{case} 张三", JINAN_IN, e2e=f"{case}-1"))
    assert await reasons(town, lines) == ["payer_differs"]
    assert [order["state"] for order in await bank.orders(case)] == ["released"]
    await match(bank, lines[0], (case, "1", "1.00"), area=BEIJING)
    assert [order["state"] for order in await bank.orders(case)] == ["paid"]
    assert await town.ties()


async def _reclassify(bank: Bank, line: str, line_class: str, version: int) -> None:
    path, body = f"/statement-lines/{line}/reclassification", {"line_class": line_class, "reason": "向银行核实"}
    proposed = await bank.call("POST", path, area=BEIJING, json=body, headers={"If-Match": f'"{version}"'})
    assert (await bank.agree(proposed, area=BEIJING)).status_code == 200


async def test_a_fee_that_names_its_payment_is_told_apart_by_two_and_holds_up_nothing(town: Town) -> None:
    bank, case = town.bank, town.bank.case()
    await bank.payable(case, 100, to="payer")
    await bank.release(case)
    paid, fee = Move(-100, f"{case} 张三", JINAN_IN, e2e=f"{case}-1"), Move(-550, f"手续费 {case}")
    [_, charged] = await town.show(BEIJING_OUT, paid, fee)
    assert await reasons(town, [charged]) == ["already_settled"]
    # While the second debit is not explained, nobody says which of the two came back.
    [back] = await town.show(BEIJING_OUT, Move(100, f"退汇 {case}", JINAN_IN, e2e=f"{case}-1", return_code="AC04"))
    assert await reasons(town, [back]) == ["several_candidates"]
    await _reclassify(bank, charged, "fee", 1)
    assert [(await bank.get(f"/suspense/{line}", area=BEIJING))["left"] for line in (charged, back)] == ["0.00"] * 2
    assert [order["state"] for order in await bank.orders(case)] == ["returned"]
    # Nobody has to look any more: the alert of the debit has settled itself.
    [alert] = (await bank.get("/alerts?kind=debited_twice", area=BEIJING))["items"]
    assert (alert["subject"], alert["settled_by"]) == (charged, "system")
    assert "改类" in alert["reason"]
    # It was no fee after all.
    await _reclassify(bank, charged, "transfer_out", 2)
    [again] = (await bank.get("/alerts?is_open=true&kind=debited_twice", area=BEIJING))["items"]
    assert (again["subject"], await reasons(town, [charged])) == (charged, ["already_settled"])
    await _reclassify(bank, charged, "fee", 3)
    assert (await bank.get("/alerts?is_open=true&kind=debited_twice", area=BEIJING))["items"] == []
    assert await town.ties()


async def test_what_came_back_short_for_good_is_made_up_by_the_agency_and_paid_anew(town: Town) -> None:
    bank, case = town.bank, town.bank.case()
    await bank.payable(case, 1000, to="payer")
    await bank.release(case)
    await town.show(BEIJING_OUT, Move(-1000, f"{case} 张三", JINAN_IN, e2e=f"{case}-1"))
    # The bank keeps a fen of what it sends back.
    [short] = await town.show(BEIJING_OUT, Move(999, f"退汇 {case}", JINAN_IN, e2e=f"{case}-1", return_code="AC04"))
    assert await reasons(town, [short]) == ["amount_differs"]
    alone = await propose(bank, short, (case, "1", "9.99"), area=BEIJING)
    assert alone.json()["errors"][0]["code"] == "return-not-whole"
    # The agency pays the fen in from an account of its own.
    [made_up] = await town.show(BEIJING_OUT, Move(1, f"垫付少退 {case}", "62010000", "北京医保中心"))
    await match(bank, short, (case, "1", "9.99"), (case, "1", "0.01", made_up), area=BEIJING)
    [order] = await bank.orders(case)
    assert (order["state"], (await item_of(bank, short, area=BEIJING))["left"]) == ("returned", "0.00")
    assert [event["amount"] for event in await bank.sent(BalanceReturned, to="platform")][-1] == "10.00"
    body, seen = {"reason": "账户已核实"}, {"If-Match": f'"{order["version"]}"'}
    anew = await bank.call("POST", f"/payment-orders/{order['id']}/reissue", area=BEIJING, json=body, headers=seen)
    assert (anew.status_code, anew.json()["amount"]) == (201, "10.00")
    await bank.release(case)
    await town.show(BEIJING_OUT, Move(-1000, f"{case} 张三", JINAN_IN, e2e=f"{case}-1-R2"))
    assert sorted(one["state"] for one in await bank.orders(case)) == ["paid", "returned"]
    assert await town.ties()


async def test_a_debit_that_does_not_look_like_the_return_it_pays_is_set_off_by_two(town: Town) -> None:
    bank = town.bank
    [line] = await town.show(JINAN_IN, Move(700, f"{bank.case()} 张三", BEIJING_OUT))
    order = await give_back(bank, await item_of(bank, line))
    # A fen too much: neither the order's payment by itself, nor anybody else's.
    [out] = await town.show(JINAN_OUT, Move(-701, order["remittance_note"], BEIJING_OUT))
    taken, came = await item_of(bank, out), await item_of(bank, line)
    assert (taken["reason"], came["left"]) == ("amount_differs", "0.00")
    against = {"other_line_id": int(line), "other_version": came["version"], "reason": "银行多扣一分"}
    proposed = await step(bank, "POST", taken, "offset", against)
    assert (proposed.json()["amount"], (await bank.agree(proposed)).status_code) == ("7.00", 200)
    came = await item_of(bank, line)
    assert (came["settled_on"] is None, came["returns"][0]["state"]) == (False, "paid")
    rest = await step(bank, "POST", await item_of(bank, out), "write-off", {"reason": "银行多扣一分"})
    assert (await bank.agree(rest)).status_code == 200
    assert (await item_of(bank, out))["left"] == "0.00"
    assert await town.ties()


async def test_a_return_that_came_back_in_parts_is_named_by_a_person_and_goes_to_another_account(town: Town) -> None:
    bank = town.bank
    [line] = await town.show(JINAN_IN, Move(700, f"{bank.case()} 张三", BEIJING_OUT))
    order = await give_back(bank, await item_of(bank, line))
    await town.show(JINAN_OUT, debit(order))
    note = f"账户已销户 {order['remittance_note']}"
    parts = await town.show(JINAN_OUT, *(Move(fen, note, return_code="AC04") for fen in (500, 200)))
    assert await reasons(town, parts, JINAN) == ["return_unlinked"] * 2
    named = {"reason": "原账户已销户", "came_back_order_id": order["id"]}
    for body in ({"reason": "不知是哪一笔"}, named | {"came_back_order_id": str(uuid4())}):
        refused = await step(bank, "POST", await item_of(bank, parts[0]), "return", body)
        assert (refused.status_code, refused.json()["type"].rpartition("/")[2]) == (409, "suspense-not-refundable")
    said = [
        await step(bank, "POST", await item_of(bank, part), "return", named | {"amount": amount})
        for part, amount in zip(parts, ("5.00", "1.99"), strict=True)
    ]
    events = (await item_of(bank, line))["events"]
    assert [(one["what"], one["by"]) for one in events[:2]] == [("refund_came_back", "zhang")] * 2
    # With the new return the word is taken back, not of what was answered in part: so the first return stays returned.
    assert (await bank.agree(await step(bank, "POST", said[1].json(), "write-off", WHY))).status_code == 200
    for part in parts:
        await step(bank, "POST", await item_of(bank, part), "return/withdrawal", {"reason": "改退其他账户"})
    assert await reasons(town, parts, JINAN) == ["return_unlinked", "partly_matched"]
    assert (await item_of(bank, line))["returns"][0]["state"] == "returned"
    bank.clock.advance(days=1)
    orders = [
        await give_back(bank, await item_of(bank, part), **words, payee_bankacct=BEIJING_IN)
        for part, words in zip(parts, (named, {}), strict=True)
    ]
    assert [(one["amount"], one["payee_bankacct"]) for one in orders] == [("5.00", BEIJING_IN), ("1.99", BEIJING_IN)]
    # No more than it had paid.
    [further] = await town.show(JINAN_OUT, Move(1, note, return_code="AC04"))
    refused = await step(bank, "POST", await item_of(bank, further), "return", named)
    assert refused.json()["type"].endswith("/suspense-not-refundable")
    await town.show(JINAN_OUT, *(debit(one) for one in orders))
    assert [(await item_of(bank, part))["left"] for part in parts] == ["0.00"] * 2
    assert await town.ties()


async def test_what_gives_money_back_is_never_taken_for_what_the_case_owes_back(town: Town) -> None:
    bank, case = town.bank, town.bank.case()
    await town.agreed(case, 100)
    # Paid twice, and then the case ends: one order gives the second payment back, the other what was credited.
    [second] = await town.show(JINAN_IN, Move(100, f"{case} 张三", BEIJING_OUT))
    refund = await give_back(bank, await item_of(bank, second))
    voided = BalanceVoided(obligation_no="900", reason="死亡")
    await town.hear(case, voided)
    free = BalanceReleased(obligation_no="900", amount=100, reversed_amount=100, released_on=town.today)
    await town.hear(case, free)
    await bank.release(case, area=JINAN)
    owed = Move(-100, case, BEIJING_IN, e2e=f"{case}-900")
    await town.show(JINAN_OUT, debit(refund, e2e=refund["end_to_end_id"]), owed)

    async def states() -> dict[str | None, str]:
        return {order["obligation_no"]: order["state"] for order in await bank.orders(case, area=JINAN)}

    assert await states() == {"900": "paid", None: "paid"}
    assert (await bank.get("/alerts?is_open=true&kind=debited_twice"))["items"] == []
    # Without our reference, either of the two may have come back: a person looks.
    lines = await town.show(JINAN_OUT, Move(100, f"退汇 {case}", return_code="AC04"))
    assert (await reasons(town, lines, JINAN), await states()) == (
        ["several_candidates"],
        {"900": "paid", None: "paid"},
    )
    # Who takes it for the wrong one takes that back with the new return, and it is matched as what it is (below).
    [misread] = lines
    said = {"reason": "核实为原退回", "came_back_order_id": refund["id"]}
    made = await step(bank, "POST", await item_of(bank, misread), "return", said)
    assert (made.json()["reason"], await states()) == ("refund_returned", {"900": "paid", None: "returned"})
    path = f"/reconciliations/{JINAN}/{town.today}"
    report = await bank.get(path)
    bank.clock.advance(days=1)
    withdrawn = await step(bank, "POST", made.json(), "return/withdrawal", {"reason": "所指有误"})
    assert (withdrawn.json()["reason"], await states()) == ("several_candidates", {"900": "paid", None: "paid"})
    for shown in (withdrawn.json(), await item_of(bank, second)):
        assert (shown["events"][0]["what"], shown["events"][0]["by"]) == ("come_back_withdrawn", "zhang")
    assert (await bank.get(path))["sections"] == report["sections"]
    # What gives another amount back says nothing of a debit that pays for the second time.
    [third] = await town.show(JINAN_IN, Move(7, f"{case} 张三", BEIJING_OUT))
    await give_back(bank, await item_of(bank, third))
    lines = await town.show(JINAN_OUT, Move(-100, case, BEIJING_IN))
    assert await reasons(town, lines, JINAN) == ["already_settled"]
    lines = await town.show(JINAN_OUT, Move(100, f"退汇 {refund['remittance_note']}", BEIJING_OUT))
    assert (await reasons(town, lines, JINAN), await states()) == (
        ["refund_returned"],
        {"900": "paid", None: "returned"},
    )
    await match(bank, misread, (case, "900", "1.00"))
    assert await states() == {"900": "returned", None: "returned"}
    assert await town.ties()


async def test_what_comes_beside_the_match_is_known_at_once_as_paid_twice(town: Town) -> None:
    bank, case = town.bank, town.bank.case()
    await bank.payable(case, 100)
    await bank.release(case)
    debits = [Move(-fen, f"{case} 张三", JINAN_IN) for fen in (100, 99)]
    [_, less] = await town.show(BEIJING_OUT, *debits)
    assert await reasons(town, [less]) == ["already_settled"]
    [alert] = (await bank.get("/alerts?is_open=true&kind=debited_twice", area=BEIJING))["items"]
    assert alert["subject"] == less
    [_, short, other] = await town.show(
        JINAN_IN,
        Move(100, f"{case} 张三", BEIJING_OUT),
        Move(99, f"{case} 张三", BEIJING_OUT),
        Move(100, f"{case} 李四", BEIJING_OUT),
    )
    assert await reasons(town, [short, other], JINAN) == ["already_settled"] * 2
    assert (await item_of(bank, short))["line"]["suspense"]["difference"] is None
    assert len([one for one in await bank.sent(BalancePaid, to="platform") if one["end_to_end_id"] == f"{case}-1"]) == 1
    assert await town.ties()


async def test_what_names_a_return_is_never_taken_for_what_the_case_owes(town: Town) -> None:
    bank = town.bank
    case = next(one for one in iter(bank.case, None) if re.search(r"TH\d+$", one))
    await bank.payable(case, 100)
    await bank.release(case)
    # It may look like a return's, and is the number of the case.
    await town.show(BEIJING_OUT, Move(-100, f"{case} 张三", JINAN_IN, e2e=f"{case}-1"))
    await town.show(JINAN_IN, Move(100, f"{case} 张三", BEIJING_OUT, e2e=f"{case}-1"))
    assert (await town.states(case), await town.states(case, BEIJING)) == (["matched"], ["paid"])
    [second] = await town.show(JINAN_IN, Move(40, f"{case} 张三", BEIJING_OUT))
    refund = await give_back(bank, await item_of(bank, second))
    await bank.payable(case, 140, version=2, obligation_no="2")
    await town.hear(case, BalanceVoided(obligation_no="900", reason="死亡"))
    await town.hear(case, BalanceReleased(obligation_no="900", amount=100, reversed_amount=100, released_on=town.today))
    await bank.release(case, area=JINAN)
    # What the case owes back is open, and so is what gives 0.40 back: neither amount nor account makes one the other.
    wrong = {"note": f"{case} 张三", "other": BEIJING_IN, "e2e": refund["end_to_end_id"]}
    [line] = await town.show(JINAN_OUT, Move(-100, **wrong))
    assert await reasons(town, [line], JINAN) == ["amount_differs"]
    assert {order["state"] for order in await bank.orders(case, area=JINAN)} == {"released"}
    assert await town.ties()


async def test_what_itself_waits_for_one_of_two_has_settled_neither(town: Town) -> None:
    bank, case, other = town.bank, town.bank.case(), town.bank.case()
    for one in (case, other):
        await bank.payable(one, 100)
        await town.add(one, 100)
    await bank.release(case, other)
    alerts = "/alerts?is_open=true&kind=debited_twice"
    before = (await bank.get(alerts, area=BEIJING))["items"]
    # Of the two of the other case, one is answered by its number: what differs is compared with the one that is not.
    moves = [(case, 100, None), (case, 99, None), (other, 100, f"{other}-901"), (other, 99, None)]
    paid = await town.show(BEIJING_OUT, *(Move(-fen, f"{one} 张三", JINAN_IN, e2e=e2e) for one, fen, e2e in moves))
    came = await town.show(JINAN_IN, *(Move(fen, f"{one} 张三", BEIJING_OUT, e2e=e2e) for one, fen, e2e in moves))
    for lines, area in ((paid, BEIJING), (came, JINAN)):
        waiting = [lines[0], lines[1], lines[3]]
        assert await reasons(town, waiting, area) == ["several_candidates", "amount_differs", "amount_differs"]
    assert (await bank.get(alerts, area=BEIJING))["items"] == before
    assert await town.ties()


async def test_what_waits_beside_is_looked_at_again_whatever_people_decided(town: Town) -> None:
    bank, case, twins = town.bank, town.bank.case(), town.bank.case()
    for one in (case, twins):
        await bank.payable(one, 100, to="payee")
    part, less = await town.show(JINAN_IN, *(Move(fen, f"{case} 张三", BEIJING_OUT) for fen in (99, 40)))
    await match(bank, part, (case, "1", "0.99"))
    assert (await item_of(bank, less))["line"]["suspense"]["difference"] == "0.39"
    headers = {"If-Match": "*"}
    why = {"reason": "差额不再追收"}
    await bank.agree(await bank.call("POST", f"/obligations/{case}/1/write-off", json=why, headers=headers))
    assert (await town.states(case), await reasons(town, [less], JINAN)) == (["matched"], ["already_settled"])
    twin = Move(100, f"{twins} 张三", BEIJING_OUT)
    one, another, out = await town.show(JINAN_IN, twin, twin, Move(-100, "冲正", "999"))
    assert await reasons(town, [one, another], JINAN) == ["several_candidates"] * 2
    body = why | {"other_line_id": int(out), "other_version": (await item_of(bank, out))["version"]}
    await bank.agree(await step(bank, "POST", await item_of(bank, one), "offset", body))
    assert (await town.states(twins), await reasons(town, [less], JINAN)) == (["matched"], ["already_settled"])
    assert await town.ties()
