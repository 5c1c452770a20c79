"""Money is an integer number of fen inside, and a decimal string with two places on the wire."""

import re
from typing import Annotated

from pydantic import BeforeValidator, Field, PlainSerializer, ValidationInfo

_WIRE = re.compile(r"^-?(0|[1-9][0-9]{0,15})\.[0-9]{2}$")
_NOT_AN_AMOUNT = '金额应为带两位小数的字符串，例如 "1234.56"'


class JsonInteger(int):
    """An integer that was a JSON number: a count perhaps, but never an amount, whose unit nobody could tell."""


def format_yuan(fen: int) -> str:
    """The wire form of ``fen``: ``123456`` → ``"1234.56"``."""
    sign = "-" if fen < 0 else ""
    yuan, rest = divmod(abs(fen), 100)
    return f"{sign}{yuan}.{rest:02d}"


def parse_yuan(text: str) -> int:
    """The fen of a wire amount; raises ``ValueError`` on anything but a decimal string with two places."""
    if not _WIRE.fullmatch(text):
        raise ValueError(_NOT_AN_AMOUNT)
    return int(text.replace(".", ""))


def _from_wire(value: object, info: ValidationInfo) -> int:
    if isinstance(value, int) and not isinstance(value, bool | JsonInteger) and info.mode == "python":
        return value
    if not isinstance(value, str):
        raise ValueError(_NOT_AN_AMOUNT)
    return parse_yuan(value)


Fen = Annotated[
    int,
    BeforeValidator(_from_wire, json_schema_input_type=Annotated[str, Field(pattern=_WIRE.pattern)]),
    PlainSerializer(format_yuan, return_type=Annotated[str, Field(pattern=_WIRE.pattern)], when_used="json"),
]
NonNegativeFen = Annotated[Fen, Field(ge=0)]
