"""Annex 3's rules as a table: one slip each, with the row and box it must be reported at."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

import pytest

from shared.contracts.info_sheet import InfoSheet, SheetFinding
from shared.sheet_rules import SheetContext, check_sheet, errors_of

CASE = "ABCDEFGHJKMN2345"
MAN = "110105194912310011"
OLD_MAN = "110105491231001"


@dataclass(frozen=True)
class Area:
    name: str
    former_names: tuple[str, ...] = ()
    valid_from: date = date(2000, 1, 1)
    valid_to: date | None = None


AREAS = {
    "370100": Area("济南市医疗保险事业中心", ("济南市社会保险事业局",)),
    "371200": Area("莱芜市医疗保险事业处", valid_to=date(2018, 12, 31)),
    "320100": Area("南京市医疗保障管理中心"),
}


def context(**changes: Any) -> SheetContext:
    plain = SheetContext(
        rlts_traf_id=CASE,
        trafout_admdvs="370100",
        trafin_admdvs="320100",
        trafout_insutype="310",
        trafin_insutype="310",
        psn_name="张三",
        psn_cert_type="01",
        certno=MAN,
        accepted_on=date(2024, 5, 6),
        today=date(2024, 5, 10),
        area=AREAS.get,
    )
    return replace(plain, **changes)


def row(number: int, begin: str, end: str, months: int, **changes: Any) -> dict[str, Any]:
    plain = {
        "row_no": number,
        "accrym_begn": begin,
        "accrym_end": end,
        "row_type": "1",
        "months": months,
        "agency_name": "济南市医疗保险事业中心",
        "admdvs": "370100",
    }
    return plain | changes


def document() -> dict[str, Any]:
    return {
        "rlts_traf_id": CASE,
        "version": 1,
        "trafout_admdvs": "370100",
        "trafin_admdvs": "320100",
        "trafout_insutype": "310",
        "trafin_insutype": "310",
        "head": {"psn_name": "张三", "psn_cert_type": "01", "certno": MAN, "gend": "1"},
        "rows": [row(1, "202001", "202012", 12), row(2, "202103", "202404", 38)],
        "foot": {
            "acctfund_traf_amt_cn": "壹仟贰佰叁拾肆元伍角陆分",
            "acctfund_traf_amt": "1234.56",
            "opter_name": "李四",
            "tel": "0531-12345678",
            "agency_name": "济南市医疗保险事业中心",
            "issued_on": "2024-05-10",
        },
        "acct_disposition": "transfer",
        "has_account": True,
        "attachment": {"psn_no": "37010000000001"},
    }


def check(change: Callable[[dict[str, Any]], object], **context_changes: Any) -> list[SheetFinding]:
    sheet = document()
    change(sheet)
    return check_sheet(InfoSheet.model_validate(sheet), context(**context_changes))


def relation(**changes: Any) -> dict[str, Any]:
    plain = {
        "psn_insu_rlts_id": "r1",
        "insutype": "310",
        "psn_insu_stas": "2",
        "insu_admdvs": "370102",
        "crt_insu_date": "2020-01-01",
    }
    return plain | changes


def test_finds_nothing_on_a_right_sheet() -> None:
    assert check(lambda sheet: None) == []


def set_rows(*rows: dict[str, Any]) -> Callable[[dict[str, Any]], object]:
    return lambda sheet: sheet.update(rows=list(rows))


def set_head(**changes: Any) -> Callable[[dict[str, Any]], object]:
    return lambda sheet: sheet["head"].update(changes)


def set_foot(**changes: Any) -> Callable[[dict[str, Any]], object]:
    return lambda sheet: sheet["foot"].update(changes)


def set_sheet(**changes: Any) -> Callable[[dict[str, Any]], object]:
    return lambda sheet: sheet.update(changes)


LAIWU = {"admdvs": "371200", "agency_name": "莱芜市医疗保险事业处"}

SLIPS = [
    ("no row", set_rows(), [("E01", None)]),
    ("numbered from 2", set_rows(row(2, "202001", "202012", 12)), [("E02", 1)]),
    ("a number twice", set_rows(row(1, "202001", "202012", 12), row(1, "202103", "202104", 2)), [("E02", 2)]),
    ("not in time order", set_rows(row(1, "202103", "202104", 2), row(2, "202001", "202012", 12)), [("E03", 2)]),
    ("end before start", set_rows(row(1, "202012", "202001", 12)), [("E04", 1)]),
    ("employee's future month", set_rows(row(1, "202401", "202406", 6)), [("E05", 1)]),
    ("hidden break", set_rows(row(1, "202001", "202012", 11)), [("E06", 1)]),
    ("too many months", set_rows(row(1, "202001", "202012", 13)), [("E07", 1)]),
    ("type unknown", set_rows(row(1, "202001", "202012", 12, row_type="4")), [("E08", 1)]),
    ("other without memo", set_rows(row(1, "202001", "202012", 12, row_type="3")), [("E09", 1)]),
    ("other with a blank memo", set_rows(row(1, "202001", "202012", 12, row_type="3", memo=" ")), [("E09", 1)]),
    ("code never registered", set_rows(row(1, "202001", "202012", 12, admdvs="370199")), [("E10", 1)]),
    ("code abolished before the period", set_rows(row(1, "201812", "201901", 2, **LAIWU)), [("E10", 1)]),
    ("latest row with a strange name", set_rows(row(1, "202001", "202012", 12, agency_name="某某处")), [("E11", 1)]),
    (
        "two months in two rows",
        set_rows(row(1, "202001", "202012", 12), row(2, "202011", "202102", 4)),
        [("E12", 2)],
    ),
    (
        "a row inside an earlier one",
        set_rows(row(1, "201901", "202012", 24), row(2, "201903", "201904", 2), row(3, "202005", "202006", 2)),
        [("E12", 2), ("E12", 3)],
    ),
    ("characters of another amount", set_foot(acctfund_traf_amt_cn="壹仟贰佰叁拾肆元伍角柒分"), [("E13", None)]),
    ("no characters", set_foot(acctfund_traf_amt_cn="abc"), [("E13", None)]),
    ("an amount without account", set_sheet(has_account=False), [("E14", None)]),
    ("negative", set_foot(acctfund_traf_amt="-1.00"), [("E15", None)]),
    ("nobody answers", set_foot(opter_name=" "), [("E16", None)]),
    ("no phone", set_foot(tel=""), [("E17", None)]),
    ("dated before acceptance", set_foot(issued_on="2024-05-05"), [("E18", None)]),
    ("dated tomorrow", set_foot(issued_on="2024-05-11"), [("E19", None)]),
    ("gender against the card", set_head(gend="2"), [("E20", None)]),
    ("check digit", set_head(certno="110105194912310019"), [("E22", None), ("E21", None)]),
    ("another person's name", set_head(psn_name="张四"), [("E22", None)]),
    ("another case", set_sheet(rlts_traf_id="ABCDEFGHJKMN2346"), [("E24", None)]),
    ("another inbound area", set_sheet(trafin_admdvs="110100"), [("E24", None)]),
    ("foot names another agency", set_foot(agency_name="济南市社会保险事业局"), [("E25", None)]),
    ("an amount that stays", set_sheet(acct_disposition="refunded_to_person"), [("E26", None)]),
]


@pytest.mark.parametrize(("change", "expected"), [slip[1:] for slip in SLIPS], ids=[slip[0] for slip in SLIPS])
def test_reports_every_slip_with_its_row(
    change: Callable[[dict[str, Any]], object], expected: list[tuple[str, int | None]]
) -> None:
    found = check(change)
    assert [(finding.code, finding.row) for finding in found] == expected
    assert all(not finding.is_warning and finding.message and finding.box for finding in found)


def test_reports_all_slips_at_once() -> None:
    def spoil(sheet: dict[str, Any]) -> None:
        set_head(gend="2")(sheet)
        set_rows(row(2, "202001", "202012", 11), row(2, "202103", "202404", 39))(sheet)
        set_foot(tel="", acctfund_traf_amt="-0.01")(sheet)

    assert [finding.code for finding in check(spoil)] == ["E20", "E02", "E06", "E07", "E15", "E17"]


RIGHT = [
    ("residents pay ahead", set_rows(row(1, "202401", "202412", 12, row_type="2"))),
    ("code valid in that period", set_rows(row(1, "201801", "201812", 12, **LAIWU), row(2, "202001", "202012", 12))),
    ("two types at once", set_rows(row(1, "202301", "202312", 12, row_type="2"), row(2, "202303", "202305", 3))),
    ("old characters", set_foot(acctfund_traf_amt_cn="人民币壹仟贰佰叁拾肆圆伍角陆分")),
    ("gender not stated", set_head(gend="9")),
    ("name spaced and dotted otherwise", set_head(psn_name="张 三")),
]


@pytest.mark.parametrize("change", [right[1] for right in RIGHT], ids=[right[0] for right in RIGHT])
def test_accepts_what_is_right(change: Callable[[dict[str, Any]], object]) -> None:
    assert check(change) == []


WARNINGS = [
    ("in hospital", set_sheet(attachment={"psn_no": "1", "relations": [relation(is_in_hospital=True)]}), "W01", None),
    ("claims", set_sheet(attachment={"psn_no": "1", "relations": [relation(has_unsettled_claims=True)]}), "W02", None),
    ("arrears", set_sheet(attachment={"psn_no": "1", "relations": [relation(has_arrears=True)]}), "W03", None),
    ("one month twice", set_rows(row(1, "202001", "202012", 12), row(2, "202012", "202102", 3)), "W04", 2),
    ("needless split", set_rows(row(1, "202001", "202012", 12), row(2, "202101", "202102", 2)), "W05", 2),
    (
        "an older row's name",
        set_rows(row(1, "202001", "202012", 12, agency_name="某某处"), row(2, "202103", "202104", 2)),
        "W07",
        1,
    ),
    ("a former name", set_rows(row(1, "202001", "202012", 12, agency_name="济南市社会保险事业局")), "W07", 1),
    ("15 digits", set_head(certno=OLD_MAN), "W08", None),
]


@pytest.mark.parametrize(("change", "code", "place"), [w[1:] for w in WARNINGS], ids=[w[0] for w in WARNINGS])
def test_only_warns(change: Callable[[dict[str, Any]], object], code: str, place: int | None) -> None:
    found = check(change)
    assert [(finding.code, finding.row, finding.is_warning) for finding in found] == [(code, place, True)]
    assert errors_of(found) == []


def test_warns_when_the_frozen_balance_is_not_the_drafted_amount() -> None:
    assert [finding.code for finding in check(lambda sheet: None, drafted_amount=123455)] == ["W06"]


def test_a_region_makes_a_warning_block() -> None:
    in_hospital = set_sheet(attachment={"psn_no": "1", "relations": [relation(is_in_hospital=True)]})
    found = check(in_hospital, blocking_warnings=frozenset({"W01"}))
    assert [finding.code for finding in errors_of(found)] == ["W01"]


def test_arrears_of_another_scheme_do_not_matter() -> None:
    other = set_sheet(attachment={"psn_no": "1", "relations": [relation(insutype="390", has_arrears=True)]})
    assert check(other) == []
