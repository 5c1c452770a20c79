"""Files that are broken, cut off, wrongly encoded, of mixed currency or out of balance: where, and why."""

import csv
import io
from datetime import date

import pytest

from ledger.domain.statement import StatementHead, StatementRefused, Totals, require_past
from ledger.parsers.file_kind import FileKind
from ledger.parsers.statement_file import open_statement_file
from tests.unit.ledger import exports
from tests.unit.ledger.files import CCB_HEADER, DAY, RCB_HEADER, Move, camt, ccb, document, entry
from tests.unit.ledger.workbooks import xls

ACCOUNT = "62010001"
MOVES = [Move(100, "甲"), Move(-30, "乙"), Move(7, "丙")]
XML, CSV = camt(ACCOUNT, MOVES), ccb(ACCOUNT, MOVES)
MIXED = camt(ACCOUNT, MOVES, entries=entry(MOVES[0]) + entry(MOVES[1], currency="USD") + entry(MOVES[2]))
BOC = exports.boc(ACCOUNT, MOVES)
DOLLARS = [[cell if number != 6 else cell.replace("CNY", "USD") for cell in row] for number, row in enumerate(BOC)]
UNTOLD = [row for number, row in enumerate(exports.rcb_jinan(ACCOUNT, MOVES)) if number != 3]
CUT_CSV = "\r\n".join(CSV.decode("gb18030").split("\r\n")[:-1])[:-40].encode("gb18030")
LONG = exports.text([RCB_HEADER.split(","), *(["#"] for _ in range(1998)), []])
OTHERS = exports.text([[cell.replace(ACCOUNT, "629") for cell in row] if number == 4 else row
                       for number, row in enumerate(csv.reader(io.StringIO(CSV.decode("gb18030"))))])  # fmt: skip
TWICE = document(XML.decode().partition("</GrpHdr>")[2].partition("</BkToCstmrStmt>")[0] * 2)
HUGE = camt(ACCOUNT, [Move(10**15 - 1)] * 200)


@pytest.mark.parametrize(
    ("content", "kind", "code", "pointer", "told"),
    [
        (XML[:-60], FileKind.XML, "statement-xml-broken", None, "第 1 行"),
        (XML[: XML.index(b"<Ntry>") + 40], FileKind.XML, "statement-xml-broken", None, "第 1 行"),
        (XML.replace(b">1.00<", b">1.01<"), FileKind.XML, "statement-does-not-add-up", "/closing_balance", "0.01"),
        (MIXED, FileKind.XML, "statement-currency-not-cny", "/lines/2", "第 2 笔"),
        (HUGE, FileKind.XML, "statement-line-invalid", None, "期末余额"),
        (XML.replace(b"2026-03-02</Dt></BookgDt>", b"2026-03-32</Dt></BookgDt>", 1), FileKind.XML,
         "statement-line-invalid", "/lines/1", "日期无法识别"),
        (XML.replace("甲".encode(), b"\xff\xfe"), FileKind.XML, "statement-xml-broken", None, "编码（第 1 行"),
        (XML.decode().encode("gb18030"), FileKind.XML, "statement-xml-broken", None, "不是文件声明的编码"),
        (CUT_CSV, FileKind.CSV, "statement-line-invalid", "/rows/6", "第 6 行"),
        (CSV + "甲".encode("gb18030")[:1], FileKind.CSV, "statement-encoding", "/rows/7", "第 7 行"),
        (CSV.replace("丙".encode("gb18030"), b"\xff"), FileKind.CSV, "statement-encoding", "/rows/6", "第 6 行"),
        (LONG + b"\xff", FileKind.CSV, "statement-encoding", "/rows/2000", "第 2000 行"),
        (OTHERS, FileKind.CSV, "statement-several-accounts", "/rows/5", "第 5 行"),
        (XML.replace(b"BOOK", b"OPEN", 1), FileKind.XML, "statement-line-invalid", "/lines/1", "状态"),
        (XML.replace(b"<Sts>BOOK</Sts>", b"", 1), FileKind.XML, "statement-line-invalid", "/lines/1", "状态"),
        (XML.replace(b"02</Dt></BookgDt>", b"03</Dt></BookgDt>", 1), FileKind.XML, "statement-line-outside-period",
         "/lines/1", "第 1 笔的记账日期 2026-03-03"),
        (TWICE, FileKind.XML, "statement-overlaps", "/statements/1", "同一天"),
        (exports.text(DOLLARS), FileKind.CSV, "statement-currency-not-cny", "/rows/7", "第 7 行"),
        (exports.text(UNTOLD), FileKind.CSV, "statement-does-not-add-up", "/rows/4", "第 4 行"),
        (xls(UNTOLD), FileKind.EXCEL, "statement-does-not-add-up", "/rows/4", "第 4 行"),
        (exports.text(BOC[:5]), FileKind.CSV, "statement-empty", None, "没有明细"),
        (CCB_HEADER.encode("gb18030"), FileKind.CSV, "statement-empty", None, "没有流水的日期不必导入"),
        (b"", FileKind.CSV, "statement-empty", None, "文件是空的"),
        (b"\xef\xbb\xbf\r\n,,,\r\n \t" + b"\n" * 9000, FileKind.CSV, "statement-empty", None, "文件是空的"),
        ("\n\n".encode("utf-16"), FileKind.CSV, "statement-empty", None, "文件是空的"),
        (b" \n", FileKind.XML, "statement-empty", None, "文件是空的"),
        (b"", FileKind.EXCEL, "statement-empty", None, "文件是空的"),
    ],
)  # fmt: skip
def test_says_what_is_wrong_and_where(
    content: bytes, kind: FileKind, code: str, pointer: str | None, told: str
) -> None:
    with pytest.raises(StatementRefused) as refused:
        open_statement_file(io.BytesIO(content), kind)
    assert refused.value.code == code
    assert [error.pointer for error in refused.value.errors] == ([] if pointer is None else [pointer])
    assert told in refused.value.message
    assert not any(name in refused.value.message for name in ("甲", "乙", "丙"))


@pytest.mark.parametrize(("today", "is_taken"), [(DAY, True), (date(2026, 3, 1), False)])
def test_days_to_come_are_not_told_yet(today: date, *, is_taken: bool) -> None:
    head = StatementHead(ACCOUNT, "1", "CNY", DAY, DAY, 0, 0, Totals())
    if is_taken:
        require_past(head, today)
        return
    with pytest.raises(StatementRefused) as refused:
        require_past(head, today)
    assert refused.value.code == "statement-future-dated"


@pytest.mark.parametrize(
    ("content", "kind", "place"), [(XML, FileKind.XML, "/lines/1"), (CSV, FileKind.CSV, "/rows/4")]
)
def test_the_line_of_a_day_to_come_is_named(content: bytes, kind: FileKind, place: str) -> None:
    [head] = open_statement_file(io.BytesIO(content), kind).heads
    with pytest.raises(StatementRefused) as refused:
        require_past(head, date(2026, 3, 1))
    assert [error.pointer for error in refused.value.errors] == [place]
