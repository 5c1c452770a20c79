"""Rows from contribution records: breaks, jobs, areas, schemes; whatever the records, the rows hold."""

import json
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from shared.contracts.facts import Contribution
from shared.contracts.info_sheet import InfoSheet, SheetRow
from shared.months import month_at, month_index, month_set
from shared.sheet_rules import Drafted, DraftRules, check_sheet, draft_rows, errors_of
from tests.case_tables import Case, each_line, read_cases
from tests.unit.shared.sheet_rules.areas import CODES, NAMES, REGISTRY
from tests.unit.shared.sheet_rules.notation import (
    TODAY,
    context,
    document,
    parts,
    read_records,
    write_findings,
    write_row,
)

CASES = read_cases("sheet_drafts.txt", ("case", "records", "rows", "left out", "articles"), {"records": read_records})
THIS_MONTH = "202405"


def draft(records: list[Contribution], rules: DraftRules | None = None) -> Drafted:
    return draft_rows(records, admdvs="370100", areas=REGISTRY, today=TODAY, rules=rules or DraftRules())


def sheet_of(rows: tuple[SheetRow, ...], records: list[Contribution]) -> InfoSheet:
    written = document()
    written["rows"] = [row.model_dump() for row in rows]
    written["attachment"]["contributions"] = [record.model_dump(mode="json") for record in records]
    return InfoSheet.model_validate_json(json.dumps(written))


@pytest.mark.parametrize("case", each_line(CASES))
def test_drafts_rows_from_records(case: Case) -> None:
    records = read_records(case["records"])
    drafted = draft(records)
    assert [write_row(row) for row in drafted.rows] == parts(case["rows"])
    assert [f"{each.rid} {each.omission}" for each in drafted.left_out] == parts(case["left out"])
    assert all(row.agency_name == NAMES[row.admdvs] for row in drafted.rows)
    if drafted.rows:
        assert errors_of(check_sheet(sheet_of(drafted.rows, records), context())) == []


def test_names_the_records_behind_each_row() -> None:
    records = read_records("310 202001-202003; 310 202003-202006; 390 202001-202012; 310 202101-202101 reversed")
    assert [(each.row_no, each.rids) for each in draft(records).sources] == [(1, ("1", "2")), (2, ("3",))]


def test_takes_the_paid_flags_from_configuration() -> None:
    records = [record.model_copy(update={"clct_flag": "03"}) for record in read_records("310 202001-202001")]
    assert draft(records).rows == ()
    assert len(draft(records, DraftRules(paid_flags=frozenset({"03"}))).rows) == 1


def test_drafts_sixty_rows() -> None:
    months = range(month_index("201001"), month_index("201001") + 120, 2)
    records = [record(month, month) for month in months]
    drafted = draft(records)
    assert [row.row_no for row in drafted.rows] == list(range(1, 61))
    assert check_sheet(sheet_of(drafted.rows, records), context()) == []


def record(begin: int, end: int, **changes: Any) -> Contribution:
    plain = {"rid": f"{begin}-{end}", "insutype": "310", "cashym": month_at(end)}
    return Contribution.model_validate(plain | {"accrym_begn": month_at(begin), "accrym_end": month_at(end)} | changes)


@st.composite
def contributions(draw: st.DrawFn) -> Contribution:
    begin = draw(st.integers(month_index("200501"), month_index("202712")))
    end = min(begin + draw(st.integers(0, 14)), month_index("202712"))
    return record(
        begin,
        end,
        insutype=draw(st.sampled_from(["310", "390", "392", "399", "510"])),
        clct_flag=draw(st.sampled_from(["1", "1", "1", "0"])),
        revs_flag=draw(st.sampled_from([False, False, True])),
        poolarea_no=draw(st.sampled_from([None, "370102", *CODES.values()])),
    )


@pytest.mark.law("N annex 3", "N5")
@settings(max_examples=50)
@given(st.lists(contributions(), min_size=1, max_size=25))
def test_a_sheet_made_from_records_always_passes_the_check_of_its_rows(records: list[Contribution]) -> None:
    rows = draft(records).rows
    found = check_sheet(sheet_of(rows, records), context())
    assert write_findings(found) == ([] if rows else ["E01@rows"])


@pytest.mark.law("N annex 3", "N12")
@settings(max_examples=50)
@given(st.lists(contributions(), max_size=25))
def test_merging_never_changes_the_months(records: list[Contribution]) -> None:
    paid: dict[str, int] = {"1": 0, "2": 0, "3": 0}
    for each in records:
        if each.clct_flag == "1" and not each.revs_flag and each.insutype != "510":
            row_type = {"310": "1", "390": "2"}.get(each.insutype, "3")
            end = min(each.accrym_end, THIS_MONTH) if row_type == "1" else each.accrym_end
            paid[row_type] |= month_set(each.accrym_begn, end)
    rows = draft(records).rows
    assert months_by_type(rows) == paid
    counted = {kind: sum(row.months for row in rows if row.row_type == kind) for kind in paid}
    assert counted == {kind: months.bit_count() for kind, months in paid.items()}


def months_by_type(rows: tuple[SheetRow, ...]) -> dict[str, int]:
    months = {"1": 0, "2": 0, "3": 0}
    for row in rows:
        months[row.row_type] |= month_set(row.accrym_begn, row.accrym_end)
    return months


@settings(max_examples=50)
@given(st.lists(contributions(), max_size=15), st.randoms(use_true_random=False))
def test_neither_the_order_of_records_nor_their_pieces_change_the_months(
    records: list[Contribution], random: Any
) -> None:
    pieces = [piece for each in records for piece in in_months(each)]
    random.shuffle(pieces)
    assert months_by_type(draft(pieces).rows) == months_by_type(draft(records).rows)


def in_months(whole: Contribution) -> list[Contribution]:
    months = range(month_index(whole.accrym_begn), month_index(whole.accrym_end) + 1)
    return [
        whole.model_copy(
            update={"rid": f"{whole.rid}/{month}", "accrym_begn": month_at(month), "accrym_end": month_at(month)}
        )
        for month in months
    ]


@settings(max_examples=50)
@given(st.lists(contributions(), max_size=15))
def test_every_record_is_behind_a_row_or_left_out_with_its_reason(records: list[Contribution]) -> None:
    numbered = [each.model_copy(update={"rid": str(number)}) for number, each in enumerate(records)]
    drafted = draft(numbered)
    behind = {rid for source in drafted.sources for rid in source.rids}
    left_out = [each.rid for each in drafted.left_out]
    assert len(left_out) == len(set(left_out))
    assert behind | set(left_out) == {each.rid for each in numbered}
    assert behind & set(left_out) == set()
