"""大写: written in one form, read in every correct one; the amounts and their spellings stand in a table."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shared.money import parse_yuan
from shared.money_cn import AmountTooLarge, NotAnAmountInCharacters, parse_capital, to_capital
from tests.case_tables import Case, each_line, read_cases

_COLUMNS = ("case", "figures", "written", "also right", "wrong", "articles")
CASES = read_cases("capital_amounts.txt", _COLUMNS, {"figures": parse_yuan})


def spellings(cell: str) -> list[str]:
    return [each.strip() for each in cell.split(";") if each.strip()]


@pytest.mark.parametrize("case", each_line(CASES))
def test_writes_one_form_and_reads_it_back(case: Case) -> None:
    fen = parse_yuan(case["figures"])
    assert to_capital(fen) == case["written"]
    assert parse_capital(case["written"]) == fen


@pytest.mark.parametrize("case", each_line(CASES))
def test_reads_every_correct_spelling(case: Case) -> None:
    fen = parse_yuan(case["figures"])
    assert {text: parse_capital(text) for text in spellings(case["also right"])} == dict.fromkeys(
        spellings(case["also right"]), fen
    )


@pytest.mark.parametrize("case", each_line(CASES))
def test_takes_no_wrong_spelling_for_the_amount(case: Case) -> None:
    fen = parse_yuan(case["figures"])
    for text in spellings(case["wrong"]):
        try:
            assert parse_capital(text) != fen, text
        except NotAnAmountInCharacters:
            continue


def test_reads_over_blanks_around_the_amount_but_not_inside() -> None:
    assert parse_capital(" 叁角伍分 ") == 35
    with pytest.raises(NotAnAmountInCharacters):
        parse_capital("叁角 伍分")


@pytest.mark.parametrize(
    "text",
    ["", "元整", "元", "整", "abc", "1234.56", "¥壹元整", "壹元壹元整", "壹万万元整", "壹仟元整整", "亿",
     "玖" * 60, "壹亿亿亿元整", "人民币", "人民币人民币壹元整", "负壹元整", "壹元整伍分"],
)  # fmt: skip
def test_refuses_what_writes_no_amount(text: str) -> None:
    with pytest.raises(NotAnAmountInCharacters):
        parse_capital(text)


def test_writes_beyond_what_the_table_holds() -> None:
    assert to_capital(10**14 - 1) == "玖仟玖佰玖拾玖亿玖仟玖佰玖拾玖万玖仟玖佰玖拾玖元玖角玖分"


@pytest.mark.parametrize("fen", [-1, 10**14])
def test_refuses_amounts_no_document_carries(fen: int) -> None:
    with pytest.raises(AmountTooLarge):
        to_capital(fen)


@given(st.integers(0, 10**14 - 1))
def test_reads_back_whatever_it_writes(fen: int) -> None:
    assert parse_capital(to_capital(fen)) == fen


@given(st.text(alphabet="零壹贰叁肆伍陆柒捌玖拾佰仟万亿元圆角分整正人民币", max_size=20))
def test_never_fails_otherwise_than_by_saying_so(text: str) -> None:
    try:
        fen = parse_capital(text)
    except NotAnAmountInCharacters:
        return
    assert 0 <= fen < 10**14
