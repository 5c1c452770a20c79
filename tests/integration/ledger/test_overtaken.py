"""Payments that a later version of the sheet overtook."""

import pytest

from shared.contracts.events import BalanceMatched, BalanceReleased, BalanceVoided
from tests.integration.ledger.areas import JINAN, JINAN_IN
from tests.integration.ledger.bank import Bank
from tests.integration.ledger.moves import BEFORE, credit
from tests.unit.ledger.files import DAY, camt

pytestmark = pytest.mark.law("N9-2", "S53-2")


async def test_a_payment_that_a_later_version_overtook_counts_and_the_rest_goes_back(bank: Bank) -> None:
    case = bank.case()
    await bank.payable(case, 123456)
    await bank.payable(case, 100000, version=2, obligation_no="2", to="payee")
    await bank.book(camt(JINAN_IN, [credit(case, e2e=f"{case}-1")]))
    newest, oldest = await bank.obligations(case)
    assert (oldest["state"], newest["direction"], newest["due"]) == ("matched", "return", "234.56")
    [order] = await bank.orders(case, area=JINAN)
    assert (order["obligation_no"], order["amount"], order["state"]) == ("2", "234.56", "held")
    [matched] = await bank.sent(BalanceMatched, to=f"inbound.{JINAN}")
    assert (matched["obligation_no"], matched["amount"]) == ("1", "1234.56")
    assert await bank.reasons() == []


@pytest.mark.parametrize("is_ended", [False, True])
async def test_two_payments_overtaken_together_are_both_counted(bank: Bank, *, is_ended: bool) -> None:
    case = bank.case()
    await bank.payable(case, 123456)
    await bank.payable(case, 150000, version=2, obligation_no="2", to="payee")
    await bank.payable(case, 100000, version=3, obligation_no="3", to="payee")
    # The second comes first, and without its number the first: by its amount it can only be that.
    await bank.book(camt(JINAN_IN, [credit(case, fen=26544, e2e=f"{case}-2", on=BEFORE)], day=BEFORE))
    assert await bank.reasons() == ["amount_differs"]
    await bank.book(camt(JINAN_IN, [credit(case)], opening=26544, statement_no="2"))
    newest, middle, oldest = await bank.obligations(case)
    assert (oldest["state"], middle["state"], middle["due"]) == ("matched", "matched", "265.44")
    assert (newest["direction"], newest["due"]) == ("return", "500.00")
    [order] = await bank.orders(case, area=JINAN)
    assert (order["amount"], order["state"]) == ("500.00", "held")
    for amount, state in ((23456, "held"), (126544 if is_ended else 26544, "ready")):
        number = "900" if is_ended and state == "ready" else "3"
        free = BalanceReleased(obligation_no=number, amount=amount, reversed_amount=0, released_on=DAY)
        await bank.receive(free, case, f"inbound.{JINAN}", f"ledger.{JINAN}")
        [order, *_] = await bank.orders(case, area=JINAN)
        assert (order["obligation_no"], order["state"]) == (number, state)
        if is_ended and state == "held":
            # The end takes over what was given free of the return that it cancels.
            voided = BalanceVoided(obligation_no="900", reason="死亡")
            await bank.receive(voided, case, f"inbound.{JINAN}", f"ledger.{JINAN}")
    assert await bank.reasons() == []


@pytest.mark.parametrize(("stated", "rest"), [(100000, 26544), (126544, None)])
async def test_a_further_version_takes_over_what_was_given_free(bank: Bank, stated: int, rest: int | None) -> None:
    case = bank.case()
    await bank.payable(case, 123456)
    await bank.payable(case, 150000, version=2, obligation_no="2", to="payee")
    await bank.payable(case, 100000, version=3, obligation_no="3", to="payee")
    both = [credit(case, fen=123456, e2e=f"{case}-1"), credit(case, fen=26544, e2e=f"{case}-2")]
    await bank.book(camt(JINAN_IN, both))
    free = BalanceReleased(obligation_no="3", amount=23456, reversed_amount=0, released_on=DAY)
    await bank.receive(free, case, f"inbound.{JINAN}", f"ledger.{JINAN}")
    await bank.payable(case, stated, version=4, obligation_no="4", to="payee")
    if rest is not None:
        [order, *_] = await bank.orders(case, area=JINAN)
        assert (order["obligation_no"], order["state"]) == ("4", "held")
        free = BalanceReleased(obligation_no="4", amount=rest, reversed_amount=0, released_on=DAY)
        await bank.receive(free, case, f"inbound.{JINAN}", f"ledger.{JINAN}")
    [order, *_] = await bank.orders(case, area=JINAN)
    assert (order["obligation_no"], order["amount"], order["state"]) == (
        "4", "234.56" if rest is None else "500.00", "ready",
    )  # fmt: skip


async def test_a_late_payment_waits_for_a_clerk_once_a_return_is_given_free(bank: Bank) -> None:
    case = bank.case()
    await bank.payable(case, 123456)
    await bank.book(camt(JINAN_IN, [credit(case, e2e=f"{case}-1", on=BEFORE)], day=BEFORE))
    await bank.payable(case, 150000, version=2, obligation_no="2", to="payee")
    await bank.payable(case, 100000, version=3, obligation_no="3", to="payee")
    free = BalanceReleased(obligation_no="3", amount=23456, reversed_amount=0, released_on=DAY)
    await bank.receive(free, case, f"inbound.{JINAN}", f"ledger.{JINAN}")
    late = credit(case, fen=26544, e2e=f"{case}-2")
    await bank.book(camt(JINAN_IN, [late], opening=123456, statement_no="2"))
    assert await bank.reasons() == ["overtaken"]
    [waiting] = (await bank.get("/suspense?reason=overtaken"))["items"]
    assert "按原路退回" in waiting["suspense"]["next_step"]
    assert [one["amount"] for one in await bank.orders(case, area=JINAN)] == ["234.56"]
