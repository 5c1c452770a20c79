"""When one statement does not follow the other: balances, and the numbers by which the bank counts."""

from datetime import date

import pytest

from ledger.domain.continuity import Neighbours, Numbering

FRIDAY, MONDAY = date(2026, 3, 6), date(2026, 3, 9)


@pytest.mark.parametrize(
    ("period_from", "numbering", "missing"),
    [
        (MONDAY, None, 0),
        # Nothing moved on the weekend, and the bank sent nothing.
        (MONDAY, Numbering(64, 63, FRIDAY, 0), 0),
        # What it sent for one day of it came in and went out again, so that the balances meet.
        (MONDAY, Numbering(65, 63, FRIDAY, 0), 1),
        (MONDAY, Numbering(66, 63, FRIDAY, 0), 2),
        # That day is here, as an export of rows that is not counted.
        (MONDAY, Numbering(65, 63, FRIDAY, 1), 0),
        (MONDAY, Numbering(66, 63, FRIDAY, 1), 1),
        (MONDAY, Numbering(66, 63, FRIDAY, 2), 0),
        # No day is left that could be missing.
        (date(2026, 3, 7), Numbering(66, 63, FRIDAY, 0), 0),
        # A date is no count, whichever way the bank writes it; what is none is one, however large.
        (MONDAY, Numbering(20260309, 20260306, FRIDAY, 0), 0),
        (date(2026, 3, 2), Numbering(260302, 260227, date(2026, 2, 27), 0), 0),
        (MONDAY, Numbering(20261366, 20261364, FRIDAY, 0), 1),
        (MONDAY, Numbering(265, 263, FRIDAY, 0), 1),
        # A number that goes back, or stays, is a count of its own; with the year it begins anew.
        (MONDAY, Numbering(5, 63, FRIDAY, 0), 0),
        (MONDAY, Numbering(63, 63, FRIDAY, 0), 0),
        (date(2027, 1, 4), Numbering(1, 251, date(2026, 12, 31), 0), 0),
        (date(2027, 1, 4), Numbering(2, 251, date(2026, 12, 31), 0), 1),
        (date(2027, 1, 4), Numbering(252, 251, date(2026, 12, 31), 0), 0),
        (date(2027, 1, 4), Numbering(253, 251, date(2026, 12, 31), 0), 1),
    ],
)
def test_a_number_left_out_shows_what_balances_do_not(
    period_from: date, numbering: Numbering | None, missing: int
) -> None:
    neighbours = Neighbours(7, "6201", period_from, 500, FRIDAY, 500, numbering)
    assert (neighbours.missing_count, neighbours.is_break) == (missing, missing > 0)
    assert neighbours.finding("370100").data.get("missing_count", 0) == missing


def test_balances_that_do_not_meet_are_a_break_whatever_the_numbers_say() -> None:
    neighbours = Neighbours(7, "6201", MONDAY, 540, FRIDAY, 500, Numbering(64, 63, FRIDAY, 0))
    data = neighbours.finding("370100").data
    assert neighbours.is_break
    assert (data["difference"], "missing_count" in data) == ("0.40", False)
