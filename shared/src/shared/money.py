"""Money is an integer number of fen inside, and a decimal string with two places on the wire."""

import re
from typing import Annotated

from pydantic import BeforeValidator, Field, PlainSerializer

_WIRE = re.compile(r"^-?(0|[1-9][0-9]{0,15})\.[0-9]{2}$")


def format_yuan(fen: int) -> str:
    """The wire form of ``fen``: ``123456`` → ``"1234.56"``."""
    sign = "-" if fen < 0 else ""
    yuan, rest = divmod(abs(fen), 100)
    return f"{sign}{yuan}.{rest:02d}"


def parse_yuan(text: str) -> int:
    """The fen of a wire amount; raises ``ValueError`` on anything but a decimal string with two places."""
    if not isinstance(text, str) or not _WIRE.match(text):
        raise ValueError('金额应为带两位小数的字符串，例如 "1234.56"')
    return int(text.replace(".", ""))


def _from_wire(value: object) -> int:
    if isinstance(value, int) and not isinstance(value, bool):
        return value
    return parse_yuan(value)  # type: ignore[arg-type]


Fen = Annotated[
    int,
    BeforeValidator(_from_wire, json_schema_input_type=Annotated[str, Field(pattern=_WIRE.pattern)]),
    PlainSerializer(format_yuan, return_type=Annotated[str, Field(pattern=_WIRE.pattern)], when_used="json"),
]
NonNegativeFen = Annotated[Fen, Field(ge=0)]
