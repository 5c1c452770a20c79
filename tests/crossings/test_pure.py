"""A test for each crossing whose outcome is a pure decision."""

import pytest

from tests.crossings.checks import CHECKS


@pytest.mark.parametrize("row", CHECKS)
def test_crossing(row: str) -> None:
    CHECKS[row]()
