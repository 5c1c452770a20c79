from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shared.case_number import (
    InvalidCaseNumber,
    end_to_end_id,
    find_broken_in,
    find_in,
    is_valid,
    new_case_number,
    normalise,
    parse_end_to_end_id,
)

NUMBER = new_case_number(Random(7))


@given(st.randoms(use_true_random=False))
def test_new_numbers_are_valid_and_fit_a_bank_note(random: Random) -> None:
    number = new_case_number(random)
    assert is_valid(number)
    assert len(end_to_end_id(number, "999")) <= 35
    assert parse_end_to_end_id(end_to_end_id(number, "2")) == (number, "2")
    assert end_to_end_id(number, "2", 3) == f"{number}-2-R3"
    assert parse_end_to_end_id(end_to_end_id(number, "999", 999)) == (number, "999")
    assert len(end_to_end_id(number, "999", 999)) <= 35


@given(st.integers(0, 15), st.sampled_from("23456789ABCDEFGHJKLMNPQRSTUVWXYZ"))
def test_a_single_mistyped_character_is_noticed(position: int, character: str) -> None:
    typed = NUMBER[:position] + character + NUMBER[position + 1 :]
    assert is_valid(typed) == (typed == NUMBER)
    assert not is_valid(f"{typed}\n")


def test_reads_a_number_however_it_was_typed() -> None:
    assert normalise(f" {NUMBER[:4]}-{NUMBER[4:8]} {NUMBER[8:]} ".lower()) == NUMBER
    with pytest.raises(InvalidCaseNumber):
        normalise("ABCDEFGH23456789"[:15])


@pytest.mark.parametrize(
    ("note", "count"),
    [
        (f"医保转移{NUMBER}张三", 1),
        (f"{NUMBER.lower()}", 1),
        (f"{NUMBER} {NUMBER}", 1),
        (f"{NUMBER} {new_case_number(Random(8))}", 2),
        (f"X{NUMBER}", 0),
        ("", 0),
        ("医保个人账户转移 12345678", 0),
    ],
)
def test_finds_numbers_in_bank_notes(note: str, count: int) -> None:
    assert len(find_in(note)) == count


@pytest.mark.parametrize(
    ("note", "count"),
    [
        (f"医保转移{NUMBER[:8]} {NUMBER[8:]}张三", 1),
        (f"BEPS {NUMBER[:4]}-{NUMBER[4:8]}-{NUMBER[8:12]}-{NUMBER[12:]} REF".lower(), 1),
        (" ".join(NUMBER), 1),
        (f"{NUMBER[:8]}\n{NUMBER[8:]}", 1),
        (f"{NUMBER[:8]} {NUMBER[8:]}2", 0),
        (NUMBER, 0),
        ("K " * 250, 0),
    ],
)
def test_a_broken_number_is_put_together_as_a_hint(note: str, count: int) -> None:
    assert (NUMBER in find_broken_in(note)) is bool(count)
    assert not count or not find_in(note)


@pytest.mark.parametrize("text", ["NOTPROVIDED", "", NUMBER, f"{NUMBER}-", f"{NUMBER}-12345", f"A{NUMBER}-1"])
def test_other_references_are_not_ours(text: str) -> None:
    assert parse_end_to_end_id(text) is None
