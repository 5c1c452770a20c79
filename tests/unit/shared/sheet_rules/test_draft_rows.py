"""Rows from contribution records: breaks, jobs, areas, schemes; whatever the records, the rows hold."""

from dataclasses import dataclass
from datetime import date
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from shared.contracts.facts import Contribution
from shared.contracts.info_sheet import InfoSheet, SheetRow
from shared.months import month_at, month_index
from shared.sheet_rules import DraftRules, SheetContext, check_sheet, draft_rows, errors_of

NAMES = {"370100": "济南市医疗保险事业中心", "370200": "青岛市医疗保险中心", "320100": "南京市医疗保障管理中心"}
TODAY = date(2024, 5, 10)


@dataclass(frozen=True)
class Area:
    name: str
    former_names: tuple[str, ...] = ()
    valid_from: date = date(1999, 1, 1)
    valid_to: date | None = None


def paid(begin: str, end: str, **changes: Any) -> Contribution:
    plain = {"rid": "1", "insutype": "310", "cashym": end, "accrym_begn": begin, "accrym_end": end}
    return Contribution.model_validate(plain | changes)


def draft(*contributions: Contribution, rules: DraftRules | None = None) -> tuple[SheetRow, ...]:
    return draft_rows(
        contributions, admdvs="370100", agency_names=NAMES, this_month="202405", rules=rules or DraftRules()
    )


def shape(rows: tuple[SheetRow, ...]) -> list[tuple[int, str, str, str, int, str]]:
    return [(row.row_no, row.accrym_begn, row.accrym_end, row.row_type, row.months, row.admdvs) for row in rows]


def test_joins_months_and_splits_at_a_break() -> None:
    rows = draft(paid("202001", "202003"), paid("202004", "202004"), paid("202006", "202007"))
    assert shape(rows) == [(1, "202001", "202004", "1", 4, "370100"), (2, "202006", "202007", "1", 2, "370100")]


def test_counts_a_month_of_two_employers_once() -> None:
    rows = draft(paid("202001", "202006", emp_no="A"), paid("202006", "202008", emp_no="B"))
    assert shape(rows) == [(1, "202001", "202008", "1", 8, "370100")]


def test_begins_a_row_for_each_area_and_counts_a_month_of_two_areas_once() -> None:
    rows = draft(paid("202001", "202006", poolarea_no="370200"), paid("202005", "202008"))
    assert shape(rows) == [(1, "202001", "202006", "1", 6, "370200"), (2, "202007", "202008", "1", 2, "370100")]


def test_leaves_out_reversed_and_unpaid_months() -> None:
    rows = draft(
        paid("202001", "202003"), paid("202004", "202004", revs_flag=True), paid("202005", "202005", clct_flag="0")
    )
    assert shape(rows) == [(1, "202001", "202003", "1", 3, "370100")]


def test_takes_the_paid_flags_from_configuration() -> None:
    rules = DraftRules(paid_flags=frozenset({"03"}))
    assert shape(draft(paid("202001", "202001"), paid("202002", "202002", clct_flag="03"), rules=rules)) == [
        (1, "202002", "202002", "1", 1, "370100")
    ]


def test_draws_residents_years_together_even_ahead_of_time() -> None:
    rows = draft(paid("202301", "202312", insutype="390"), paid("202401", "202412", insutype="390"))
    assert shape(rows) == [(1, "202301", "202412", "2", 24, "370100")]


def test_does_not_draft_an_employees_month_that_has_not_come() -> None:
    assert shape(draft(paid("202404", "202407"))) == [(1, "202404", "202405", "1", 2, "370100")]


def test_drafts_other_schemes_as_type_3_with_a_memo() -> None:
    rows = draft(paid("200801", "200812", insutype="392"), paid("201001", "201001", insutype="399"))
    assert [(row.row_type, row.memo) for row in rows] == [("3", "新型农村合作医疗"), ("3", "险种代码399")]


def test_never_drafts_what_is_no_basic_medical_insurance() -> None:
    assert draft(paid("202001", "202012", insutype="510"), paid("202001", "202012", insutype="320")) == ()


def test_sorts_rows_of_several_types_by_time() -> None:
    rows = draft(paid("202301", "202303"), paid("202201", "202212", insutype="390"), paid("202001", "202002"))
    assert [row.accrym_begn for row in rows] == ["202001", "202201", "202301"]
    assert [row.row_no for row in rows] == [1, 2, 3]


months = st.integers(month_index("200501"), month_index("202712"))


@st.composite
def contributions(draw: st.DrawFn) -> Contribution:
    begin = draw(months)
    end = min(begin + draw(st.integers(0, 14)), month_index("202712"))
    return paid(
        month_at(begin),
        month_at(end),
        insutype=draw(st.sampled_from(["310", "390", "392", "399", "510"])),
        clct_flag=draw(st.sampled_from(["1", "1", "1", "0"])),
        revs_flag=draw(st.sampled_from([False, False, True])),
        poolarea_no=draw(st.sampled_from([None, *NAMES])),
    )


@given(st.lists(contributions(), min_size=1, max_size=25))
def test_drafted_rows_always_pass_the_check(records: list[Contribution]) -> None:
    rows = draft(*records)
    sheet = InfoSheet.model_validate(
        {
            "rlts_traf_id": "ABCDEFGHJKMN2345",
            "version": 1,
            "trafout_admdvs": "370100",
            "trafin_admdvs": "320100",
            "trafout_insutype": "310",
            "trafin_insutype": "310",
            "head": {"psn_name": "张三", "psn_cert_type": "99", "certno": "1", "gend": "9"},
            "rows": [row.model_dump() for row in rows],
            "foot": {
                "acctfund_traf_amt_cn": "零元整",
                "acctfund_traf_amt": 0,
                "opter_name": "李四",
                "tel": "0531-12345678",
                "agency_name": NAMES["370100"],
                "issued_on": TODAY,
            },
            "acct_disposition": "none",
            "has_account": False,
            "attachment": {"psn_no": "1"},
        }
    )
    context = SheetContext(
        rlts_traf_id=sheet.rlts_traf_id,
        trafout_admdvs="370100",
        trafin_admdvs="320100",
        trafout_insutype="310",
        trafin_insutype="310",
        psn_name="张三",
        psn_cert_type="99",
        certno="1",
        accepted_on=TODAY,
        today=TODAY,
        area=lambda code: Area(NAMES[code]) if code in NAMES else None,
    )
    found = check_sheet(sheet, context)
    if rows:
        assert found == []
    else:
        assert [finding.code for finding in errors_of(found)] == ["E01"]


@given(st.lists(contributions(), max_size=25))
def test_month_totals_equal_the_set_union(records: list[Contribution]) -> None:
    union: dict[str, set[int]] = {"1": set(), "2": set(), "3": set()}
    for record in records:
        if record.clct_flag != "1" or record.revs_flag or record.insutype == "510":
            continue
        row_type = {"310": "1", "390": "2"}.get(record.insutype, "3")
        last = month_index("202405") if row_type == "1" else month_index("209912")
        span = range(month_index(record.accrym_begn), month_index(record.accrym_end) + 1)
        union[row_type] |= {month for month in span if month <= last}
    rows = draft(*records)
    totals = {kind: sum(row.months for row in rows if row.row_type == kind) for kind in union}
    assert totals == {kind: len(months_paid) for kind, months_paid in union.items()}
