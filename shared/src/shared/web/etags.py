"""``ETag`` is the quoted row version (RFC 9110 §8.8.3, §13): who changes must have seen what they change."""

import re
from dataclasses import dataclass
from typing import Annotated

from fastapi import Depends, Header

from shared.errors import InvalidInput, PreconditionFailed
from shared.web.refusals import PreconditionRequired

_TAG = re.compile(r'^(?P<weak>W/)?"(?P<opaque>[\x21\x23-\x7e]*)"$')
_MAX_HEADER = 1000
_ONE_OR_MORE = r'^(\*|"[0-9]{1,18}"(, ?"[0-9]{1,18}"){0,9})$'


def etag(version: int) -> str:
    """The ``ETag`` of a row version: ``3`` → ``"3"`` in quotes."""
    return f'"{version}"'


@dataclass(frozen=True, slots=True)
class Expected:
    """The versions that the caller accepts; ``tags`` None is ``If-Match: *``: whichever there is."""

    tags: frozenset[str] | None

    def allows(self, version: int) -> bool:
        """Whether the caller has seen ``version``, or takes whichever there is."""
        return self.tags is None or str(version) in self.tags

    def require(self, version: int) -> None:
        """Raise ``PreconditionFailed`` (412) unless ``version`` is one that the caller has seen."""
        if not self.allows(version):
            raise outdated()


WHICHEVER = Expected(None)
"""``If-Match: *``: for who changes a thing whatever has become of it."""


def outdated() -> PreconditionFailed:
    """The refusal (412) of who has not seen the present version."""
    return PreconditionFailed("数据在您读取之后已被修改，请重新读取后再提交。")


def seen(version: int) -> Expected:
    """What a body says that was seen: exactly this version."""
    return Expected(frozenset({str(version)}))


@dataclass(frozen=True, slots=True)
class Known:
    """What the caller already holds (``If-None-Match``)."""

    tags: frozenset[str] | None

    def has(self, version: int) -> bool:
        """Whether the answer may be 304 without a body."""
        return self.tags is None or str(version) in self.tags


async def if_match(
    header: Annotated[
        str | None,
        Header(
            alias="If-Match",
            max_length=_MAX_HEADER,
            description="必填：读取时得到的 ETag",
            json_schema_extra={"pattern": _ONE_OR_MORE},
        ),
    ] = None,
) -> Expected:
    """The caller's ``If-Match``; raises ``PreconditionRequired`` (428) when there is none."""
    if header is None:
        raise PreconditionRequired("修改须带 If-Match 请求头，其值为读取时得到的 ETag。")
    # RFC 9110 §13.1.1: strong comparison, a weak tag never matches.
    try:
        return Expected(_tags(header, take_weak=False))
    except ValueError as error:
        raise InvalidInput("If-Match 请求头格式不正确。", code="invalid-etag") from error


async def if_none_match(
    header: Annotated[str | None, Header(alias="If-None-Match", max_length=_MAX_HEADER)] = None,
) -> Known:
    """The caller's ``If-None-Match``; one that nobody can read knows nothing, and the full answer is right."""
    if header is None:
        return Known(frozenset())
    try:
        return Known(_tags(header, take_weak=True))
    except ValueError:
        return Known(frozenset())


IfMatch = Annotated[Expected, Depends(if_match)]
IfNoneMatch = Annotated[Known, Depends(if_none_match)]


def _tags(header: str, *, take_weak: bool) -> frozenset[str] | None:
    if header.strip() == "*":
        return None
    matches = [_TAG.match(part.strip()) for part in header.split(",")]
    if not all(matches):
        raise ValueError("not a list of entity tags")
    return frozenset(found["opaque"] for found in matches if found is not None and (take_weak or not found["weak"]))
