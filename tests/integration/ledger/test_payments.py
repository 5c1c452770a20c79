"""Two people release money, and no obligation is ever paid twice."""

import asyncio
from uuid import uuid4

import pytest
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError

from shared.contracts.events import BalanceVoided, PaymentHoldChanged
from tests.integration.ledger.areas import BEIJING, BEIJING_OUT, JINAN, JINAN_IN
from tests.integration.ledger.bank import Bank, chosen
from tests.unit.ledger.files import Move, camt

OUTBOUND, LEDGER = f"outbound.{BEIJING}", f"ledger.{BEIJING}"


async def propose(bank: Bank, case: str, clerk: str = "zhang") -> object:
    orders = await bank.orders(case)
    return await bank.call("POST", "/payment-batches", area=BEIJING, clerk=clerk, json=chosen(*orders))


async def test_order_carries_reference_note_and_the_accounts_of_sealing(bank: Bank) -> None:
    case = bank.case()
    await bank.payable(case, 123456)
    [order] = await bank.orders(case)
    assert order["end_to_end_id"] == f"{case}-1"
    assert order["remittance_note"] == f"{case} 张三"
    assert (order["payer_bankacct"], order["payee_bankacct"]) == (BEIJING_OUT, JINAN_IN)
    assert (order["amount"], order["state"]) == ("1234.56", "ready")


async def test_two_people_release_a_batch(bank: Bank) -> None:
    case = bank.case()
    await bank.payable(case, 100)
    made = await propose(bank, case)
    assert [order["state"] for order in await bank.orders(case)] == ["proposed"]
    path = f"/payment-batches/{made.json()['id']}"  # type: ignore[attr-defined]
    seen = await bank.call("GET", path, area=BEIJING, clerk="li", scope="ledger:check")
    assert seen.status_code == 200, seen.text
    assert [order["rlts_traf_id"] for order in seen.json()["orders"]] == [case], "who only checks sees what it is"
    approved = await bank.approve(made)  # type: ignore[arg-type]
    assert approved.json()["state"] == "released"
    assert (approved.json()["proposed_by"], approved.json()["decided_by"]) == ("zhang", "li")
    assert [order["state"] for order in await bank.orders(case)] == ["released"]


async def test_who_proposed_cannot_approve(bank: Bank) -> None:
    case = bank.case()
    await bank.payable(case, 100)
    made = await propose(bank, case)
    refused = await bank.approve(made, clerk="zhang")  # type: ignore[arg-type]
    assert refused.status_code == 403
    assert refused.json()["type"].endswith("/second-person-required")
    assert [order["state"] for order in await bank.orders(case)] == ["proposed"]


@pytest.mark.parametrize(
    ("statement", "constraint"),
    [
        (
            "UPDATE payment_batch SET state = 'released', decided_by = proposed_by, decided_at = now()",
            "ck_payment_batch_two_people",
        ),
        ("UPDATE payment_order SET state = 'released'", "ck_payment_order_released_by_batch"),
        ("UPDATE payment_order SET state = 'released', released_by = proposed_by", "ck_payment_order_two_people"),
        ("UPDATE payment_order SET state = 'released', released_by = 'li'", "fk_payment_order_batch_people"),
    ],
)
async def test_database_refuses_release_by_one_person(bank: Bank, statement: str, constraint: str) -> None:
    case = bank.case()
    await bank.payable(case, 100)
    await propose(bank, case)
    with pytest.raises(DBAPIError, match=constraint):
        async with bank.database.transaction() as connection:
            await connection.execute(text(statement))


async def test_rejected_batch_gives_its_orders_back(bank: Bank) -> None:
    case = bank.case()
    await bank.payable(case, 100)
    made = await propose(bank, case)
    rejected = await bank.approve(made, decision="reject")  # type: ignore[arg-type]
    assert rejected.json()["state"] == "rejected"
    assert [order["state"] for order in rejected.json()["orders"]] == ["ready"]
    await bank.release(case)
    assert [order["state"] for order in await bank.orders(case)] == ["released"]


async def test_order_goes_into_one_batch_only(bank: Bank) -> None:
    case = bank.case()
    await bank.payable(case, 100)
    answers = await asyncio.gather(propose(bank, case), propose(bank, case, "wang"))
    # The other saw the order before it was in a batch, or after.
    made, refused = sorted(answer.status_code for answer in answers)  # type: ignore[attr-defined]
    assert made == 201
    assert refused in (409, 412)


