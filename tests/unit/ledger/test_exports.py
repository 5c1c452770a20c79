"""Every shipped mapping in its variants, as CSV and as Excel; and files that are not what they are called."""

import io
import zipfile
from collections.abc import Sequence
from datetime import datetime, timedelta

import pytest
import xlsxwriter

from ledger.domain.statement import Line, StatementDoesNotAddUp, StatementHead, StatementRefused
from ledger.parsers.errors import BadLine, NotAStatement
from ledger.parsers.file_kind import FileKind
from ledger.parsers.forms import detect_form, footer_rows
from ledger.parsers.mapping import shipped_mappings
from ledger.parsers.statement_file import open_statement_file
from tests.unit.ledger import exports, workbooks
from tests.unit.ledger.files import DAY, RCB_HEADER, Move, camt, ccb

ACCOUNT = "6201000100010001234"
NEXT = DAY + timedelta(days=1)
MOVES = [Move(123456, "转移款", "6202", ref="R1"), Move(-50, "手续费", "6303"), Move(700, "款", "6202", on=NEXT)]
ICBC = {variant: exports.icbc(ACCOUNT, MOVES, variant=variant, opening=1000) for variant in ("columns", "two", "flag")}
BOC = exports.boc(ACCOUNT, MOVES, opening=1000)
JINAN = exports.rcb_jinan(ACCOUNT, MOVES, opening=1000)


def read(
    content: bytes, kind: FileKind = FileKind.CSV, *, bankacct: str | None = ACCOUNT
) -> tuple[str, StatementHead, list[Line]]:
    opened = open_statement_file(io.BytesIO(content), kind, bankacct=bankacct)
    return opened.form, opened.heads[0], [line for _, line in opened.lines()]


def _require_read(form: str, head: StatementHead, lines: Sequence[Line], expected: str) -> None:
    assert form == expected
    assert (head.bankacct, head.opening_fen, head.closing_fen) == (ACCOUNT, 1000, 125106)
    assert (head.period_from, head.period_to) == (DAY, NEXT)
    assert [line.signed_fen for line in lines] == [123456, -50, 700]
    assert {line.counterparty_name for line in lines} == {"某医保中心"}
    assert "转移款" in (lines[0].note or "")


@pytest.mark.parametrize(
    ("rows", "form"),
    [(ICBC["columns"], "icbc"), (ICBC["two"], "icbc"), (ICBC["flag"], "icbc"), (BOC, "boc"), (JINAN, "rcb-jinan")],
)
@pytest.mark.parametrize("way", ["gb18030", "utf-8-sig", "utf-16", "tabs", "xlsx", "xls"])
def test_reads_every_form_however_it_is_written(rows: exports.Table, form: str, way: str) -> None:
    if way in ("xlsx", "xls"):
        content = workbooks.xlsx(rows) if way == "xlsx" else workbooks.xls(rows)
        _require_read(*read(content, FileKind.EXCEL), f"excel.{form}")
    elif way == "tabs":
        # 工行 pads account numbers by tabs, and no bank does so where tabs separate.
        bare = [[cell.strip() for cell in row] for row in rows]
        _require_read(*read(exports.text(bare, delimiter="\t")), f"csv.{form}")
    else:
        _require_read(*read(exports.text(rows, encoding=way)), f"csv.{form}")


@pytest.mark.parametrize("encoding", ["utf-16", "utf-8-sig", "gb18030"])
def test_boc_tells_the_account_and_the_other_party_by_direction(encoding: str) -> None:
    form, head, lines = read(exports.text(BOC, encoding=encoding, delimiter="\t"), bankacct=None)
    _require_read(form, head, lines, "csv.boc")
    assert [line.counterparty_acct for line in lines] == ["6202", "6303", "6202"]
    assert lines[0].bank_ref == "R1"


@pytest.mark.parametrize("changed", [exports.boc(ACCOUNT, MOVES, count=4), [*BOC[:-1]]])
def test_the_banks_own_sums_show_that_a_row_is_missing(changed: exports.Table) -> None:
    with pytest.raises(StatementDoesNotAddUp):
        read(exports.text(changed))


def test_of_endless_footers_the_last_are_looked_at() -> None:
    content = exports.text([BOC[0], *BOC[2:], *[["#"]] * 3000, ["合计", "总笔数", "4"]])
    form = detect_form(io.BytesIO(content), FileKind.CSV, shipped_mappings().values())
    assert len(footer_rows(form)) == 1000
    with pytest.raises(StatementDoesNotAddUp, match="合计为 4 笔"):
        read(content)


