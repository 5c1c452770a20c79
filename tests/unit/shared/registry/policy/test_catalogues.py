"""The catalogue of readings is whole, and the code asks for no other."""

import re
from pathlib import Path

import pytest

import shared
from shared.law import ARTICLE
from shared.registry.policy.readings import READINGS, Reading


@pytest.mark.parametrize("reading", READINGS.values(), ids=lambda reading: reading.name)
def test_a_reading_has_two_meanings_a_default_and_articles(reading: Reading) -> None:
    assert len(reading.meanings) >= 2
    assert reading.default == next(iter(reading.meanings))
    assert reading.articles
    assert all(ARTICLE.match(article) for article in reading.articles)
    assert all(re.search(r"[\u4e00-\u9fff]", text) for text in (reading.question, *reading.meanings.values()))


def test_no_code_asks_for_a_reading_that_is_not_in_the_catalogue() -> None:
    sources = Path(shared.__file__).parents[3]
    files = [*sources.glob("shared/src/**/*.py"), *sources.glob("services/*/src/**/*.py")]
    asked = {name for file in files for name in re.findall(r"\.reading\(\"([a-z0-9-]+)\"", file.read_text("utf-8"))}
    assert asked <= READINGS.keys()
