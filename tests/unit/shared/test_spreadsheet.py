"""A spreadsheet shows what it is given and runs nothing of it; ages fall into brackets."""

import io
import itertools
import zipfile
from datetime import date

import pytest
from python_calamine import CalamineWorkbook

from shared.ages import AGE_BRACKETS, age_in_days, bracket_of
from shared.spreadsheet import Cell, Worksheet, Yuan, as_csv, write_xlsx

_EVIL = ('=HYPERLINK("http://x","y")', "+1+1", "-2+3", "@SUM(A1)", "\t=1", "＝1+1")


def written(sheet: Worksheet) -> bytes:
    content = io.BytesIO()
    write_xlsx(content, [sheet])
    return content.getvalue()


def test_text_that_looks_like_a_formula_is_text_in_both_forms() -> None:
    rows = [["附言"], *([text] for text in _EVIL)]
    lines = as_csv(rows).removeprefix("\ufeff").split("\r\n")
    assert all(line.lstrip('"').startswith("'") for line in lines[1 : len(_EVIL) + 1])
    content = written(Worksheet("附言", rows))
    with zipfile.ZipFile(io.BytesIO(content)) as parts:
        assert b"<f>" not in parts.read("xl/worksheets/sheet1.xml")
        assert not [name for name in parts.namelist() if "rels" in name and b"hyperlink" in parts.read(name)]
    read = CalamineWorkbook.from_filelike(io.BytesIO(content)).get_sheet_by_name("附言").to_python()
    assert [row[0] for row in read[1:]] == list(_EVIL)


def test_amounts_are_numbers_and_case_numbers_keep_every_character() -> None:
    rows: list[list[Cell]] = [
        ["编号", "金额", "日期", "笔数"],
        ["0012345678901234", Yuan(-123456789), date(2026, 2, 28), 3],
    ]
    content = written(Worksheet("对账", rows))
    read = CalamineWorkbook.from_filelike(io.BytesIO(content)).get_sheet_by_name("对账").to_python()
    assert read[1] == ["0012345678901234", -1234567.89, date(2026, 2, 28), 3.0]
    assert as_csv([[Yuan(-5), None, date(2026, 2, 28)]]) == "\ufeff-0.05,,2026-02-28\r\n"


@pytest.mark.parametrize(
    ("days", "code"), [(0, "d0_3"), (3, "d0_3"), (4, "d4_7"), (15, "d8_15"), (30, "d16_30"), (31, "d31")]
)
def test_every_age_has_its_bracket(days: int, code: str) -> None:
    assert bracket_of(days).code == code
    assert age_in_days(date(2026, 3, 1), date(2026, 2, 28)) == 0
    follows = [(one.last or 0) + 1 == other.first for one, other in itertools.pairwise(AGE_BRACKETS)]
    assert all(follows)
