"""What a bank line says it is for."""

from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ledger.domain.references import names_in, read_reference
from shared.case_number import new_case_number

CASE, OTHER = (new_case_number(Random(seed)) for seed in (1, 2))


@pytest.mark.parametrize(
    ("end_to_end_id", "note", "case", "obligation_no", "count"),
    [
        (f"{CASE}-1", None, CASE, "1", 1),
        (f"{CASE}-2", f"{CASE} 张三", CASE, "2", 1),
        (None, f"医保转移{CASE}张三", CASE, None, 1),
        (None, f"{CASE.lower()}", CASE, None, 1),
        (CASE, None, CASE, None, 1),
        (f"{CASE}-1", OTHER, None, None, 2),
        (None, f"{CASE},{OTHER}", None, None, 2),
        (None, f"{CASE} {CASE}", CASE, None, 1),
        (None, CASE[:-1] + ("2" if CASE[-1] != "2" else "3"), None, None, 0),
        (None, f"{CASE[:8]} {CASE[8:]}", None, None, 0),
        (None, "", None, None, 0),
        (None, None, None, None, 0),
    ],
)
def test_exactly_one_valid_case_number_is_a_reference(
    end_to_end_id: str | None, note: str | None, case: str | None, obligation_no: str | None, count: int
) -> None:
    reference = read_reference(end_to_end_id, note)
    assert (reference.rlts_traf_id, reference.obligation_no, reference.count) == (case, obligation_no, count)


@pytest.mark.parametrize(
    ("note", "names"),
    [
        (f"{CASE} 张三", ("张三",)),
        (f"{CASE}张三", ("张三",)),
        (f"张三医保个人账户转移{CASE}", ("张三",)),
        (f"{CASE}-1", ()),
        (f"北京市医疗保障局 {CASE}", ()),
        (f"职工医保关系转移接续资金 {CASE}", ()),
        (f"{CASE} 李四 张三", ("张三", "李四")),
        (f"{CASE} 阿依古丽•买买提", ("阿依古丽·买买提",)),
        ("Ｓｍｉｔｈ CNY", ("SMITH",)),
        ("", ()),
    ],
)
def test_names_are_what_is_neither_number_filler_nor_office(note: str, names: tuple[str, ...]) -> None:
    assert names_in(note) == names


@given(st.text(max_size=200))
def test_any_note_can_be_read(note: str) -> None:
    reference = read_reference(note, note)
    assert (reference.rlts_traf_id is not None) == (reference.count == 1)
