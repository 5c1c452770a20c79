"""What the bank has paid, and what came back, matched by two clerks with the orders that it is for."""

import pytest
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError

from shared.contracts.events import BalancePaid, BalanceReturned
from tests.integration.ledger.areas import BEIJING, BEIJING_OUT, JINAN_IN
from tests.integration.ledger.bank import Bank, chosen
from tests.integration.ledger.by_hand import adds_up, decide, lines, match, propose, propose_at, seen_line
from tests.unit.ledger.files import Move, camt

pytestmark = pytest.mark.law("N9-2", "S53-2")
COMES_BACK_AGAIN = """
    INSERT INTO claim (admdvs, kind, line_id, obligation_id, order_id, amount_fen, is_exclusive, claimed_on, claimed_at)
    SELECT admdvs, kind, :line, obligation_id, order_id, 1, true, claimed_on, claimed_at
    FROM claim WHERE kind = 'return' AND undone_on IS NULL LIMIT 1
"""


async def test_one_debit_for_a_whole_batch_pays_its_orders_and_one_comes_back(bank: Bank) -> None:
    cases = [bank.case() for _ in range(2)]
    for case in cases:
        await bank.payable(case, 100, to="payer")
    await bank.release(*cases)
    [debit] = await lines(bank, camt(BEIJING_OUT, [Move(-200, "批量代付")], opening=1000), area=BEIJING)
    await match(bank, debit, *((case, "1", "1.00") for case in cases), area=BEIJING)
    assert [order["state"] for case in cases for order in await bank.orders(case)] == ["paid"] * 2
    paid = await bank.sent(BalancePaid, to=f"outbound.{BEIJING}")
    assert [event["end_to_end_id"] for event in paid] == [f"{case}-1" for case in cases]
    assert await bank.balance("transfer_expenditure", area=BEIJING) == "2.00"
    await adds_up(bank, area=BEIJING)

    bank.clock.advance(days=1)
    day = bank.clock.now().date()
    moves = [Move(fen, f"退汇 {cases[0]}", on=day, return_code="AC04") for fen in (60, 40)]
    back = camt(BEIJING_OUT, moves, opening=800, day=day, statement_no="S2")
    first, second = await lines(bank, back, area=BEIJING)
    part = await propose(bank, first, (cases[0], "1", "0.60"), area=BEIJING)
    assert part.json()["errors"][0]["code"] == "return-not-whole"
    together = (await bank.get(f"/suspense/{first}/candidates", area=BEIJING))["items"][0]
    assert (together["kind"], [share["amount"] for share in together["shares"]]) == ("parts", ["0.60", "0.40"])
    both = ((cases[0], "1", "0.60"), (cases[0], "1", "0.40", second))
    await match(bank, first, *both, area=BEIJING)
    assert [order["state"] for case in cases for order in await bank.orders(case)] == ["returned", "paid"]
    # It came back, or it did not: by halves it is not undone.
    path, seen = f"/statement-lines/{first}/correction", await seen_line(bank, first, area=BEIJING)
    half = await propose_at(bank, path, seen["version"], (), area=BEIJING)
    assert half.json()["errors"][0]["code"] == "return-kept-in-part"
    others = [await seen_line(bank, second, area=BEIJING)]
    undone = await propose_at(bank, path, seen["version"], (), area=BEIJING, other_lines=others)
    assert (await decide(bank, undone, area=BEIJING)).status_code == 200
    assert [order["state"] for case in cases for order in await bank.orders(case)] == ["paid", "paid"]
    await match(bank, first, *both, area=BEIJING)
    told = [await bank.sent(kind, to="platform") for kind in (BalanceReturned, BalancePaid)]
    assert [[event["amount"] for event in events] for events in told] == [["1.00"] * 2, ["1.00"] * 3]
    with pytest.raises(DBAPIError, match="more comes back"):
        async with bank.database.transaction() as connection:
            await connection.execute(text(COMES_BACK_AGAIN), {"line": int(debit)})
    assert await bank.balance("transfer_expenditure", area=BEIJING) == "1.00"
    await adds_up(bank, area=BEIJING)


async def test_a_debit_that_nobody_released_is_released_by_the_two_who_match_it(bank: Bank) -> None:
    case, held = bank.case(), bank.case()
    for one in (case, held):
        await bank.payable(one, 100, to="payer")
    [order] = await bank.orders(held)
    batch = await bank.call("POST", "/payment-batches", area=BEIJING, json=chosen(order))
    moves = [Move(-60, case, JINAN_IN), Move(-40, case, JINAN_IN), Move(-100, held, JINAN_IN)]
    first, second, third = await lines(bank, camt(BEIJING_OUT, moves, opening=1000), area=BEIJING)
    assert await bank.reasons(area=BEIJING) == ["not_released"] * 3
    part = await propose(bank, first, (case, "1", "0.60"), area=BEIJING)
    assert part.json()["errors"][0]["code"] == "payment-not-whole"
    await match(bank, first, (case, "1", "0.60"), (case, "1", "0.40", second), area=BEIJING)
    await match(bank, third, (held, "1", "1.00"), area=BEIJING)
    for one in (case, held):
        [order] = await bank.orders(one)
        released = await bank.get(f"/payment-batches/{order['batch_id']}", area=BEIJING)
        assert (order["state"], released["state"], released["decided_by"]) == ("paid", "released", "li")
    empty = await bank.approve(batch)
    assert empty.status_code == 412
    assert [event["amount"] for event in await bank.sent(BalancePaid, to=f"outbound.{BEIJING}")] == ["1.00"] * 2
    await adds_up(bank, area=BEIJING)
