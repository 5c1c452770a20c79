"""试算 of an 信息表: the rules of real cases on what the caller names; nothing is stored."""

import json
from datetime import date
from typing import Any

import pytest

from shared.agency.sheet_trial import SheetTrial, SheetTried
from shared.agency.use_cases.try_sheet import try_sheet
from shared.errors import InvalidInput
from shared.registry.policy.checking import PolicyRefused
from tests.people import contribution, person_document, relation
from tests.unit.shared.registry.policy.shipped import SHIPPED, registry_with

TODAY = date(2026, 11, 28)
REGISTRY = registry_with(*SHIPPED)
RECORD = person_document(
    contributions=[
        contribution("202401", "202406"),
        contribution("202409", "202412", rid="C2"),
        contribution("202407", "202407", rid="C3", revs_flag=True),
    ]
)
STRICT = {
    "region": "370100",
    "name": "济南市",
    "inherits": "370000",
    "versions": [{"valid_from": "2026-01-01", "sources": ["某通知"], "sheet": {"blocking_warnings": ["W03"]}}],
}


def tried(registry: Any = REGISTRY, **given: Any) -> SheetTried:
    areas = {"trafout_admdvs": "370100", "trafin_admdvs": "510100"}
    trial = SheetTrial.model_validate_json(json.dumps(areas | given))
    return try_sheet(trial, registry, TODAY, paid_flags={"1"})


def codes(found: SheetTried) -> list[tuple[str, int | None, str]]:
    return [(each.code, each.row, each.box) for each in found.findings]


@pytest.mark.law("N annex 3", "N8", "N16")
def test_makes_the_sheet_of_records_and_says_what_became_of_each() -> None:
    found = tried(record=RECORD)
    assert found.is_sealable
    assert found.findings == []
    assert [(row.accrym_begn, row.accrym_end, row.months) for row in found.rows] == [
        ("202401", "202406", 6),
        ("202409", "202412", 4),
    ]
    assert [(each.row_no, each.rids) for each in found.sources] == [(1, ("C202401310",)), (2, ("C2",))]
    assert [(each.rid, each.omission, each.text) for each in found.left_out] == [("C3", "reversed", "已核销，不计缴费")]
    assert found.sheet is not None
    assert found.sheet.foot.acctfund_traf_amt_cn == "壹仟贰佰叁拾肆元伍角陆分"
    assert found.sheet.attachment.contributions[0].rid == "C202401310"
    assert "370100@" in str(found.policy_version)


def test_nothing_paid_makes_no_sheet() -> None:
    found = tried(record=RECORD | {"contributions": []})
    assert (found.is_sealable, codes(found)) == (False, [("E01", None, "rows")])
    assert found.findings[0].articles == ("N annex 3",)


def test_checks_a_sheet_that_is_given_and_compares_it_with_the_records() -> None:
    made = tried(record=RECORD).sheet
    assert made is not None
    sheet = made.model_dump(mode="json")
    sheet["rows"][1] |= {"accrym_end": "202501", "months": 4}
    found = tried(record=RECORD, sheet=sheet)
    assert codes(found) == [("E06", 2, "months"), ("W09", 2, "months")]
    assert [(each.row, each.box, each.before, each.after) for each in found.changes] == [
        (2, "accrym_end", "202412", "202501")
    ]


def test_a_sheet_that_cannot_be_read_still_has_its_findings() -> None:
    made = tried(record=RECORD).sheet
    assert made is not None
    sheet = made.model_dump(mode="json")
    sheet["foot"]["acctfund_traf_amt"] = "1234.567"
    del sheet["foot"]["issued_on"]
    found = tried(sheet=sheet)
    assert (found.is_sealable, found.sheet) == (False, None)
    assert codes(found) == [("E29", None, "acctfund_traf_amt"), ("E30", None, "issued_on")]


def test_a_policy_that_is_tried_makes_a_warning_block() -> None:
    record = RECORD | {"relations": [relation(has_arrears=True)]}
    assert (tried(record=record).is_sealable, codes(tried(record=record))) == (True, [("W03", None, "attachment")])
    assert not tried(record=record, policy=STRICT).is_sealable


def test_needs_something_to_try_and_a_policy_that_could_be_loaded() -> None:
    with pytest.raises(InvalidInput):
        tried()
    with pytest.raises(PolicyRefused):
        tried(record=RECORD, policy=STRICT | {"inherits": "510000"})


def test_a_sheet_that_nests_absurdly_is_no_sheet() -> None:
    deep: Any = []
    for _ in range(600):
        deep = [deep]
    trial = SheetTrial.model_validate({"trafout_admdvs": "370100", "trafin_admdvs": "510100", "sheet": {"rows": deep}})
    found = try_sheet(trial, REGISTRY, TODAY, paid_flags={"1"})
    assert (found.is_sealable, found.sheet) == (False, None)


def test_where_no_policy_is_loaded_no_warning_blocks() -> None:
    found = tried(registry_with(), record=RECORD | {"relations": [relation(has_arrears=True)]})
    assert (found.is_sealable, found.policy_version) == (True, None)
