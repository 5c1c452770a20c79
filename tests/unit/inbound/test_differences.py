"""Where a sheet differs, and which code that proposes."""

from typing import Any

import pytest

from inbound.domain.differences import compare
from shared.agency.known_person import HeldRecord, TakenOver
from shared.contracts.codes import AcctDisposition
from shared.contracts.info_sheet import SheetFinding, SheetRow
from tests.people import contribution, person_record, relation
from tests.unit.inbound.builders import CASE, IN_AREA, OUT_AREA, held, info_sheet, sheet_foot, sheet_row

NO_MONEY = {
    "acct_disposition": "none",
    "foot": sheet_foot(acctfund_traf_amt="0.00", acctfund_traf_amt_cn="零元整"),
    "attachment": {"psn_no": "B1"},
}


RULES: dict[str, Any] = {"paid_flags": frozenset({"1"}), "area_of": lambda code: {"370102": IN_AREA}.get(code, code)}
"""历下 (370102) is a county of 济南's."""


def codes(changes: dict[str, Any], own: HeldRecord | None, disposition: str = "transfer") -> list[tuple[str, str]]:
    found = compare(info_sheet(**changes), [], own, AcctDisposition(disposition), **RULES)
    return [(each.code, each.proposal.value) for each in found]


def account(balc: str, **changes: Any) -> dict[str, Any]:
    return {"attachment": {"psn_no": "B1", "account": {"balc": balc}}} | changes


def taken_over(case: str, **changes: Any) -> TakenOver:
    return TakenOver(case, SheetRow.model_validate(sheet_row(**changes)))


@pytest.mark.law("N9-1")
@pytest.mark.parametrize(
    ("changes", "own", "disposition", "expected"),
    [
        ({}, held(), "transfer", []),
        ({}, None, "transfer", [("D01", "S06")]),
        ({}, held(psn_name="韩梅梅"), "transfer", [("D02", "S04")]),
        ({}, held(gend="2"), "transfer", [("D03", "S04")]),
        ({}, held(gend="9"), "transfer", []),
        ({}, held(), "none", [("D04", "S05")]),
        (account("1234.57"), held(), "transfer", [("D05", "S05")]),
        (account("0.00", version=2), held(), "transfer", []),
        (account("1234.57", version=2), held(), "transfer", [("D05", "S05")]),
        ({"attachment": {"psn_no": "B1", "brdy": "1990-03-08"}}, held(), "transfer", [("D08", "S04")]),
        ({"attachment": {"psn_no": "B1", "brdy": "1990-03-07"}}, held(), "transfer", []),
        ({"attachment": {"psn_no": "B1", "brdy": "1990-03-08"}}, held(brdy=None), "transfer", []),
        ({}, held(psn_cert_type="08", certno="E1234567"), "transfer", [("D09", "S04")]),
        ({"attachment": {"psn_no": "B1"}}, held(), "transfer", []),
        ({}, held(relations=[relation(has_account=False)]), "transfer", [("D06", "S05")]),
        (NO_MONEY, held(relations=[relation(has_account=False)]), "none", []),
    ],
)
def test_head_and_amount(
    changes: dict[str, Any], own: HeldRecord | None, disposition: str, expected: list[tuple[str, str]]
) -> None:
    assert codes(changes, own, disposition) == expected


