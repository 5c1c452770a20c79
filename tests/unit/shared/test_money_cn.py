import pytest
from hypothesis import given
from hypothesis import strategies as st

from shared.money_cn import AmountTooLarge, NotAnAmountInCharacters, parse_capital, to_capital


@pytest.mark.parametrize(
    ("fen", "text"),
    [
        (0, "零元整"),
        (35, "叁角伍分"),
        (5, "伍分"),
        (30, "叁角整"),
        (100, "壹元整"),
        (105, "壹元零伍分"),
        (1050, "壹拾元伍角整"),
        (100100, "壹仟零壹元整"),
        (1640902, "壹万陆仟肆佰零玖元零贰分"),
        (168032, "壹仟陆佰捌拾元叁角贰分"),
        (10700053, "壹拾万柒仟元伍角叁分"),
        (10000001, "壹拾万元零壹分"),
        (100000500, "壹佰万零伍元整"),
        (999999999, "玖佰玖拾玖万玖仟玖佰玖拾玖元玖角玖分"),
        (10000500000, "壹亿伍仟元整"),
        (10**14 - 1, "玖仟玖佰玖拾玖亿玖仟玖佰玖拾玖万玖仟玖佰玖拾玖元玖角玖分"),
    ],
)
def test_writes_the_canonical_form(fen: int, text: str) -> None:
    assert to_capital(fen) == text
    assert parse_capital(text) == fen


@pytest.mark.parametrize(
    ("text", "fen"),
    [
        ("人民币壹仟零壹圆正", 100100),
        ("壹仟陆佰捌拾元零叁角贰分", 168032),
        ("壹拾万零柒仟元零伍角叁分", 10700053),
        ("壹亿零伍仟元整", 10000500000),
        ("壹元贰角", 120),
        ("零元零角零分", 0),
        (" 叁角伍分 ", 35),
    ],
)
def test_reads_every_correct_spelling(text: str, fen: int) -> None:
    assert parse_capital(text) == fen


@pytest.mark.parametrize(
    "text",
    ["", "元整", "壹仟壹元整", "壹仟零零壹元整", "拾元整", "壹元", "壹元伍分", "伍分整", "一千元整", "壹元壹元整",
     "壹万万元整", "壹仟元整整", "亿", "玖" * 60, "壹亿亿亿元整"],
)  # fmt: skip
def test_refuses_incorrect_spellings(text: str) -> None:
    with pytest.raises(NotAnAmountInCharacters):
        parse_capital(text)


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
