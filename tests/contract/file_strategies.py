"""Files for the routes that take some: nearly right ones, ones with bytes exchanged, and any bytes at all."""

import json
from datetime import date
from typing import Any

import schemathesis
from hypothesis import strategies

from tests.people import person_document
from tests.registry import JINAN, bank_account
from tests.unit.ledger.exports import boc
from tests.unit.ledger.files import Move, camt, ccb
from tests.unit.ledger.workbooks import xlsx

_ACCOUNT = bank_account(JINAN, "payer")
_DAYS = strategies.dates(date(1970, 1, 1), date(2100, 1, 1))
_MOVES = strategies.lists(
    strategies.builds(
        Move,
        strategies.integers(-(10**15), 10**15).filter(bool),
        strategies.text(alphabet="0123456789ABCDEFGHJKLMNPQRSTUVWXYZ 转移接续<&\"'，\u3000", max_size=60),
        on=_DAYS,
        ref=strategies.text(alphabet="ABC123", max_size=5),
    ),
    max_size=5,
)


@strategies.composite
def _with_bytes_exchanged(draw: Any, whole: strategies.SearchStrategy[bytes]) -> bytes:
    content = bytearray(draw(whole))
    for _ in range(draw(strategies.integers(0, 3))):
        if content:
            content[draw(strategies.integers(0, len(content) - 1))] = draw(strategies.integers(0, 255))
    return bytes(content)


def _person_line() -> strategies.SearchStrategy[bytes]:
    values: strategies.SearchStrategy[Any] = (
        strategies.none() | strategies.text(max_size=10) | strategies.integers() | strategies.just([])
    )
    changes = strategies.dictionaries(strategies.sampled_from([*person_document(), "surprise"]), values, max_size=2)
    return changes.map(lambda changed: json.dumps(person_document() | changed).encode())


def register_file_strategies() -> None:
    """Tell schemathesis how the files look that we take."""
    binary = strategies.binary(max_size=200)
    statement = strategies.builds(lambda moves: camt(_ACCOUNT, moves), _MOVES)
    export = strategies.builds(lambda moves: ccb(_ACCOUNT, moves), _MOVES)
    lines = strategies.lists(_person_line() | binary, max_size=5).map(b"\n".join)
    schemathesis.openapi.media_type("application/xml", _with_bytes_exchanged(statement) | binary, aliases=["text/xml"])
    schemathesis.openapi.media_type("text/csv", _with_bytes_exchanged(export) | binary)
    workbook = strategies.builds(lambda moves: xlsx(boc(_ACCOUNT, moves)), _MOVES)
    excel = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
    schemathesis.openapi.media_type(
        excel, _with_bytes_exchanged(workbook) | binary, aliases=["application/vnd.ms-excel"]
    )
    schemathesis.openapi.media_type("application/x-ndjson", lines)
