"""Lists go on after the last key seen (keyset), so that a page costs the same wherever it stands."""

import base64
import binascii
import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Annotated, Generic, TypeVar

from fastapi import Depends, Query
from pydantic import BaseModel

from shared.errors import FieldError, InvalidInput
from shared.web.strict_json import is_storable

MAX_LIMIT = 500
DEFAULT_LIMIT = 50
_MAX_CURSOR = 600
_MAX_TEXT = 200
_INT64 = 2**63

Item = TypeVar("Item")
Row = TypeVar("Row")
CursorValue = str | int


class InvalidCursor(InvalidInput):
    """A cursor that this list never gave out."""

    code = "invalid-cursor"


@dataclass(frozen=True, slots=True)
class PageRequest:
    """What the caller asked for: at most ``limit`` items after ``cursor``."""

    limit: int
    cursor: str | None

    def after(self, *kinds: type[CursorValue]) -> tuple[CursorValue, ...] | None:
        """The key after which the page begins, one value of each of ``kinds`` (``str`` or ``int``); None: the start.

        Raises ``InvalidCursor``. Dates and instants travel as their ISO text.
        """
        if self.cursor is None:
            return None
        values = decode_cursor(self.cursor)
        if len(values) != len(kinds) or any(type(value) is not kind for value, kind in zip(values, kinds, strict=True)):
            raise invalid_cursor()
        return values


class Page(BaseModel, Generic[Item]):
    """One page of a list."""

    items: list[Item]
    next_cursor: str | None = None


async def page_request(
    limit: Annotated[int, Query(ge=1, le=MAX_LIMIT, description="最多返回几项")] = DEFAULT_LIMIT,
    cursor: Annotated[
        str | None, Query(min_length=1, max_length=_MAX_CURSOR, description="上一页的 next_cursor")
    ] = None,
) -> PageRequest:
    """The ``?limit=&cursor=`` of a list."""
    return PageRequest(limit, cursor)


Paging = Annotated[PageRequest, Depends(page_request)]


def page_of(
    rows: Sequence[Row], limit: int, key: Callable[[Row], Sequence[CursorValue]], show: Callable[[Row], Item]
) -> Page[Item]:
    """The page of ``rows``, of which the query fetched up to ``limit + 1`` to see whether there are more."""
    shown = rows[:limit]
    more = len(rows) > limit
    return Page(items=[show(row) for row in shown], next_cursor=encode_cursor(key(shown[-1])) if more else None)


def encode_cursor(values: Sequence[CursorValue]) -> str:
    """An opaque cursor: URL-safe base64 without padding over a JSON array."""
    text = json.dumps(list(values), separators=(",", ":"), ensure_ascii=False)
    return base64.urlsafe_b64encode(text.encode()).rstrip(b"=").decode()


def decode_cursor(cursor: str) -> tuple[CursorValue, ...]:
    """The values of ``cursor``; raises ``InvalidCursor`` on anything that ``encode_cursor`` cannot have made."""
    try:
        padded = cursor.encode("ascii") + b"=" * (-len(cursor) % 4)
        values = json.loads(base64.b64decode(padded, altchars=b"-_", validate=True).decode("utf-8"))
    except (ValueError, binascii.Error, RecursionError) as error:
        raise invalid_cursor() from error
    if not isinstance(values, list) or not all(_is_allowed(value) for value in values):
        raise invalid_cursor()
    return tuple(values)


def _is_allowed(value: object) -> bool:
    if isinstance(value, str):
        return len(value) <= _MAX_TEXT and is_storable(value)
    return isinstance(value, int) and not isinstance(value, bool) and -_INT64 <= value < _INT64


def invalid_cursor() -> InvalidCursor:
    """What answers a cursor whose values no key of the list can have."""
    return InvalidCursor(
        "cursor 无效，请使用上一页返回的 next_cursor。", errors=[FieldError("/cursor", "invalid-cursor", "无效的游标")]
    )
