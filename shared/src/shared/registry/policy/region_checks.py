"""What can be wrong with a readable file: its place among the regions, its articles, its values."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from itertools import pairwise
from typing import Any

from pydantic import ValidationError

from shared.finding_text import finding_text
from shared.registry.policy.effective import PolicyBook, read_sections
from shared.registry.policy.layers import ARTICLES, Layer, Path
from shared.registry.policy.limits import breaches
from shared.registry.policy.parts import incomplete_parts
from shared.registry.policy.readings import READINGS
from shared.registry.policy.region_file import RegionFile
from shared.registry.policy.section import NATION
from shared.toml_lines import Place

Parents = Mapping[str, frozenset[str]]
"""Region → the regions that it may inherit from, as the registry of areas has it."""


@dataclass(frozen=True, slots=True)
class Wrong:
    """One thing wrong at a place of the file."""

    place: Place
    code: str
    reason: str
    article: str | None = None


def wrong_parent(file: RegionFile, book: PolicyBook, parents: Parents | None) -> Iterator[Wrong]:
    """An unknown region, or a parent that is missing, not one of its own or not loaded."""
    if parents is not None and file.region != NATION and file.region not in parents:
        yield Wrong(("region",), "region-unknown", f"登记库中没有地区 {file.region}")
        return
    parent = file.inherits
    if (parent is None) != (file.region == NATION):
        place: Place = ("region",) if parent is None else ("inherits",)
        yield Wrong(place, "parent-missing", "除国家（000000）外，每个地区都须写明 inherits")
    if parent is None or file.region == NATION:
        return
    if parent == file.region:
        yield Wrong(("inherits",), "parent-is-itself", "地区不能继承自身")
    elif parents is not None and parent not in parents[file.region]:
        allowed = "、".join(sorted(parents[file.region]))
        yield Wrong(("inherits",), "parent-not-allowed", f"应继承所在省或国家：{allowed}")
    elif parent not in book.files:
        yield Wrong(("inherits",), "parent-not-loaded", f"须先载入 {parent} 的政策")
    elif file.region in book.ancestors(parent):
        yield Wrong(("inherits",), "parent-in-circle", f"{parent} 又继承 {file.region}，互为上级")


def wrong_order(file: RegionFile) -> Iterator[Wrong]:
    """Versions that do not follow one another by their first days."""
    for index, (before, version) in enumerate(pairwise(file.versions), start=1):
        place = ("versions", index, "valid_from")
        if version.valid_from == before.valid_from:
            yield Wrong(place, "version-twice", f"有两个版本都自{version.valid_from}起施行")
        elif version.valid_from < before.valid_from:
            yield Wrong(place, "version-order", "各版本须按施行日期先后排列")


def wrong_articles(file: RegionFile) -> Iterator[Wrong]:
    """``articles`` that are no list of texts."""
    for index, version in enumerate(file.versions):
        for path, value in _articles((), version.sections):
            if not (isinstance(value, list) and value and all(isinstance(each, str) and each for each in value)):
                yield Wrong(("versions", index, *path), "articles", "应为条款的列表，至少一条")


def wrong_values(file: RegionFile, book: PolicyBook) -> Iterator[Wrong]:
    """What is wrong with the policy of the region on any day from its first on; else of those that inherit from it."""
    own = list(_wrong_in(file, book, file.region))
    yield from own
    heirs = (region for region in book.files if region != file.region and file.region in book.ancestors(region))
    for region in () if own else heirs:
        yield from _wrong_in(file, book, region)


def _wrong_in(file: RegionFile, book: PolicyBook, region: str) -> Iterator[Wrong]:
    for on in book.changes(region):
        if on >= file.versions[0].valid_from:
            yield from _wrong_on(file, book, region, on)


def _wrong_on(file: RegionFile, book: PolicyBook, region: str, on: date) -> Iterator[Wrong]:
    parent = book.files[region].inherits
    own = book.layer(region, on)
    above: Layer = {} if parent is None else book.layer(parent, on)
    whose = "" if region == file.region else f"{book.files[region].name}（{region}）自{on}起："
    try:
        read_sections(own, extra="forbid")
    except ValidationError as error:
        for each in error.errors(include_url=False, include_input=False):
            place = _place(file, on, tuple(map(str, each["loc"])))
            yield Wrong(place, each["type"].replace("_", "-"), whose + finding_text(each))
        return
    for path, reason in _unknown_readings(own):
        yield Wrong(_place(file, on, path), "reading-unknown", whose + reason)
    for breach in (*breaches(own, above), *incomplete_parts(own)):
        yield Wrong(_place(file, on, breach.path), breach.code, whose + breach.reason, breach.article)


def _place(file: RegionFile, on: date, path: Path) -> Place:
    """Where in ``file`` the value of ``path`` stands or would stand: that of an heir is wrong by what stands there."""
    index = max(index for index, version in enumerate(file.versions) if version.valid_from <= on)
    return ("versions", index, *path)


def _unknown_readings(own: Layer) -> Iterator[tuple[Path, str]]:
    for path, value in own.items():
        if path[0] != "readings":
            continue
        reading = READINGS.get(path[-1])
        if reading is None:
            yield path, f"没有名为 {path[-1]} 的释义"
        elif value.value not in reading.meanings:
            yield path, f"取值应为 {'、'.join(reading.meanings)} 之一"


def _articles(path: Path, table: Mapping[str, Any]) -> Iterator[tuple[Path, Any]]:
    for key, value in table.items():
        if key == ARTICLES:
            yield (*path, key), value
        elif isinstance(value, Mapping):
            yield from _articles((*path, key), value)
