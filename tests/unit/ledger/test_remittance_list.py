"""The list of people that one payment is for: every row that cannot be read is named, and nothing is guessed."""

import io
from random import Random

import pytest

from ledger.parsers.errors import NotAStatement, WrongEncoding
from ledger.parsers.file_kind import FileKind
from ledger.parsers.remittance_list import RemittanceListInvalid, read_list
from shared.case_number import new_case_number
from tests.unit.ledger.workbooks import xls

CASE = new_case_number(Random(5))
HEAD = "办件编号,姓名,金额\n"


def read(text: str, encoding: str = "utf-8") -> list[tuple[int, str, str, int, str | None]]:
    rows = read_list(io.BytesIO(text.encode(encoding)), FileKind.CSV)
    return [(row.row_no, row.rlts_traf_id, row.psn_name, row.amount_fen, row.obligation_no) for row in rows]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030"])
def test_rows_are_read_whatever_stands_around_them(encoding: str) -> None:
    text = (
        f'某市划转清单\n\n序号,金额,姓名, 办件编号 ,应付编号\n1,"1,234.56",李　四,{CASE.lower()},901\n\n合计,1234.56\n'
    )
    assert read(text, encoding) == [(4, CASE, "李 四", 123456, "901")]


def test_workbooks_are_read_alike() -> None:
    book = xls([["rlts_traf_id", "psn_name", "amount"], [CASE, "张三", 12.5]])
    [row] = read_list(io.BytesIO(book), FileKind.EXCEL)
    assert (row.row_no, row.amount_fen, row.obligation_no) == (2, 1250, None)


@pytest.mark.parametrize(
    ("row", "message"),
    [
        (f"{CASE[:-1]},张三,1.00", "办件编号不正确"),
        (f"{CASE},,1.00", "缺少姓名"),
        (f"{CASE},张三,1.001", "金额无法识别"),
        (f"{CASE},张三,", "金额无法识别"),
        (f"{CASE},张三,0.00", "大于零"),
        (f"{CASE},张三,-1.00", "大于零"),
        (f"{CASE}", "缺少姓名"),
    ],
)
def test_what_is_wrong_is_named_by_row(row: str, message: str) -> None:
    with pytest.raises(RemittanceListInvalid) as refused:
        read(f"{HEAD}{CASE},张三,1.00\n{row}\n")
    assert [(error.pointer, message in error.message) for error in refused.value.errors] == [("/rows/3", True)]


def test_other_files_are_refused_for_what_they_are() -> None:
    with pytest.raises(RemittanceListInvalid, match="表头"):
        read("编号,金额\n1,2\n")
    with pytest.raises(RemittanceListInvalid, match="没有数据行"):
        read(HEAD)
    with pytest.raises(RemittanceListInvalid, match="5000"):
        read(HEAD + f"{CASE},张三,1.00\n" * 5001)
    with pytest.raises(NotAStatement):
        read_list(io.BytesIO(b"%PDF-1.4"), FileKind.CSV)
    with pytest.raises(WrongEncoding):
        read_list(io.BytesIO(b"\xff\xfe\x00\x00\x81\x00"), FileKind.CSV)
