"""Annex 3's rules as a table: a sheet, and everything that is found in it with row and box."""

import json
from contextlib import suppress
from functools import reduce
from operator import getitem
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from shared.contracts.info_sheet import InfoSheet, SheetFinding
from shared.money_cn import MAX_FEN
from shared.sheet_rules import FINDINGS, cannot_be_written, check_document, check_sheet, errors_of, unreadable_findings
from tests.case_tables import Case, each_line, like, read_cases
from tests.unit.shared.sheet_rules.notation import context, document, info_sheet, parts, write_findings

CASES = read_cases(
    "sheet_checks.txt",
    ("case", "rows", "otherwise", "findings", "articles"),
    {
        "rows": document,
        "otherwise": lambda cell: (document("", cell), context(cell)),
        "findings": like(r"-|[EW]\d\d@\S+(; ?[EW]\d\d@\S+)*"),
    },
)
_FOUND_BY_OTHERS = {"E23", "E27", "E28"}
"""By who verifies a seal and by who builds a sheet."""


def findings_of(case: Case) -> list[SheetFinding]:
    written = document(case["rows"], case["otherwise"])
    sheet, found = check_document(written, context(case["otherwise"]))
    if sheet is not None:
        assert sheet == InfoSheet.model_validate_json(json.dumps(written))
    return found


@pytest.mark.parametrize("case", each_line(CASES))
def test_finds_everything_with_row_and_box(case: Case) -> None:
    found = findings_of(case)
    assert write_findings(found) == parts(case["findings"])
    assert all(finding.message for finding in found)
    if found:
        articles = {article for finding in found for article in finding.articles or ("design",)}
        assert articles == set(parts(case["articles"]))


_BOXES = st.sampled_from(
    [("head",), ("head", "gend"), ("rows",), ("rows", 1, "accrym_begn"), ("rows", 1, "months"),
     ("rows", 0, "tel"), ("foot", "issued_on"), ("foot", "certno"), ("foot",), ("attachment", "psn_no"), ("version",),
     ("trafin_admdvs",), ("anything",)]
)  # fmt: skip
_JUNK: st.SearchStrategy[Any] = st.sampled_from([None, "", "x" * 300, -1, [], {}, [{}], {"psn_no": 1}])


@given(st.lists(st.tuples(_BOXES, _JUNK), min_size=1, max_size=4))
def test_whatever_stands_in_a_box_the_others_are_checked(changes: list[tuple[tuple[Any, ...], Any]]) -> None:
    written = document("202001-202012 1 11 JN; 202103-202104 1 2 JN")
    written["foot"]["tel"] = ""
    for (*way, last), junk in changes:
        # Where an earlier change took the place away there is nothing to change.
        with suppress(KeyError, IndexError, TypeError):
            reduce(getitem, way, written)[last] = junk
    sheet, found = check_document(written, context())
    assert sheet is None or found == check_sheet(sheet, context())
    assert len(found) == len({(each.code, each.row, each.box, each.message) for each in found})
    if not any(path == ("foot",) for path, _ in changes):
        assert "E17@tel" in write_findings(found)


def test_the_table_has_a_line_for_every_finding() -> None:
    tried = {finding.partition("@")[0] for case in CASES for finding in parts(case["findings"])}
    assert tried == set(FINDINGS) - _FOUND_BY_OTHERS


def test_errors_stop_a_sheet_and_warnings_do_not() -> None:
    for case in CASES:
        if "case.blocking_warnings" not in case["otherwise"]:
            found = findings_of(case)
            assert [each.code for each in errors_of(found)] == [each.code for each in found if each.code[0] == "E"]


def test_a_region_makes_a_warning_block() -> None:
    in_hospital = "relation.is_in_hospital=true"
    found = check_sheet(info_sheet(otherwise=in_hospital), context(blocking_warnings=frozenset({"W01"})))
    assert [finding.code for finding in errors_of(found)] == ["W01"]


def test_says_with_which_row_a_row_overlaps_and_by_how_much() -> None:
    rows = "202001-202012 1 12 JN; 202011-202102 1 4 JN"
    [found] = check_sheet(info_sheet(rows), context())
    assert "第1行" in found.message
    assert "2个月" in found.message


def test_too_many_rows_are_one_finding() -> None:
    written = document()
    written["rows"] = written["rows"] * 101
    with pytest.raises(ValidationError) as refused:
        InfoSheet.model_validate(written)
    assert write_findings(unreadable_findings(refused.value)) == ["E27@rows"]


def test_never_repeats_what_stood_in_an_unreadable_box() -> None:
    with pytest.raises(ValidationError) as refused:
        InfoSheet.model_validate(document(otherwise="foot.issued_on=张三; head.gend=110105194912310011"))
    assert not any("张三" in each.message or "1949" in each.message for each in unreadable_findings(refused.value))


def test_an_amount_beyond_what_capitals_can_write_is_found_before_a_sheet_is_built() -> None:
    assert write_findings(cannot_be_written([], MAX_FEN)) == []
    assert write_findings(cannot_be_written([], MAX_FEN + 1)) == ["E28@acctfund_traf_amt"]
