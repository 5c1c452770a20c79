"""Tables of cases: one line a case, columns parted by ``|``, so that a person who knows the law can read them.

A blank line and one that begins with ``#`` say nothing. The first other line names the columns; ``case`` is the first.
A column ``articles`` cites as ``shared.law`` does, several parted by ``;``, or says ``design``.
"""

import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

import pytest

from shared.law import ARTICLE

FOLDER = Path(__file__).parent / "tables"
_DESIGN = "design"

Case = Mapping[str, str]
Checks = Mapping[str, Callable[[str], object]]
"""By column what reads a cell of it; whatever it raises is said of the cell."""
_WRONG = (ValueError, LookupError, AssertionError, StopIteration, TypeError)


class TableWrong(Exception):
    """A table is refused whole; every problem names file, line and column."""

    def __init__(self, problems: Sequence[str]) -> None:
        super().__init__("\n".join(problems))
        self.problems = tuple(problems)


def read_cases(name: str, columns: Sequence[str], checks: Checks | None = None) -> list[Case]:
    """The cases of ``tests/tables/<name>`` in order, each by column; raises ``TableWrong`` with all that is wrong."""
    return parse_cases(name, (FOLDER / name).read_text(encoding="utf-8"), columns, checks)


def like(pattern: str) -> Callable[[str], object]:
    """What a cell has to look like."""

    def check(cell: str) -> None:
        if not re.fullmatch(pattern, cell):
            raise ValueError(f"“{cell}” is not like {pattern}")

    return check


def words_of(words: Iterable[str]) -> Callable[[str], object]:
    """A cell that lists some of ``words``, parted by ``;``, or ``-`` for none."""
    known = frozenset(words)

    def check(cell: str) -> None:
        unknown = {word.strip() for word in cell.split(";")} - known - {"-", ""}
        if unknown:
            raise ValueError(f"nobody knows “{min(unknown)}”")

    return check


def each_line(cases: Sequence[Case]) -> list[Any]:
    """The cases as parameters of a test, each marked with the articles that its line cites."""
    marks = [[pytest.mark.law(*articles)] if (articles := cited(case["articles"])) else [] for case in cases]
    return [pytest.param(case, id=case["case"], marks=each) for case, each in zip(cases, marks, strict=True)]


def cited(cell: str) -> list[str]:
    """The articles of a cell; none of what is our own design."""
    return [article for article in (part.strip() for part in cell.split(";")) if article != _DESIGN]


def parse_cases(name: str, text: str, columns: Sequence[str], checks: Checks | None = None) -> list[Case]:
    """The cases of a table's ``text``; ``name`` stands in the problems."""
    lines = [
        (number, [cell.strip() for cell in line.split("|")])
        for number, line in enumerate(text.splitlines(), start=1)
        if line.strip() and not line.lstrip().startswith("#")
    ]
    if not lines or lines[0][1] != list(columns):
        raise TableWrong([f"{name}: the first line must name the columns {' | '.join(columns)}"])
    problems = [f"{name}:{number}: {problem}" for number, problem in _problems(lines[1:], columns, checks or {})]
    if problems:
        raise TableWrong(problems)
    return [dict(zip(columns, cells, strict=True)) for _, cells in lines[1:]]


def _problems(
    lines: Sequence[tuple[int, list[str]]], columns: Sequence[str], checks: Checks
) -> Iterator[tuple[int, str]]:
    seen: dict[str, int] = {}
    if not lines:
        yield 1, "no case"
    for number, cells in lines:
        if len(cells) != len(columns):
            yield number, f"{len(cells)} cells in place of {len(columns)}"
            continue
        name = cells[0]
        if not name:
            yield number, f"{columns[0]}: empty"
        elif name in seen:
            yield number, f"{columns[0]}: “{name}” stands in line {seen[name]} already"
        seen.setdefault(name, number)
        if "articles" in columns:
            yield from ((number, problem) for problem in _citations(cells[list(columns).index("articles")]))
        yield from ((number, problem) for problem in _checked(dict(zip(columns, cells, strict=True)), checks))


def _checked(case: Case, checks: Checks) -> Iterator[str]:
    for column, check in checks.items():
        try:
            check(case[column])
        except _WRONG as error:
            yield f"{column}: {str(error) or type(error).__name__}"


def _citations(cell: str) -> Iterator[str]:
    for article in cited(cell):
        if not ARTICLE.match(article):
            yield f"articles: “{article}” is no article of the four texts"