def test_newest_first_comes_out_the_same() -> None:
    rows = [*ICBC["two"][:2], *reversed(ICBC["two"][2:])]
    _, head, lines = read(exports.text(rows))
    assert (head.opening_fen, head.closing_fen, head.is_newest_first) == (1000, 125106, True)
    assert [line.signed_fen for line in lines] == [700, -50, 123456]


def test_account_has_to_be_told_where_the_file_does_not() -> None:
    with pytest.raises(StatementRefused) as refused:
        read(exports.text(ICBC["columns"]), bankacct=None)
    assert refused.value.code == "statement-account-missing"
    with pytest.raises(StatementRefused) as differs:
        read(exports.text(ICBC["two"]), bankacct="62999")
    assert differs.value.code == "statement-several-accounts"


@pytest.mark.parametrize(
    ("old", "new", "told"),
    [
        ("往账", "来账", "第 7 行的金额正负与借贷标志不符"),
        ("往账", "转账", "第 7 行的借贷标志无法识别"),
        ("20260303", "20260332", "第 8 行的日期无法识别"),
        ("-0.50", "", "第 7 行没有金额"),
    ],
)
def test_names_the_row_and_what_is_wrong(old: str, new: str, told: str) -> None:
    rows = [[cell.replace(old, new) if row_no > 4 else cell for cell in row] for row_no, row in enumerate(BOC)]
    for content, kind in ((exports.text(rows), FileKind.CSV), (workbooks.xls(rows), FileKind.EXCEL)):
        with pytest.raises(BadLine) as refused:
            read(content, kind)
        assert refused.value.message == told
        assert refused.value.errors[0].pointer == f"/rows/{told[2]}"


def test_numbers_and_dates_of_cells_are_read_as_the_bank_meant_them() -> None:
    row: list[str | float] = ["2026-03-02", "某户", 0.1 + 0.2, "", 1234.3, 62010001, "CNY", "6202", "", "", 17]
    table: list[list[str | float]] = [[*RCB_HEADER.split(",")], row]
    for content in (workbooks.xlsx([["说明"]], table), workbooks.xls(table)):
        _, head, [line] = read(content, FileKind.EXCEL, bankacct=None)
        assert (head.bankacct, line.amount_fen, line.balance_fen, line.bank_ref) == ("62010001", 30, 123430, "17")


@pytest.mark.parametrize("is_merged", [False, True])
def test_dates_formulas_and_merged_cells_of_a_real_workbook(*, is_merged: bool) -> None:
    content = io.BytesIO()
    with xlsxwriter.Workbook(content, {"in_memory": True}) as book:
        sheet, day = book.add_worksheet("明细"), book.add_format({"num_format": 'yyyy"年"m"月"d"日"'})
        sheet.merge_range(0, 0, 0, 5, "对公账户交易明细")
        sheet.write_row(1, 0, RCB_HEADER.split(","))
        for row, (yuan, balance) in enumerate(((100.1, 100.1), (50, 150.1)), start=2):
            if row == 2 or not is_merged:
                sheet.write_datetime(row, 0, datetime(2026, 3, 2, 10, 20, 30), day)  # noqa: DTZ001  # as cells are
            sheet.write_row(row, 1, ["某户", yuan])
            sheet.write_formula(row, 4, f"=SUM(C$3:C{row + 1})", None, balance)
            sheet.write_row(row, 5, [ACCOUNT, "CNY"])
        if is_merged:
            sheet.merge_range(2, 0, 3, 0, "2026-03-02")
    if is_merged:
        # Only the first cell of a merged range holds anything: whose day the other rows are nobody says.
        with pytest.raises(BadLine, match="第 4 行的日期"):
            read(content.getvalue(), FileKind.EXCEL)
        return
    _, head, lines = read(content.getvalue(), FileKind.EXCEL)
    assert (head.opening_fen, head.closing_fen, head.period_from) == (0, 15010, DAY)
    assert [(line.entry_no, line.signed_fen) for line in lines] == [(3, 10010), (4, 5000)]


