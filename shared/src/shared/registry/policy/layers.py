"""Merging of policies: what a child states stands over what its parent states, value by value."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from shared.registry.policy.region_file import PolicyVersion

Path = tuple[str, ...]
"""Where a value stands, from the section's name on: ``("deadlines", "across_provinces", "total_days")``."""

ARTICLES = "articles"
"""The key in any table that says which articles its values follow."""


@dataclass(frozen=True, slots=True)
class Origin:
    """Who set a value: the region, its version's first day, the articles (or documents) that say so."""

    region: str
    name: str
    valid_from: date
    articles: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Value:
    """A value of a policy with its origin; a list is one value."""

    value: Any
    origin: Origin


Layer = Mapping[Path, Value]


def layer_of(region: str, name: str, version: PolicyVersion) -> Layer:
    """Everything that one version of one region states."""
    found: dict[Path, Value] = {}
    for path, value, articles in _values((), version.sections, version.sources):
        found[path] = Value(value, Origin(region, name, version.valid_from, articles))
    return found


def merge(parent: Layer, child: Layer) -> Layer:
    """``child`` over ``parent``. Merging the same child again changes nothing."""
    hidden = {path[:length] for path in child for length in range(1, len(path))}
    kept = {
        path: value
        for path, value in parent.items()
        if path not in hidden and not any(path[:length] in child for length in range(1, len(path)))
    }
    return kept | dict(child)


def nested(layer: Layer) -> dict[str, Any]:
    """The values as nested tables."""
    tables: dict[str, Any] = {}
    for path, value in layer.items():
        table = tables
        for part in path[:-1]:
            table = table.setdefault(part, {})
        table[path[-1]] = value.value
    return tables


def _values(
    path: Path, table: Mapping[str, Any], articles: tuple[str, ...]
) -> Iterator[tuple[Path, Any, tuple[str, ...]]]:
    own = table.get(ARTICLES)
    articles = tuple(map(str, own)) if isinstance(own, list) and own else articles
    for key, value in table.items():
        if key == ARTICLES:
            continue
        if isinstance(value, Mapping):
            yield from _values((*path, key), value, articles)
        else:
            yield (*path, key), value, articles
