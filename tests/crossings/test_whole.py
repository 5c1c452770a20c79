"""A test for each crossing that needs all four services."""

import pytest

from tests.courses import a_person
from tests.crossings.banks import Banks
from tests.crossings.courses import COURSES
from tests.four_services import FourServices


@pytest.mark.parametrize("row", COURSES)
async def test_crossing(system: FourServices, banks: Banks, row: str) -> None:
    await COURSES[row](system, banks, a_person(list(COURSES).index(row)))