def test_only_sheets_that_a_person_sees_are_read_and_none_is_lost() -> None:
    other = exports.boc(ACCOUNT, MOVES[:1])
    _require_read(*read(workbooks.xlsx(other, [["说明"]], BOC, hidden=(1,)), FileKind.EXCEL), "excel.boc")
    for sheets, code in (
        ((BOC, other), "statement-several-sheets"),
        ([BOC, *[[["说明"]]] * 20], "statement-not-readable"),
    ):
        with pytest.raises(StatementRefused) as refused:
            read(workbooks.xlsx(*sheets), FileKind.EXCEL)
        assert refused.value.code == code
    with pytest.raises(StatementRefused, match="表头"):
        read(workbooks.xlsx(other, [["说明"]], hidden=(1,)), FileKind.EXCEL)


@pytest.mark.parametrize("yuan", [12345678901.23, 987654321098.76, 4999999999999.99, 0.07 * 3])
def test_large_amounts_of_cells_are_exact(yuan: float) -> None:
    row: list[str | float] = ["2026-03-02", "某户", yuan, "", yuan, "6201", "CNY", "", "", "", ""]
    _, head, _ = read(workbooks.xlsx([RCB_HEADER.split(","), row]), FileKind.EXCEL, bankacct=None)
    assert head.closing_fen == round(yuan * 100)


@pytest.mark.parametrize("number", [6201000100010001234.0, 6201000100010001.0])
def test_account_that_excel_has_rounded_is_no_account(number: float) -> None:
    row: list[str | float] = ["2026-03-02", "某户", 1, "", 1, number, "CNY", "", "", "", ""]
    with pytest.raises(BadLine, match="缺少账号"):
        read(workbooks.xlsx([RCB_HEADER.split(","), row]), FileKind.EXCEL, bankacct=None)


HTML = "<html><table><tr><td>交易日期</td></tr></table></html>".encode("gb18030")
ZIP = io.BytesIO()
with zipfile.ZipFile(ZIP, "w") as archive:
    archive.writestr("a.csv", "1")
SHEET_2003 = b'<?xml version="1.0"?><Workbook xmlns="urn:schemas-microsoft-com:office:spreadsheet"/>'


@pytest.mark.parametrize(
    ("content", "kind", "told"),
    [
        (workbooks.xls(BOC), FileKind.CSV, "实际是 Excel 97–2003 工作簿（XLS）"),
        (workbooks.xlsx(BOC), FileKind.CSV, "实际是 Excel 工作簿（XLSX）"),
        (HTML, FileKind.EXCEL, "实际是网页（HTML）"),
        (HTML, FileKind.CSV, "实际是网页（HTML）"),
        (SHEET_2003, FileKind.EXCEL, "实际是 Excel 2003 的 XML 表格"),
        (ccb(ACCOUNT, MOVES), FileKind.EXCEL, "实际是文本（CSV）"),
        (camt(ACCOUNT, MOVES), FileKind.CSV, "实际是 XML 文件"),
        (camt(ACCOUNT, MOVES), FileKind.EXCEL, "实际是 XML 文件"),
        (exports.text(BOC, encoding="utf-16"), FileKind.EXCEL, "实际是文本（CSV）"),
        (workbooks.xls(BOC), FileKind.XML, "实际是 Excel 97–2003 工作簿（XLS）"),
        (b"%PDF-1.7", FileKind.EXCEL, "实际是 PDF 文件"),
        (b"MIME-Version: 1.0\r\nContent-Type: multipart/related", FileKind.EXCEL, "实际是网页（MHTML）"),
        (b":20:START\r\n:25:6201\r\n", FileKind.CSV, "实际是 SWIFT 报文"),
        (ZIP.getvalue(), FileKind.EXCEL, "不是可以读取的 Excel"),
        (workbooks.xlsx(BOC)[:-100], FileKind.EXCEL, "不是可以读取的 Excel"),
        (workbooks.xls(BOC)[:700], FileKind.EXCEL, "Excel"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\xff" * 3000, FileKind.EXCEL, "Excel"),
    ],
)
def test_names_a_file_for_what_it_is(content: bytes, kind: FileKind, told: str) -> None:
    with pytest.raises(NotAStatement) as refused:
        read(content, kind)
    assert told in refused.value.message


def test_workbook_that_asks_for_all_memory_is_refused_and_does_no_harm() -> None:
    far = '<row r="1048576"><c r="XFD1048576"><v>1</v></c></row>'
    content = workbooks.xlsx([["a"]], extra=far)
    with pytest.raises(NotAStatement) as refused:
        read(content, FileKind.EXCEL)
    assert refused.value.code == "statement-too-large"
