"""Whether a region's file may be loaded: all that is wrong with it at once, each with line, field, reason, article."""

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from pydantic import ValidationError

from shared.errors import FieldError, InvalidInput
from shared.finding_text import finding_text
from shared.law import law
from shared.registry.policy.effective import PolicyBook
from shared.registry.policy.region_checks import (
    Parents,
    Wrong,
    wrong_articles,
    wrong_order,
    wrong_parent,
    wrong_values,
)
from shared.registry.policy.region_file import RegionFile, read_toml
from shared.toml_lines import Place, line_at, lines_of

_MAX_FAULTS = 100
_KEYS = frozenset({"region", "name", "inherits", "versions"})


@dataclass(frozen=True, slots=True)
class Fault:
    """One thing wrong: its line in the text (``None`` where there is no text), its place, reason and article."""

    line: int | None
    place: Place
    code: str
    reason: str
    article: str | None

    def __str__(self) -> str:
        where = f"第{self.line}行 " if self.line else ""
        field = "".join(f"[{part}]" if isinstance(part, int) else f".{part}" for part in self.place).lstrip(".")
        return f"{where}{field}：{self.reason}" + (f"（{self.article}）" if self.article else "")


class PolicyRefused(InvalidInput):
    """The file is refused as a whole; ``faults`` say all that is wrong with it."""

    code = "policy-refused"

    def __init__(self, faults: tuple[Fault, ...]) -> None:
        pointers = ["".join(f"/{part}" for part in fault.place) for fault in faults]
        errors = [FieldError(pointer, fault.code, str(fault)) for pointer, fault in zip(pointers, faults, strict=True)]
        super().__init__("政策文件未载入，现行政策不变。", errors=errors)
        self.faults = faults


def check_text(text: str, book: PolicyBook, parents: Parents | None) -> RegionFile:
    """The file that ``text`` (TOML) says, if it may be loaded beside ``book``.

    ``parents`` is ``None`` where the registry of areas is still empty. Raises ``PolicyRefused``, or
    ``PolicyFileUnreadable`` for what is no TOML.
    """
    content = read_toml(text)
    return _check(content, book, parents, lines_of(text))


def check_content(content: Mapping[str, Any], book: PolicyBook, parents: Parents | None) -> RegionFile:
    """As ``check_text`` for a file that came as JSON, without lines; raises ``PolicyRefused``."""
    return _check(content, book, parents, None)


@law("N10", "N15")
def _check(
    content: Mapping[str, Any], book: PolicyBook, parents: Parents | None, lines: Mapping[Place, int] | None
) -> RegionFile:
    unknown = [Wrong((key,), "extra-forbidden", "不认识的字段") for key in content if key not in _KEYS]
    try:
        # As JSON and strictly: a number is no date.
        file = RegionFile.model_validate_json(json.dumps(content), strict=True)
    except ValidationError as error:
        raise _refused([*unknown, *_wrong_shape(error)], lines) from error
    wrong = [*unknown, *wrong_parent(file, book, parents), *wrong_order(file), *wrong_articles(file)]
    # Values are judged against what they inherit, so only where it is clear what that is.
    wrong = wrong or list(wrong_values(file, book.with_file(file)))
    if wrong:
        raise _refused(wrong, lines)
    return file


def _wrong_shape(error: ValidationError) -> Iterator[Wrong]:
    for each in error.errors(include_url=False, include_input=False):
        place = tuple(part for part in each["loc"] if part != "dict[str,any]")
        yield Wrong(place, each["type"].replace("_", "-"), finding_text(each))


def _line(lines: Mapping[Place, int] | None, place: Place) -> int | None:
    """What is missing at the top is missing from the first line on."""
    return None if lines is None else line_at(lines, place) or 1


def _refused(wrong: list[Wrong], lines: Mapping[Place, int] | None) -> PolicyRefused:
    once = dict.fromkeys(wrong)
    faults = (Fault(_line(lines, each.place), each.place, each.code, each.reason, each.article) for each in once)
    return PolicyRefused(tuple(sorted(faults, key=lambda fault: fault.line or 0)[:_MAX_FAULTS]))
