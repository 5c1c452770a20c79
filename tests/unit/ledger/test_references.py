"""What a bank line says it is for."""

import re
from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ledger.domain.notes import NAME_WITHIN, WHOLE_NAME, name_runs
from ledger.domain.references import read_reference
from shared.case_number import new_case_number
from shared.person_name import normalise_name
from tests.unit.ledger.notes import OTHERS_NOTES, OWN_NOTES

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
    assert (reference.rlts_traf_id, reference.obligation_no, reference.case_count) == (case, obligation_no, count)


@pytest.mark.parametrize(
    ("end_to_end_id", "note", "noted"),
    [
        (None, f"{CASE}-2 张三", "2"),
        (None, f"{CASE.lower()}－901", "901"),
        (None, f"{CASE}-2-R3；{CASE} 张三", "2"),
        (f"{CASE}-1", f"{CASE}-2 张三", None),
        (None, f"{CASE}-1 {CASE}-2", None),
        (None, f"{CASE}-3月", None),
        (None, f"{CASE}-2026", None),
        (None, f"{CASE}-1 {OTHER}", None),
    ],
)
def test_a_note_may_write_the_obligations_number_behind_the_cases(
    end_to_end_id: str | None, note: str, noted: str | None
) -> None:
    assert read_reference(end_to_end_id, note).noted_no == noted


def names_another(note: str, person: str) -> bool:
    """As the matching asks it in SQL; the integration test sends the same notes through the database."""
    own = normalise_name(person)
    return any(
        re.search(WHOLE_NAME, run) or re.search(NAME_WITHIN, run.replace(own, " "))
        for run in name_runs(note)
        if run != own
    )


@pytest.mark.parametrize(("note", "person"), OWN_NOTES)
def test_ordinary_words_and_the_own_name_are_nobody_else(note: str, person: str) -> None:
    assert not names_another(note.format(case=CASE), person)


@pytest.mark.parametrize(("note", "person"), OTHERS_NOTES)
def test_another_name_is_found(note: str, person: str) -> None:
    assert names_another(note.format(case=CASE), person)


@given(st.text(max_size=300))
def test_runs_are_bounded(note: str) -> None:
    runs = name_runs(note)
    assert len(runs) <= 200
    assert all(2 <= len(run) <= 40 for run in runs)


@given(st.text(max_size=200))
def test_any_note_can_be_read(note: str) -> None:
    reference = read_reference(note, note)
    assert (reference.rlts_traf_id is not None) == (reference.case_count == 1)
