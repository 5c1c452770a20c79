"""Where a case may be forwarded to, and what of it stays."""

from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

import pytest

from platform_gateway.domain.case import Case
from platform_gateway.domain.forwarding import ForwardingNotTaken, forward, require_right_area, side_of
from platform_gateway.domain.history import Cause
from platform_gateway.domain.states import CaseState
from shared.contracts.facts import Side
from tests.unit.platform_gateway.regions import registry

AT = datetime(2026, 3, 3, 1, tzinfo=UTC)
APPLIED = {
    "psn_name": "李雷",
    "psn_cert_type": "01",
    "certno": "110101199003078494",
    "trafout_admdvs": "370100",
    "trafin_admdvs": "320100",
    "trafout_insutype": "310",
    "trafin_insutype": "310",
}
LODGED = {"application": APPLIED, "opt_chnl": "platform", "optins_no": None, "opter_id": "o"}
EXCEPTION = {"exception": {"code": "A04", "reason": "断保", "given_by": "o", "given_for": "320100", "given_at": "x"}}


def a_case(trafout: str = "370100", trafin: str = "320100", **changes: Any) -> Case:
    return replace(
        Case(
            rlts_traf_id="X",
            lodged=LODGED,
            person_key="k",
            trafout_admdvs=trafout,
            trafin_admdvs=trafin,
            trafout_insutype="310",
            trafin_insutype="310",
            applicant_subject="s",
            applied_at=datetime(2026, 3, 1, tzinfo=UTC),
            state=CaseState.REFUSED,
            state_since=datetime(2026, 3, 1, tzinfo=UTC),
            outbound_check={"of": "370100"},
            inbound_check={"of": "320100"},
            decision={"outcome": "refused", **EXCEPTION},
        ),
        **changes,
    )


@pytest.mark.parametrize(
    ("side", "into", "code"),
    [
        (Side.OUTBOUND, "370200", None),
        (Side.INBOUND, "320199", None),
        (Side.OUTBOUND, "110000", "forwarding-outside-province"),
        (Side.OUTBOUND, "370100", "forwarding-to-a-side"),
        (Side.OUTBOUND, "320100", "forwarding-to-a-side"),
        (Side.INBOUND, "320500", "A11"),
        (Side.INBOUND, "320600", "A11"),
        (Side.OUTBOUND, "999999", "A06"),
    ],
)
def test_the_right_area_is_a_connected_one_of_the_province(side: Side, into: str, code: str | None) -> None:
    areas, case = registry(), a_case()
    trafout, trafin = areas.area("370100"), areas.area("320100")
    present, other = (trafout, trafin) if side is Side.OUTBOUND else (trafin, trafout)
    named = areas.area(into)
    if code is None:
        assert require_right_area(case, side, present, named, other, is_same_city_not_needed=True) == named
        return
    with pytest.raises(ForwardingNotTaken) as refused:
        require_right_area(case, side, present, named, other, is_same_city_not_needed=True)
    assert [(error.pointer, error.code) for error in refused.value.errors] == [("/admdvs", code)]


def test_nobody_is_forwarded_to_the_city_where_nothing_is_transferred() -> None:
    areas = registry()
    jinan, district, qingdao = (areas.area(code) for code in ("370100", "370199", "370200"))
    case = a_case("370200", "370199")
    with pytest.raises(ForwardingNotTaken) as refused:
        require_right_area(case, Side.OUTBOUND, qingdao, jinan, district, is_same_city_not_needed=True)
    assert refused.value.errors[0].code == "A05"
    assert require_right_area(case, Side.OUTBOUND, qingdao, jinan, district, is_same_city_not_needed=False) == jinan


def test_a_change_of_scheme_inside_an_area_is_not_forwarded() -> None:
    with pytest.raises(ForwardingNotTaken):
        side_of(a_case("370100", "370100"), "370100")


@pytest.mark.parametrize(
    ("side", "into", "kept"), [(Side.OUTBOUND, "370200", EXCEPTION), (Side.INBOUND, "320199", None)]
)
def test_a_forwarded_case_begins_anew(side: Side, into: str, kept: dict[str, Any] | None) -> None:
    area = registry().area(into)
    assert area is not None
    case, (entry,) = forward(a_case(), side, area, Cause("clerk", AT, reason="选错"))
    assert (case.state, case.state_since, case.is_duplicate) == (CaseState.CHECKING, AT, True)
    assert (case.outbound_check, case.inbound_check, case.decision) == (None, None, kept)
    applied = case.lodged["application"]
    assert (applied["trafout_admdvs"], applied["trafin_admdvs"]) == (case.trafout_admdvs, case.trafin_admdvs)
    assert into in case.sides
    assert entry.cause.reason is not None
    assert f"转办至{into}：选错" in entry.cause.reason
    assert (LODGED["application"], case.applied_at.day) == (APPLIED, 1)
