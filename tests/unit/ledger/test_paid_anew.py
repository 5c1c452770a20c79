"""What came back is owed as far as the last version still lacks it."""

from dataclasses import replace
from datetime import date

import pytest

from ledger.domain.counted_anew import counted_anew
from ledger.domain.earlier import lacks
from ledger.domain.obligations import Direction, Obligation, Owed
from ledger.domain.refunds import Payee
from ledger.domain.rejections import PayeeNotRegistered, WantedPayee, payee_anew

_DAY, RETURN = date(2026, 3, 2), Direction.RETURN
Told = tuple[str, int, str, int, str]
"""Reason, amount stated, direction, due, state."""


def row(number: int, told: Told) -> Obligation:
    reason, amount, direction, due, state = told
    return Obligation(
        id=number,
        admdvs="110000",
        side="payer",
        rlts_traf_id="T",
        obligation_no=str(number),
        sheet_version=number,
        reason=reason,
        trafout_admdvs="110000",
        trafin_admdvs="370100",
        psn_name="张三",
        amount_fen=amount,
        direction=direction,
        due_fen=due,
        claimed_fen=0,
        payer_bankacct="1",
        payee_bankacct="2",
        state=state,
        known_on=_DAY,
        settled_on=None,
        credited_on=None,
        credited_fen=None,
        origin="electronic",
        way_back=None,
        is_doubtful=False,
        released_fen=0,
        order_state=None,
    )


FIRST: Told = ("balance", 100, "pay", 100, "returned")


@pytest.mark.parametrize(
    ("later", "is_owed"),
    [
        ([], True),
        ([("addendum", 20, "pay", 20, "open")], True),
        ([("correction", 100, "nothing", 0, "settled")], True),
        ([("correction", 130, "pay", 30, "paid")], True),
        ([("correction", 130, "pay", 130, "open")], False),
        ([("correction", 130, "pay", 130, "paid")], False),
        ([("correction", 80, "pay", 80, "open")], False),
        ([("correction", 130, "pay", 130, "cancelled"), ("correction", 100, "pay", 100, "open")], False),
        ([("termination", 0, "return", 100, "open")], False),
        ([("termination", 0, "nothing", 0, "settled")], False),
    ],
)
def test_what_came_back_is_owed_as_far_as_the_last_version_lacks_it(later: list[Told], *, is_owed: bool) -> None:
    rows = [row(number, told) for number, told in enumerate([FIRST, *later], start=1)]
    assert lacks(1, rows) is is_owed


@pytest.mark.parametrize(
    ("later", "waits"),
    [
        ([("termination", 0, "return", 100, "open")], Owed(Direction.NOTHING, 0, (1,))),
        ([("correction", 30, "pay", 30, "paid"), ("termination", 0, "return", 130, "open")], Owed(RETURN, 30, (1,))),
        ([("termination", 0, "return", 100, "settled")], None),
        ([("correction", 80, "return", 20, "open")], Owed(Direction.PAY, 80, (1,))),
        (
            [("correction", 130, "pay", 30, "returned"), ("correction", 80, "return", 50, "open")],
            Owed(Direction.PAY, 80, (1, 2)),
        ),
        (
            [("correction", 130, "pay", 30, "paid"), ("correction", 80, "return", 50, "open")],
            Owed(Direction.PAY, 50, (1,)),
        ),
        ([("correction", 130, "pay", 130, "cancelled"), ("correction", 100, "nothing", 0, "settled")], None),
        ([("correction", 130, "pay", 30, "open")], None),
    ],
)
def test_money_that_the_bank_sent_back_is_not_waited_for(later: list[Told], waits: Owed | None) -> None:
    rows = [row(number, told) for number, told in enumerate([FIRST, *later], start=1)]
    assert counted_anew(rows, has_come_back=True) == ([] if waits is None else [(rows[-1], waits)])


def test_money_that_the_bank_refused_is_counted_like_what_it_sent_back() -> None:
    refused = replace(row(1, ("balance", 100, "pay", 100, "open")), order_state="rejected")
    less, same = row(2, ("correction", 80, "return", 20, "open")), row(2, ("correction", 100, "nothing", 0, "settled"))
    assert counted_anew([refused, less], has_come_back=True) == [(less, Owed(Direction.PAY, 80, (1,)))]
    assert counted_anew([refused, same], has_come_back=True) == []
    # What another payment brings does not touch what waits to be paid anew.
    assert counted_anew([refused, same], has_come_back=False) == []


def test_what_came_back_of_an_addendum_is_owed_until_the_case_ends() -> None:
    told: list[Told] = [FIRST, ("addendum", 20, "pay", 20, "returned"), ("correction", 130, "pay", 130, "paid")]
    rows = [row(number, one) for number, one in enumerate(told, start=1)]
    assert lacks(2, rows)
    assert not lacks(2, [*rows, row(4, ("termination", 0, "return", 130, "open"))])


@pytest.mark.parametrize(
    ("wanted", "is_on_paper", "registered", "paid_to"),
    [
        (WantedPayee("22"), False, True, Payee("22", "济南医保中心", "102451000018")),
        (WantedPayee("22", "某某"), True, True, Payee("22", "济南医保中心", "102451000018")),
        (WantedPayee("33", "某某"), True, False, Payee("33", "某某", None)),
        (WantedPayee("33", "某某"), True, True, None),
        (WantedPayee("33", "某某"), False, False, None),
        (WantedPayee("33"), True, False, None),
    ],
)
def test_money_is_paid_anew_to_a_registered_account_or_to_one_on_paper(
    wanted: WantedPayee, paid_to: Payee | None, *, is_on_paper: bool, registered: bool
) -> None:
    known = {"22": Payee("22", "济南医保中心", "102451000018")} if registered else {}
    if paid_to is not None:
        assert payee_anew(wanted, known, is_on_paper=is_on_paper) == paid_to
        return
    with pytest.raises(PayeeNotRegistered):
        payee_anew(wanted, known, is_on_paper=is_on_paper)