@pytest.mark.law("N5", "N9-1")
@pytest.mark.parametrize(
    ("row", "own", "shared_months"),
    [
        (sheet_row(), [contribution("202001", "202012")], None),
        (sheet_row(), [contribution("201912", "202012")], None),
        (sheet_row(), [contribution("201911", "202012")], 2),
        (sheet_row(), [contribution("201911", "202012", insutype="390")], None),
        (sheet_row(), [contribution("201911", "202012", revs_flag=True)], None),
        (sheet_row(), [contribution("201911", "202012", clct_flag="0")], None),
        (sheet_row(), [contribution("201501", "201912", poolarea_no=OUT_AREA)], None),
        (sheet_row(row_type="3", memo="离休"), [contribution("201501", "201912", insutype="399")], None),
        (sheet_row(admdvs="370100"), [contribution("201501", "202012")], None),
        (sheet_row(admdvs="370100"), [contribution("201501", "202012", poolarea_no="370102")], None),
        (sheet_row(), [contribution("201911", "202012", poolarea_no="370102")], 2),
        (sheet_row(row_type="2"), [contribution("201911", "202012", insutype="390")], 2),
        (sheet_row(), [contribution("201501", "201501"), contribution("201912", "201912")], 2),
    ],
)
def test_rows_may_share_one_month_with_our_own(
    row: dict[str, Any], own: list[dict[str, Any]], shared_months: int | None
) -> None:
    found = compare(info_sheet(rows=[row]), [], held(contributions=own), AcctDisposition.TRANSFER, **RULES)
    if shared_months is None:
        assert found == []
        return
    [difference] = found
    assert (difference.code, difference.row, difference.proposal) == ("D07", 1, "S01")
    assert f"{shared_months}个月" in difference.message


@pytest.mark.law("N5", "N9-1")
@pytest.mark.parametrize(
    ("periods", "expected"),
    [
        ([], []),
        ([taken_over("TR1", admdvs=OUT_AREA)], []),
        ([taken_over("TR1", admdvs="310000")], ["D10"]),
        ([taken_over("TR1", admdvs="310000", accrym_begn="201001", accrym_end="201501")], []),
        ([taken_over("TR1", admdvs="310000", accrym_begn="201001", accrym_end="201502")], ["D10"]),
        ([taken_over("TR1", admdvs="310000", row_type="2")], []),
        ([taken_over(CASE, admdvs="310000")], []),
        ([taken_over("TR1", admdvs=IN_AREA)], []),
    ],
)
def test_months_that_an_earlier_transfer_brought_do_not_count_twice(
    periods: list[TakenOver], expected: list[str]
) -> None:
    own = HeldRecord(IN_AREA, person_record(), tuple(periods))
    found = compare(info_sheet(), [], own, AcctDisposition.TRANSFER, **RULES)
    assert [each.code for each in found] == expected


@pytest.mark.law("N9-1")
def test_own_months_that_come_back_must_be_in_our_records() -> None:
    own = held(contributions=[contribution("201501", "201906")])
    [found] = compare(info_sheet(rows=[sheet_row(admdvs=IN_AREA)]), [], own, AcctDisposition.TRANSFER, **RULES)
    assert (found.code, found.row, found.box, found.proposal) == ("D11", 1, "accrym_begn", "S01")
    assert "6个月" in found.message
    assert found.articles == ("N9",)


def test_says_both_values_and_the_article() -> None:
    [found] = compare(info_sheet(), [], held(psn_name="韩梅梅"), AcctDisposition.TRANSFER, **RULES)
    assert (found.stated, found.held, found.articles) == ("李雷", "韩梅梅", ("N9",))


@pytest.mark.parametrize(
    ("finding", "proposal"),
    [
        (SheetFinding(code="E06", row=2, box="months", message="-"), "S01"),
        (SheetFinding(code="E01", box="rows", message="-"), "S01"),
        (SheetFinding(code="E22", box="certno", message="-"), "S04"),
        (SheetFinding(code="E24", box="rlts_traf_id", message="-"), "S03"),
        (SheetFinding(code="E13", box="acctfund_traf_amt_cn", message="-"), "S05"),
        (SheetFinding(code="E17", box="tel", message="-"), "S06"),
    ],
)
def test_error_of_the_sheet_is_a_difference_that_only_a_return_settles(finding: SheetFinding, proposal: str) -> None:
    [difference] = compare(info_sheet(), [finding], held(), AcctDisposition.TRANSFER, **RULES)
    assert (difference.code, difference.row, difference.proposal) == (finding.code, finding.row, proposal)
    assert difference.is_error


def test_warning_of_the_sheet_is_no_difference() -> None:
    warning = SheetFinding(code="W05", row=1, box="accrym_begn", message="-", is_warning=True)
    assert compare(info_sheet(), [warning], held(), AcctDisposition.TRANSFER, **RULES) == []
