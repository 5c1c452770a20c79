"""Both agencies count obligations from the accepted versions alone."""

import pytest

from shared.sheet_rules import next_obligation_no


@pytest.mark.parametrize(
    ("amounts", "numbers"),
    [
        ([100], [1]),
        ([0], [1]),
        ([100, 100], [1, 1]),
        ([100, 90], [1, 2]),
        ([0, 90, 90, 100], [1, 2, 2, 3]),
        ([100, 0, 100], [1, 2, 3]),
    ],
)
def test_a_changed_amount_begins_a_new_obligation(amounts: list[int], numbers: list[int]) -> None:
    number, present = 0, None
    counted = []
    for amount in amounts:
        number, present = next_obligation_no(number, present, amount), amount
        counted.append(number)
    assert counted == numbers
