"""What the bank shows of a case's payments, on the person's account: paid, come back, paid anew."""

from collections.abc import Sequence
from datetime import date
from itertools import permutations
from uuid import UUID

import pytest

from outbound.domain.case import Actor, ActorKind, Case, CaseState
from outbound.domain.transitions.exchange import terminate
from outbound.domain.transitions.money import take_credit, take_debit, take_payment, take_payment_return
from outbound.domain.transitions.sealing import may_state, take_freeze
from shared.agency.core import NewTask, TaskKind
from shared.contracts.codes import MoneyPath, TerminationCause
from shared.contracts.events.money import BalancePaid, BalanceReturned
from shared.contracts.events.relation import TransferTerminated
from tests.unit.outbound.cases import CORE, NOW, PLATFORM, a_case

DAY = date(2026, 3, 2)


def paid(number: str = "1", amount: int = 100) -> BalancePaid:
    return BalancePaid(obligation_no=number, amount=amount, booked_on=DAY, end_to_end_id=f"E-{number}")


def came_back(number: str = "1", amount: int = 100) -> BalanceReturned:
    return BalanceReturned(obligation_no=number, amount=amount, booked_on=DAY, reason="账户已销户")


def take(case: Case, news: Sequence[BalancePaid | BalanceReturned]) -> tuple[Case, list[NewTask]]:
    """The case after the ledger's news, and what the core has to do."""
    tasks: list[NewTask] = []
    for place, event in enumerate(news):
        ledger = Actor(ActorKind.LEDGER, message_id=UUID(int=place))
        if isinstance(event, BalancePaid):
            decision = take_payment(case, event, ledger, NOW)
        else:
            decision = take_payment_return(case, event, ledger, NOW)
        case, tasks = decision.case, [*tasks, *decision.tasks]
    return case, tasks


def done(case: Case, tasks: Sequence[NewTask], balc: int) -> tuple[Case, int]:
    """Case and account after the core has answered ``tasks`` in this order."""
    for each in tasks:
        is_debit = each.kind is TaskKind.DEBIT_ACCOUNT
        amount = each.amount or 0
        react = take_debit if is_debit else take_credit
        case = react(case, amount, each.step, CORE, NOW).case
        balc += -amount if is_debit else amount
    return case, balc


@pytest.mark.law("N8")
def test_a_payment_that_replaces_a_returned_one_leaves_the_account_debited_once() -> None:
    ended = a_case(CaseState.ENDED, owed_amount=100, obligation_no=1)
    case, tasks = take(ended, [paid(), came_back(), paid(), came_back(), paid()])
    assert len({each.step for each in tasks}) == len(tasks)
    for order in permutations(tasks):
        after, balc = done(case, order, 100)
        assert (after.debited_amount, balc) == (100, 0)


@pytest.mark.law("N8")
@pytest.mark.parametrize("news", [[paid(), came_back()], [paid(), came_back(), paid()]])
def test_a_later_version_states_the_whole_wherever_the_money_stands(news: list[BalancePaid | BalanceReturned]) -> None:
    started = a_case(CaseState.APPROVED, owed_amount=100, obligation_no=1, sheet_version=2)
    case, tasks = take(started, news)
    after, balc = done(case, tasks, 100)
    assert take_freeze(after, balc, "1", CORE, NOW).case.acctfund_traf_amt == 100


def test_money_of_an_addendum_that_came_back_stands_in_the_addenda_again() -> None:
    case, tasks = take(a_case(CaseState.ENDED, owed_amount=100, addenda_balc=50), [paid("901", 50)])
    case, balc = done(case, tasks, 50)
    assert (case.addenda_balc, case.debited_amount, balc) == (0, 0, 0)
    case, tasks = take(case, [came_back("901", 50)])
    case, balc = done(case, tasks, balc)
    assert (case.addenda_balc, case.debited_amount, balc) == (50, 0, 50)


def test_a_returned_difference_keeps_another_amount_from_being_stated_until_it_is_paid_anew() -> None:
    case = a_case(CaseState.ENDED, owed_amount=150, obligation_no=2, synced_amount=150, synced_obligation_no=2)
    case, tasks = take(case, [paid(), paid("2", 50), came_back("2", 50)])
    returned, balc = done(case, tasks, 150)
    assert (balc, may_state(returned, 120)) == (50, False)
    case, tasks = take(returned, [paid("2", 50)])
    anew, balc = done(case, tasks, balc)
    assert (balc, may_state(anew, 120)) == (0, True)


@pytest.mark.law("N8")
def test_what_comes_back_after_the_end_of_the_case_is_the_persons_again() -> None:
    ended = TransferTerminated(
        terminated_at=NOW, cause=TerminationCause.DEATH, reason="死亡", money_path=MoneyPath.RETAINED_AT_OUTBOUND
    )
    case, tasks = take(a_case(CaseState.SHEET_ACCEPTED, owed_amount=100, obligation_no=1), [paid()])
    terminated = terminate(done(case, tasks, 100)[0], ended, PLATFORM, NOW).case
    case, tasks = take(terminated, [came_back()])
    after, balc = done(case, tasks, 0)
    assert (after.state, after.debited_amount, balc) == (CaseState.TERMINATED, 0, 100)
