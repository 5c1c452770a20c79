"""The catalogue of readings is whole, and the code asks for no other."""

import re
from collections.abc import Iterator
from pathlib import Path
from typing import get_args

import pytest
from pydantic import BaseModel

import shared
from shared.law import ARTICLE
from shared.registry.policy.readings import READINGS, Reading
from shared.registry.policy.sections import Sections


@pytest.mark.parametrize("reading", READINGS.values(), ids=lambda reading: reading.name)
def test_a_reading_has_two_meanings_a_default_and_articles(reading: Reading) -> None:
    assert len(reading.meanings) >= 2
    assert reading.default == next(iter(reading.meanings))
    assert reading.articles
    assert all(ARTICLE.match(article) for article in reading.articles)
    assert all(re.search(r"[\u4e00-\u9fff]", text) for text in (reading.question, *reading.meanings.values()))


def test_the_guide_names_everything_that_a_region_may_set() -> None:
    guide = (Path(shared.__file__).parents[3] / "docs" / "policy.md").read_text("utf-8")
    told = set(re.findall(r"[a-z_]{4,}", guide))
    assert {name for path in _paths(Sections) for name in path} - told == set()


def _paths(model: type[BaseModel], above: tuple[str, ...] = ()) -> Iterator[tuple[str, ...]]:
    for name, field in model.model_fields.items():
        kinds = [kind for kind in (field.annotation, *get_args(field.annotation)) if isinstance(kind, type)]
        inner = next((kind for kind in kinds if issubclass(kind, BaseModel)), None)
        yield (*above, name)
        if inner is not None:
            yield from _paths(inner, (*above, name))


def test_no_code_asks_for_a_reading_that_is_not_in_the_catalogue() -> None:
    sources = Path(shared.__file__).parents[3]
    files = [*sources.glob("shared/src/**/*.py"), *sources.glob("services/*/src/**/*.py")]
    asked = {name for file in files for name in re.findall(r"\.reading\(\"([a-z0-9-]+)\"", file.read_text("utf-8"))}
    assert asked <= READINGS.keys()
