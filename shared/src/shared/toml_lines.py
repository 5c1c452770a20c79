"""On which line of a TOML text each value stands, which ``tomllib`` does not tell."""

import tomllib
from collections.abc import Iterator, Mapping
from typing import Any

from shared.toml_text import without_mark

Place = tuple[str | int, ...]
"""Keys and positions from the top on: ``("versions", 0, "deadlines", "total_days")``."""

_MAX_VALUE_LINES = 200


def lines_of(text: str) -> dict[Place, int]:
    """Line numbers, from 1, of every table header and key of ``text``, which ``tomllib`` must accept."""
    # Only what ends a line in TOML: not U+2028 and the like, which may stand in a comment.
    return dict(_places(without_mark(text).replace("\r\n", "\n").split("\n")))


def line_at(lines: Mapping[Place, int], place: Place) -> int | None:
    """The line where ``place`` begins, or what it stands in where it is missing; ``None`` for nothing at all."""
    for length in range(len(place), 0, -1):
        # A table may have no header of its own, only tables in it.
        inside = [line for each, line in lines.items() if each[:length] == place[:length]]
        if inside:
            return min(inside)
    return None


def _places(lines: list[str]) -> Iterator[tuple[Place, int]]:
    positions: dict[Place, int] = {}
    table: Place = ()
    index = 0
    while index < len(lines):
        number = index + 1
        taken, content = _statement(lines, index)
        if not taken:
            return  # a value of so many lines that nobody wrote it: what comes after it has no line
        if lines[index].lstrip().startswith("["):
            table = _table(content, positions)
            yield table, number
        else:
            yield from (((*table, *keys), number) for keys in _keys(content))
        index += taken


def _statement(lines: list[str], index: int) -> tuple[int, dict[str, Any]]:
    """How many lines the statement at ``index`` takes (a value may go over several; 0: too many), and what it says."""
    for taken in range(1, min(_MAX_VALUE_LINES, len(lines) - index) + 1):
        try:
            return taken, tomllib.loads("\n".join(lines[index : index + taken]))
        except tomllib.TOMLDecodeError:
            continue
    return 0, {}


def _table(header: Any, positions: dict[Place, int]) -> Place:
    """Where ``[a.b]`` or ``[[a.b]]`` stands; ``positions`` of tables in arrays are counted on."""
    place: Place = ()
    while isinstance(header, dict) and header:
        [(key, header)] = header.items()
        place = (*place, key)
        if isinstance(header, list):
            positions[place] = positions.get(place, -1) + 1
        if place in positions:
            place = (*place, positions[place])
    return place


def _keys(content: Mapping[str, Any]) -> Iterator[Place]:
    for key, value in content.items():
        yield (key,)
        if isinstance(value, Mapping):
            yield from ((key, *rest) for rest in _keys(value))
