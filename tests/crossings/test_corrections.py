"""Whatever overtakes what: both ledgers and the core end with what the last version states."""

import os
from random import Random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.crossings.corrections import Transfer
from tests.crossings.inbound_side import Version

EXAMPLES = int(os.environ.get("CROSSING_EXAMPLES", "100"))
IS_SAME = "CROSSING_EXAMPLES" not in os.environ
AMOUNTS = st.sampled_from((0, 80, 90, 100, 150))
_MOST_STEPS = 500
VERSIONS = st.lists(st.builds(Version, AMOUNTS, st.booleans(), st.booleans()), max_size=4)


def play(transfer: Transfer, random: Random) -> Transfer:
    """The case when nothing more can happen, by itself or by what clerks are told to do."""
    for _ in range(_MOST_STEPS):
        steps = transfer.steps()
        if not steps:
            return transfer
        random.choice(steps)()
    raise AssertionError("the same happens for ever")


def assert_right(end: Transfer, amount: int) -> None:
    """Both banks, both ledgers and the inbound's core have moved ``amount``; nothing waits."""
    assert end.inbound.balance == amount
    assert end.payer.sent - end.payer.received == amount
    assert end.payee.received - end.payee.sent == amount
    assert (end.payer.waiting, end.payee.waiting) == ([], [])
    assert end.case.debited_amount == amount


@pytest.mark.law("N9-2")
@settings(max_examples=EXAMPLES, derandomize=IS_SAME, deadline=None)
@given(versions=VERSIONS, last=AMOUNTS, random=st.randoms(use_true_random=False))
def test_every_order_comes_out_right(versions: list[Version], last: int, random: Random) -> None:
    """Whatever is released, shown and told when: also two payments overtaken together, and a second return."""
    end = play(Transfer([*versions, Version(last)]), random)
    assert_right(end, end.stated[-1])


@pytest.mark.law("N8")
@settings(max_examples=EXAMPLES, derandomize=IS_SAME, deadline=None)
@given(versions=VERSIONS, random=st.randoms(use_true_random=False))
def test_what_the_bank_sends_back_is_paid_once(versions: list[Version], random: Random) -> None:
    end = play(Transfer([*versions, Version(100)], failures=1), random)
    assert_right(end, end.stated[-1])


@pytest.mark.law("N9-2")
@settings(max_examples=EXAMPLES, derandomize=IS_SAME, deadline=None)
@given(versions=VERSIONS, failures=st.integers(0, 1), random=st.randoms(use_true_random=False))
def test_after_the_end_all_of_it_is_where_it_came_from(versions: list[Version], failures: int, random: Random) -> None:
    """Also where a completion for less than was paid crosses the termination."""
    end = play(Transfer([*versions, Version(100)], is_ended=True, failures=failures), random)
    assert_right(end, 0 if end.is_over else end.stated[-1])


@pytest.mark.law("N9-2")
@settings(max_examples=EXAMPLES, derandomize=IS_SAME, deadline=None)
@given(versions=VERSIONS, random=st.randoms(use_true_random=False))
def test_payments_without_their_number_come_out_right_too(versions: list[Version], random: Random) -> None:
    end = play(Transfer([*versions, Version(100)], is_numbered=False), random)
    assert_right(end, end.stated[-1])


@pytest.mark.law("N9-2")
@pytest.mark.parametrize("amounts", [(100, 80, 100), (100, 0, 100), (100, 80, 150), (100, 150, 80), (100, 80, 0)])
def test_nobody_has_to_mend_what_is_corrected_down_and_up(amounts: tuple[int, ...]) -> None:
    """Of versions that are synced one after the other everything goes by rule, but for more than nothing at all."""
    for seed in range(20):
        end = play(Transfer([Version(amount) for amount in amounts]), Random(seed))
        assert_right(end, end.stated[-1])
        assert end.by_clerks == 0 or 0 in amounts
