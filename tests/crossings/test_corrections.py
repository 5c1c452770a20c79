"""Whatever overtakes what: both ledgers and the core end with what the last version states."""

from random import Random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.crossings.corrections import Transfer, Version

AMOUNTS = st.sampled_from((0, 80, 90, 100, 150))
VERSIONS = st.lists(st.builds(Version, AMOUNTS, st.booleans()), min_size=1, max_size=3)


def end_of(versions: list[Version], random: Random) -> Transfer:
    """The case when nothing more can happen by itself."""
    transfer = Transfer(versions)
    while steps := transfer.steps():
        random.choice(steps)()
    return transfer


@pytest.mark.law("N9")
@settings(max_examples=300, deadline=None)
@given(versions=VERSIONS, last=AMOUNTS, random=st.randoms(use_true_random=False))
def test_every_order_comes_out_right(versions: list[Version], last: int, random: Random) -> None:
    end = end_of([*versions, Version(last)], random)
    assert end.inbound.balance == last
    assert end.payer.sent - end.payer.received == last
    assert end.payee.received - end.payee.sent == last
    assert (end.payer.waiting, end.payee.waiting) == ([], [])


@pytest.mark.law("N9")
@pytest.mark.parametrize("amounts", [(100, 80, 100), (100, 0, 100), (100, 80, 150), (100, 150, 80), (100, 80, 0)])
def test_down_and_up_while_the_return_is_in_flight(amounts: tuple[int, ...]) -> None:
    for seed in range(40):
        end = end_of([Version(amount) for amount in amounts], Random(seed))
        assert (end.inbound.balance, end.payee.received - end.payee.sent) == (amounts[-1], amounts[-1])