async def test_same_key_makes_one_batch(bank: Bank) -> None:
    case = bank.case()
    await bank.payable(case, 100)
    [order] = await bank.orders(case)
    body, key = chosen(order), {"Idempotency-Key": "once"}
    first = await bank.call("POST", "/payment-batches", area=BEIJING, json=body, headers=key)
    again = await bank.call("POST", "/payment-batches", area=BEIJING, json=body, headers=key)
    assert (first.status_code, again.status_code) == (201, 201)
    assert first.json()["id"] == again.json()["id"]


async def test_stale_selection_and_stale_approval_are_refused(bank: Bank) -> None:
    first, second = bank.case(), bank.case()
    await bank.payable(first, 100)
    await bank.payable(second, 200, name="李四")
    seen = [order for case in (second, first) for order in await bank.orders(case)]
    for is_held in (True, False):
        await bank.receive(PaymentHoldChanged(is_held=is_held, reason="核查"), first, OUTBOUND, LEDGER)
    stale = await bank.call("POST", "/payment-batches", area=BEIJING, json=chosen(*seen))
    assert stale.status_code == 412
    assert [(one["pointer"], one["code"]) for one in stale.json()["errors"]] == [
        ("/orders/1/version", "version-changed")
    ]
    assert await bank.count("payment_batch") == 0
    orders = [order for case in (first, second) for order in await bank.orders(case)]
    made = await bank.call("POST", "/payment-batches", area=BEIJING, json=chosen(*orders))
    await bank.receive(PaymentHoldChanged(is_held=True, reason="核查"), first, OUTBOUND, LEDGER)
    refused = await bank.approve(made)
    assert refused.status_code == 412
    shown = await bank.call("GET", f"/payment-batches/{made.json()['id']}", area=BEIJING)
    assert shown.json()["amount"] == "2.00"
    approved = await bank.approve(shown)
    assert approved.status_code == 200
    assert [order["state"] for order in await bank.orders(first)] == ["held"]
    assert [order["state"] for order in await bank.orders(second)] == ["released"]


async def test_hold_before_the_sheet_holds_the_order_to_come(bank: Bank) -> None:
    case = bank.case()
    await bank.receive(PaymentHoldChanged(is_held=True, reason="核查"), case, OUTBOUND, LEDGER)
    await bank.payable(case, 100)
    assert [order["state"] for order in await bank.orders(case)] == ["held"]
    refused = await propose(bank, case)
    assert refused.status_code == 409  # type: ignore[attr-defined]
    await bank.receive(PaymentHoldChanged(is_held=False, reason="核清"), case, OUTBOUND, LEDGER)
    assert [order["state"] for order in await bank.orders(case)] == ["ready"]


async def test_hold_comes_too_late_for_released_money(bank: Bank) -> None:
    case = bank.case()
    await bank.payable(case, 100)
    await bank.release(case)
    await bank.receive(PaymentHoldChanged(is_held=True, reason="核查"), case, OUTBOUND, LEDGER)
    assert [order["state"] for order in await bank.orders(case)] == ["released"]


async def test_another_agency_finds_nothing(bank: Bank) -> None:
    case = bank.case()
    await bank.payable(case, 100)
    [order] = await bank.orders(case)
    assert await bank.orders(case, area=JINAN) == []
    foreign = await bank.call("POST", "/payment-batches", area=JINAN, json=chosen(order))
    unknown = await bank.call("POST", "/payment-batches", area=JINAN, json=chosen({"id": str(uuid4()), "version": 1}))
    assert foreign.status_code == unknown.status_code == 404
    made = await propose(bank, case)
    path = f"/payment-batches/{made.json()['id']}"  # type: ignore[attr-defined]
    assert (await bank.call("GET", path, area=JINAN)).status_code == 404


async def test_new_version_replaces_what_was_not_released(bank: Bank) -> None:
    case = bank.case()
    await bank.payable(case, 100)
    await bank.payable(case, 90, version=2, obligation_no="2")
    second, first = await bank.orders(case)
    assert (first["state"], second["state"], second["amount"]) == ("cancelled", "ready", "0.90")
    newest, oldest = await bank.obligations(case)
    assert (oldest["state"], newest["state"], newest["due"]) == ("cancelled", "open", "0.90")


@pytest.mark.parametrize(
    ("amount", "direction", "due", "orders"),
    [(100, "nothing", "0.00", 1), (130, "pay", "0.30", 2), (80, "return", "0.20", 1), (0, "return", "1.00", 1)],
)
async def test_new_version_after_release_owes_the_difference(
    bank: Bank, amount: int, direction: str, due: str, orders: int
) -> None:
    case = bank.case()
    await bank.payable(case, 100)
    await bank.release(case)
    await bank.payable(case, amount, version=2, obligation_no="2")
    newest, oldest = await bank.obligations(case, area=BEIJING)
    assert (newest["direction"], newest["due"], newest["amount"]) == (direction, due, f"{amount / 100:.2f}")
    assert oldest["order_state"] == "released"
    assert len(await bank.orders(case)) == orders


