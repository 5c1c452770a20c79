"""Amounts and days as banks write them, and what must not be taken for one."""

from datetime import date

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ledger.parsers.amounts import (
    clean_account,
    clean_cell,
    clean_cells,
    read_date,
    read_fen,
    read_iso_date,
    read_plain_fen,
)


@pytest.mark.parametrize(
    ("text", "fen"),
    [
        ("1,234.56", 123456),
        ("1,234,567.8", 123456780),
        ("+5", 500),
        ("-0.5", -50),
        ("0.00", 0),
        ("1.10000", 110),
        ("90071992547409.93", 9007199254740993),
        ("9999999999999999.00", None),
        ("9007199254740.99", 900719925474099),
        ("12,50", None),
        ("1,2,3", None),
        ("1234,567.00", None),
        (",123", None),
        ("1.005", None),
        ("1e3", None),
        ("0x10", None),
        ("１２", None),
        ("--1", None),
        ("", None),
    ],
)
def test_amounts_are_exact_or_refused(text: str, fen: int | None) -> None:
    if fen is not None:
        assert read_fen(text) == fen
        return
    with pytest.raises(ValueError, match=r"amount|places"):
        read_fen(text)


def test_xml_has_no_thousands() -> None:
    with pytest.raises(ValueError, match="amount"):
        read_plain_fen("1,234.56")


@pytest.mark.parametrize(
    ("text", "day"),
    [
        ("20260302", date(2026, 3, 2)),
        ("2026-03-02", date(2026, 3, 2)),
        ("2026/3/2", date(2026, 3, 2)),
        ("2026年3月2日", date(2026, 3, 2)),
        ("20260302 10:20:30", date(2026, 3, 2)),
        ("20260302102030", date(2026, 3, 2)),
        ("2026-03-02 10:20", date(2026, 3, 2)),
        ("202613", None),
        ("2026112", None),
        ("20260230", None),
        ("02/03/2026", None),
        ("0001-01-01", None),
        ("99991231", None),
        ("", None),
    ],
)
def test_days_are_certain_or_refused(text: str, day: date | None) -> None:
    if day is not None:
        assert read_date(text) == day
        return
    with pytest.raises(ValueError, match=r"date|day|month"):
        read_date(text)


@pytest.mark.parametrize(
    ("text", "day"),
    [
        ("2026-03-02", date(2026, 3, 2)),
        ("2026-03-02+08:00", date(2026, 3, 2)),
        ("2026-03-02T23:59:59", date(2026, 3, 2)),
        ("2026-03-02T15:59:59Z", date(2026, 3, 2)),
        ("2026-03-02T16:00:00Z", date(2026, 3, 3)),
        ("2026-03-02T23:30:00+08:00", date(2026, 3, 2)),
    ],
)
def test_an_instant_falls_on_its_day_in_shanghai(text: str, day: date) -> None:
    assert read_iso_date(text) == day


@pytest.mark.parametrize("text", ["0001-01-01", "0001-01-01T00:00:00+08:00", "9999-12-31T23:00:00Z"])
def test_a_day_that_nothing_falls_on_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match="day"):
        read_iso_date(text)


def test_cells_lose_padding_and_width() -> None:
    assert clean_cell('\t="６２０１ "\t') == "6201"
    assert clean_cell("（收入）") == "(收入)"
    assert clean_account('="6201-0001\t0002"') == "620100010002"
    assert clean_account("62\x0001") == "6201"


@settings(max_examples=200, deadline=None)
@given(
    st.lists(
        st.text('甲á\u0301ｅ￥９（＝=" \t\u3000\x1f\x00 .a', max_size=6) | st.text(max_size=4), min_size=1, max_size=5
    )
)
def test_cells_are_cleaned_together_as_each_by_itself(cells: list[str]) -> None:
    assert clean_cells(cells) == [clean_cell(cell) for cell in cells]
