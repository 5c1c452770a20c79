"""The table of crossing messages is whole, and the design page tells it."""

from pathlib import Path

from shared.contracts.events import EVENTS
from tests.crossings.checks import CHECKS
from tests.crossings.courses import COURSES
from tests.crossings.rows import CROSSINGS, possible_pairs, told_pairs

_DESIGN = Path(__file__).parents[2] / "docs" / "design.md"


def test_every_pair_that_the_routes_allow_has_its_row() -> None:
    untold = sorted(" ✕ ".join(sorted(pair)) for pair in possible_pairs() - told_pairs())
    assert untold == []


def test_the_table_names_no_event_that_is_not_there() -> None:
    known = {event.__name__ for event in EVENTS.values()}
    told = {name for pair in told_pairs() for name in pair if " " not in name}
    assert told <= known


def test_the_design_page_shows_the_table() -> None:
    page = _DESIGN.read_text(encoding="utf-8")
    section = page.split("Crossing pairs, each with its outcome", 1)[1].split("| cross | outcome |", 1)[1]
    shown = [line for line in section.split("\n\n", 1)[0].splitlines() if line.startswith("| ")]
    assert shown == [row.line() for row in CROSSINGS.values()]


def test_every_row_has_its_test() -> None:
    assert CHECKS.keys() | COURSES.keys() == CROSSINGS.keys()
    assert CHECKS.keys().isdisjoint(COURSES)
