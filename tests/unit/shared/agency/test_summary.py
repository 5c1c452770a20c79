"""What contributions come to."""

from typing import Any

import pytest

from shared.agency.summary import last_paid, summarise
from shared.contracts.facts import Contribution
from tests.people import contribution


def contributions(*each: dict[str, Any]) -> list[Contribution]:
    return [Contribution.model_validate(one) for one in each]


@pytest.mark.parametrize(
    ("given", "months", "last"),
    [
        ([contribution("202401", "202403")], 3, "202403"),
        ([contribution("202401", "202403"), contribution("202403", "202404", rid="2")], 4, "202404"),
        ([contribution("202401", "202403"), contribution("202301", "202301")], 4, "202403"),
        ([contribution("202401", "202403"), contribution("202404", "202404", revs_flag=True)], 3, "202403"),
    ],
)
def test_months_count_once_and_reversed_ones_not(given: list[dict[str, Any]], months: int, last: str) -> None:
    [line] = summarise(contributions(*given))
    assert (line.months, line.last_ym) == (months, last)


def test_only_flags_that_mean_paid_make_a_month_paid() -> None:
    lines = summarise(
        contributions(
            contribution("202401", "202403"),
            contribution("202404", "202406", clct_flag="0"),
            contribution("202312", "202312", insutype="390"),
        )
    )
    assert last_paid(lines, {"1"}) == {"310": "202403", "390": "202312"}
    assert last_paid(lines, {"0", "1"}) == {"310": "202406", "390": "202312"}
    assert last_paid(lines, set()) == {}
