"""Pydantic's findings as pointers, codes and Chinese messages. The refused value itself is never repeated."""

from collections.abc import Mapping, Sequence
from typing import Any

from shared.errors import FieldError
from shared.finding_text import finding_text
from shared.web.strict_json import escape

_MAX_POINTER = 200


def field_errors(errors: Sequence[Any], body: Any = None) -> list[FieldError]:
    """Each of pydantic's ``errors`` as a ``FieldError``; ``body`` (parsed) tells fields from names of union members.

    Pydantic counts only the items that hold: a list that is too short for that alone is not said to be.
    """
    return [
        FieldError(_pointer(error["loc"], body), _code(error), finding_text(error))
        for error in errors
        if error["type"] != "too_short" or not _is_wrong_inside(error["loc"], errors)
    ]


def _is_wrong_inside(location: Sequence[int | str], errors: Sequence[Any]) -> bool:
    depth = len(location)
    return any(len(other["loc"]) > depth and other["loc"][:depth] == location for other in errors)


def _code(error: Mapping[str, Any]) -> str:
    return str(error["type"]).replace("_", "-")


def _pointer(location: Sequence[int | str], body: Any) -> str:
    if not location:
        return ""
    if location[0] == "body":
        return _body_pointer(location[1:], body)
    return "".join(f"/{escape(str(part))}" for part in location[1:])[:_MAX_POINTER]


def _body_pointer(location: Sequence[int | str], body: Any) -> str:
    pointer = ""
    here = body
    for index, part in enumerate(location):
        is_last = index == len(location) - 1
        following = None if is_last else location[index + 1]
        if _holds(here, part) and (is_last or _holds(here[part], following) or not _holds(here, following)):
            here = here[part]
        elif not (isinstance(here, dict) and is_last and isinstance(part, str) and part.isidentifier()):
            continue  # the name of a union member or a validator, not a place in the document
        pointer += f"/{escape(str(part))}"
    return pointer[:_MAX_POINTER]


def _holds(here: Any, part: int | str | None) -> bool:
    if isinstance(here, list):
        return isinstance(part, int) and part < len(here)
    return isinstance(here, dict) and part in here
