"""Where a sheet differs, and which code that proposes."""

from typing import Any

import pytest

from inbound.domain.differences import compare
from shared.agency.known_person import HeldRecord
from shared.contracts.codes import AcctDisposition
from shared.contracts.info_sheet import SheetFinding
from tests.people import contribution, relation
from tests.unit.inbound.builders import held, info_sheet, sheet_foot, sheet_row

NO_MONEY = {
    "acct_disposition": "none",
    "foot": sheet_foot(acctfund_traf_amt="0.00", acctfund_traf_amt_cn="零元整"),
    "attachment": {"psn_no": "B1"},
}


def codes(changes: dict[str, Any], own: HeldRecord | None, disposition: str = "transfer") -> list[tuple[str, str]]:
    found = compare(info_sheet(**changes), [], own, AcctDisposition(disposition))
    return [(each.code, each.proposal.value) for each in found]


@pytest.mark.parametrize(
    ("changes", "own", "disposition", "expected"),
    [
        ({}, held(), "transfer", []),
        ({}, None, "transfer", [("D01", "S06")]),
        ({}, held(psn_name="韩梅梅"), "transfer", [("D02", "S04")]),
        ({}, held(gend="2"), "transfer", [("D03", "S04")]),
        ({}, held(gend="9"), "transfer", []),
        ({}, held(), "none", [("D04", "S05")]),
        ({"attachment": {"psn_no": "B1", "account": {"balc": "1234.57"}}}, held(), "transfer", [("D05", "S05")]),
        ({"attachment": {"psn_no": "B1"}}, held(), "transfer", []),
        ({}, held(relations=[relation(has_account=False)]), "transfer", [("D06", "S05")]),
        (NO_MONEY, held(relations=[relation(has_account=False)]), "none", []),
    ],
)
def test_head_and_amount(
    changes: dict[str, Any], own: HeldRecord | None, disposition: str, expected: list[tuple[str, str]]
) -> None:
    assert codes(changes, own, disposition) == expected


@pytest.mark.parametrize(
    ("row", "own", "shared_months"),
    [
        (sheet_row(), [contribution("202001", "202012")], None),
        (sheet_row(), [contribution("201912", "202012")], None),
        (sheet_row(), [contribution("201911", "202012")], 2),
        (sheet_row(), [contribution("201911", "202012", insutype="390")], None),
        (sheet_row(), [contribution("201911", "202012", revs_flag=True)], None),
        (sheet_row(admdvs="370100"), [contribution("201501", "202012")], None),
        (sheet_row(row_type="2"), [contribution("201911", "202012", insutype="390")], 2),
        (sheet_row(), [contribution("201501", "201501"), contribution("201912", "201912")], 2),
    ],
)
def test_rows_may_share_one_month_with_our_own(
    row: dict[str, Any], own: list[dict[str, Any]], shared_months: int | None
) -> None:
    found = compare(info_sheet(rows=[row]), [], held(contributions=own), AcctDisposition.TRANSFER)
    if shared_months is None:
        assert found == []
        return
    [difference] = found
    assert (difference.code, difference.row, difference.proposal) == ("D07", 1, "S01")
    assert f"{shared_months}个月" in difference.message


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
    [difference] = compare(info_sheet(), [finding], held(), AcctDisposition.TRANSFER)
    assert (difference.code, difference.row, difference.proposal) == (finding.code, finding.row, proposal)
    assert difference.is_error


def test_warning_of_the_sheet_is_no_difference() -> None:
    warning = SheetFinding(code="W05", row=1, box="accrym_begn", message="-", is_warning=True)
    assert compare(info_sheet(), [warning], held(), AcctDisposition.TRANSFER) == []