async def test_new_version_with_the_same_amount_keeps_the_obligation_and_takes_the_name(bank: Bank) -> None:
    case = bank.case()
    await bank.payable(case, 100, name="张叁")
    made = await propose(bank, case)
    await bank.payable(case, 100, version=2, name="张三")
    [order] = await bank.orders(case)
    assert order["remittance_note"] == f"{case} 张三"
    [obligation] = await bank.obligations(case, area=BEIJING)
    assert obligation["sheet_version"] == 2
    assert (await bank.approve(made)).status_code == 412  # type: ignore[arg-type]


async def test_no_obligation_has_two_live_orders(bank: Bank) -> None:
    case = bank.case()
    await bank.payable(case, 100)
    with pytest.raises(DBAPIError, match="uq_payment_order"):
        async with bank.database.transaction() as connection:
            await connection.execute(
                text(
                    """INSERT INTO payment_order (id, admdvs, obligation_id, rlts_traf_id, obligation_no,
                       end_to_end_id, remittance_note, match_name, amount_fen, payer_bankacct, payee_bankacct,
                       payee_acctname, state, created_at)
                       SELECT gen_random_uuid(), admdvs, obligation_id, rlts_traf_id, obligation_no, 'other',
                       remittance_note, match_name, amount_fen, payer_bankacct, payee_bankacct, payee_acctname,
                       'ready', created_at FROM payment_order"""
                )
            )


async def test_second_debit_for_a_paid_order_is_kept_apart(bank: Bank) -> None:
    case = bank.case()
    await bank.payable(case, 100)
    await bank.release(case)
    await bank.book(camt(BEIJING_OUT, [Move(-100, f"{case} 张三", JINAN_IN)], opening=1000), area=BEIJING)
    bank.clock.advance(days=1)
    day = bank.clock.now().date()
    twice = camt(BEIJING_OUT, [Move(-100, f"{case} 张三", JINAN_IN, on=day)], opening=900, day=day, statement_no="2")
    await bank.book(twice, area=BEIJING)
    assert await bank.reasons(area=BEIJING) == ["already_settled"]
    assert await bank.balance("transfer_expenditure", area=BEIJING) == "1.00"


@pytest.mark.parametrize(
    ("changes", "reason"),
    [
        ({"amount": 99}, "payable-disagrees-with-sheet"),
        ({"psn_name": "李四"}, "payable-disagrees-with-sheet"),
        ({"sheet_version": 2}, "payable-disagrees-with-sheet"),
        ({"payer_bankacct": "66666666"}, "payable-account-not-registered"),
        ({"payee_bankacct": BEIJING_OUT}, "payable-account-not-registered"),
    ],
)
async def test_payable_that_disagrees_goes_to_quarantine(bank: Bank, changes: dict[str, object], reason: str) -> None:
    case = bank.case()
    event = (await bank.payable_event(case, 100)).model_copy(update=changes)
    await bank.receive(event, case, OUTBOUND, LEDGER)
    assert await bank.quarantined() == [reason]
    assert await bank.count("obligation") == 0


async def test_payable_with_a_changed_sheet_goes_to_quarantine(bank: Bank) -> None:
    case = bank.case()
    event = await bank.payable_event(case, 100)
    other = await bank.payable_event(case, 999)
    await bank.receive(event.model_copy(update={"sealed_sheet": other.sealed_sheet}), case, OUTBOUND, LEDGER)
    assert await bank.quarantined() == ["sheet-digest-differs"]


async def test_a_sheet_owes_once_under_one_number(bank: Bank) -> None:
    for first, second in ((("2", 120), ("3", 120)), (("2", 120), ("1", 100)), (("1", 100), ("2", 120))):
        case = bank.case()
        await bank.payable(case, 100, to="payer")
        for obligation_no, fen in (first, second):
            await bank.payable(case, fen, to="payer", version=2, obligation_no=obligation_no)
        known = [one["obligation_no"] for one in await bank.obligations(case, area=BEIJING)]
        assert known == sorted({"1", first[0]}, reverse=True)
    assert await bank.quarantined() == ["payable-disagrees-with-sheet"] * 3


async def test_a_case_ends_once_under_one_number(bank: Bank) -> None:
    case = bank.case()
    await bank.payable(case, 100, to="payer")
    for obligation_no in ("900", "900", "901"):
        await bank.receive(BalanceVoided(obligation_no=obligation_no, reason="终止"), case, OUTBOUND, LEDGER)
    assert await bank.quarantined() == ["payable-disagrees-with-sheet"]
    assert await bank.count("obligation") == 2
