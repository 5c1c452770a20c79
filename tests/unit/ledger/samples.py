"""One bank file of every form, and what may happen to it on its way."""

from collections.abc import Iterator, Mapping
from random import Random

from ledger.parsers.file_kind import FileKind
from tests.unit.ledger import exports, workbooks
from tests.unit.ledger.files import Move, batch, camt, camt054, ccb, entry

ACCOUNT = "62010001"
_BOOKED = [
    Move(123456, "转移 张三", "6202", e2e="X-1", ref="B1"),
    Move(-3000, "手续费", "6303", other_name="收款方"),
    Move(7, "退汇", is_reversal=True, return_code="AC04"),
]
_MOVES = [*_BOOKED, Move(9, status="PDNG")]
_BATCH = batch([Move(100, "张三", e2e="E1"), Move(200, "李四")], "R1")
_BOC = exports.boc(ACCOUNT, _BOOKED)
SAMPLES: Mapping[str, tuple[bytes, FileKind]] = {
    **{f"camt.053.{version}": (camt(ACCOUNT, _MOVES, version=version), FileKind.XML) for version in ("02", "08", "13")},
    "batch": (camt(ACCOUNT, [Move(300)], entries=_BATCH), FileKind.XML),
    "camt.054": (camt054(ACCOUNT, entry(_MOVES[0]) + _BATCH), FileKind.XML),
    "utf-16": (camt(ACCOUNT, _MOVES).decode().replace("UTF-8", "UTF-16").encode("utf-16"), FileKind.XML),
    "ccb": (ccb(ACCOUNT, _BOOKED), FileKind.CSV),
    **{
        f"icbc.{variant}": (exports.text(exports.icbc(ACCOUNT, _BOOKED, variant=variant)), FileKind.CSV)
        for variant in ("columns", "two", "flag")
    },
    "boc": (exports.text(_BOC, encoding="utf-8-sig"), FileKind.CSV),
    "boc.utf-16": (exports.text(_BOC, encoding="utf-16", delimiter="\t"), FileKind.CSV),
    "rcb-jinan": (exports.text(exports.rcb_jinan(ACCOUNT, _BOOKED)), FileKind.CSV),
    "xlsx": (workbooks.xlsx(_BOC), FileKind.EXCEL),
    "xls": (workbooks.xls(_BOC), FileKind.EXCEL),
}


def damaged(content: bytes, count: int, random: Random) -> Iterator[bytes]:
    """``count`` copies cut off somewhere, and as many with one byte changed."""
    for _ in range(count):
        yield content[: random.randrange(len(content))]
    for _ in range(count):
        place = random.randrange(len(content))
        yield content[:place] + bytes([random.randrange(256)]) + content[place + 1 :]
