"""What somebody might try: two tokens of one person, other agencies' orders, races, money twice."""

import asyncio
from datetime import date, timedelta
from random import Random

import pytest
from sqlalchemy import text

from shared.contracts.events import BalancePaid
from shared.money import format_yuan, parse_yuan
from tests.integration.ledger.areas import BEIJING, BEIJING_OUT, JINAN, JINAN_IN, JINAN_IN_2
from tests.integration.ledger.bank import Bank, chosen
from tests.unit.ledger.files import DAY, Move, camt, ccb


async def test_one_person_with_two_tokens_stays_one_person(bank: Bank) -> None:
    case = bank.case()
    await bank.payable(case, 100)
    [order] = await bank.orders(case)
    body = chosen(order)
    made = await bank.call("POST", "/payment-batches", area=BEIJING, clerk="zhang", scope="ledger:work", json=body)
    refused = await bank.call(
        "POST",
        f"/payment-batches/{made.json()['id']}/approval",
        area=BEIJING,
        clerk="zhang",
        scope="ledger:check",
        json={"decision": "approve"},
        headers={"If-Match": made.headers["ETag"]},
    )
    assert refused.status_code == 403
    assert refused.json()["type"].endswith("/second-person-required")
    assert [one["state"] for one in await bank.orders(case)] == ["proposed"]


async def test_batch_with_an_order_of_another_agency_is_refused_whole(bank: Bank) -> None:
    case = bank.case()
    await bank.payable(case, 100)
    [order] = await bank.orders(case)
    refused = await bank.call("POST", "/payment-batches", area=JINAN, json=chosen(order))
    assert refused.status_code == 404
    assert await bank.count("payment_batch") == 0


async def test_of_many_who_approve_at_once_one_does(bank: Bank) -> None:
    case = bank.case()
    await bank.payable(case, 100)
    [order] = await bank.orders(case)
    made = await bank.call("POST", "/payment-batches", area=BEIJING, json=chosen(order))
    answers = await asyncio.gather(*(bank.approve(made, clerk=f"li{number}") for number in range(6)))
    assert sorted(answer.status_code for answer in answers) == [200, 412, 412, 412, 412, 412]
    [released] = await bank.orders(case)
    assert (released["state"], released["version"]) == ("released", 3)


async def test_two_batches_at_once_cannot_hold_one_order(bank: Bank) -> None:
    case = bank.case()
    await bank.payable(case, 100)
    [order] = await bank.orders(case)
    body = chosen(order)
    answers = await asyncio.gather(
        *(bank.call("POST", "/payment-batches", area=BEIJING, clerk=f"z{n}", json=body) for n in range(5))
    )
    assert sorted(answer.status_code for answer in answers) == [201, 412, 412, 412, 412]


async def test_two_debits_at_once_pay_an_order_once_at_most(bank: Bank) -> None:
    case = bank.case()
    await bank.payable(case, 100)
    await bank.release(case)
    debit = Move(-100, f"{case} 张三", JINAN_IN, e2e=f"{case}-1")
    await bank.book(camt(BEIJING_OUT, [debit], opening=1000), area=BEIJING)
    later = DAY + timedelta(days=1)
    bank.clock.advance(days=1)
    again = camt(BEIJING_OUT, [Move(-100, f"{case} 张三", JINAN_IN, on=later)], opening=900, day=later)
    await bank.book(again, area=BEIJING)
    assert await bank.reasons(area=BEIJING) == ["already_settled"]
    assert len(await bank.sent(BalancePaid, to="platform")) == 1
    assert await bank.balance("transfer_expenditure", area=BEIJING, at=later) == "1.00"
    assert await bank.balance("temporary_payments", area=BEIJING, at=later) == "1.00"


async def test_one_receipt_in_two_accounts_at_once_is_claimed_once(bank: Bank) -> None:
    cases = [bank.case() for _ in range(8)]
    for case in cases:
        await bank.payable(case, 100, to="payee")
    moves = [Move(100, f"{case} 张三", BEIJING_OUT) for case in cases]
    await asyncio.gather(bank.book(camt(JINAN_IN, moves)), bank.book(ccb(JINAN_IN_2, moves)))
    assert await bank.count("claim") == len(cases)
    assert await bank.balance("transfer_income") == "8.00"
    assert await bank.balance("temporary_receipts") == "8.00"


async def test_the_largest_amounts_stay_exact(bank: Bank) -> None:
    fen = 2**53 + 1
    await bank.book(camt(JINAN_IN, [Move(fen), Move(fen), Move(-1)]))
    total = format_yuan(2 * fen - 1)
    assert await bank.balance("income_deposit") == total
    report = await bank.get(f"/reconciliations/{JINAN}/{DAY}")
    told = next(one for one in report["accounts"] if one["bankacct"] == JINAN_IN)
    assert (told["closing_balance"], told["books_balance"]) == (total, total)


@pytest.mark.parametrize("seed", range(3))
async def test_any_history_of_statements_replays_to_every_days_balance(bank: Bank, seed: int) -> None:
    random = Random(seed)
    cases = [bank.case() for _ in range(6)]
    for case in cases[:4]:
        await bank.payable(case, 100, to="payee")
    balance, replayed = random.randint(-500, 500), {}
    statements: list[tuple[date, bytes]] = []
    for step in range(5):
        day = DAY + timedelta(days=step)
        moves = [
            Move(
                random.choice((100, 100, -30, 99, 10**12)),
                f"{random.choice(cases)} 张三",
                BEIJING_OUT,
                on=day,
                ref=str(n),
            )
            for n in range(random.randint(0, 5))
        ]
        statements.append((day, camt(JINAN_IN, moves, opening=balance, day=day, statement_no=str(step))))
        balance += sum(move.fen for move in moves)
        replayed[day] = balance
    random.shuffle(statements)
    bank.clock.advance(days=5)
    for _, content in statements:
        await bank.book(content)
    for day, expected in replayed.items():
        assert parse_yuan(await bank.balance("income_deposit", at=day)) == expected, (seed, day)
    async with bank.database.connection() as connection:
        sides = text(
            "SELECT (SELECT sum(amount_fen) FROM posting p JOIN account a ON a.id = p.debit_account),"
            " (SELECT sum(amount_fen) FROM posting p JOIN account a ON a.id = p.credit_account),"
            " (SELECT sum(amount_fen) FROM posting)"
        )
        debit, credit, total = (await connection.execute(sides)).one()
    assert debit == credit == total
