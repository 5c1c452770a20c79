"""What the request and the registry alone decide."""

from dataclasses import replace
from datetime import date
from typing import Any

import pytest

from platform_gateway.domain.channel import opt_chnl
from platform_gateway.domain.screening import Request, not_needed, screen
from shared.contracts.application import Application
from shared.contracts.codes import OptChnl
from shared.registry.models import Area, AreaState, Window

CERTNO = "110101199003078494"
OLD = "110101900307849"
AGENT = "11010119900307002X"


def area(admdvs: str, province: str, city: str, **changes: Any) -> Area:
    window = Window(optins_no=f"{admdvs}01", name="大厅", address="某路1号", tel="0531-1234567")
    given = {
        "admdvs": admdvs,
        "name": f"{admdvs}医保中心",
        "province": province,
        "city": city,
        "valid_from": date(2020, 1, 1),
        "state": AreaState.CONNECTED,
        "windows": (window,),
    }
    return Area.model_validate(given | changes)


JINAN = area("370100", "370000", "370100")
CHENGDU = area("510100", "510000", "510100")


def request(trafout: Area | None = JINAN, trafin: Area | None = CHENGDU, **changes: Any) -> Request:
    applied = {
        "psn_name": "李雷",
        "psn_cert_type": "01",
        "certno": CERTNO,
        "trafout_admdvs": "370100",
        "trafin_admdvs": "510100",
        "trafout_insutype": "310",
        "trafin_insutype": "310",
    }
    return Request(Application.model_validate(applied | changes), trafout, trafin)


def test_a_scheme_or_area_that_nobody_knows_is_not_called_needless() -> None:
    for asked in (request(JINAN, JINAN, trafout_insutype="320", trafin_insutype="320"), request(None, JINAN)):
        assert not_needed(asked, is_same_city_not_needed=True) is None


def test_a_good_application_passes() -> None:
    assert screen(request()) == ()


def test_all_reasons_come_at_once() -> None:
    suspended = area("510100", "510000", "510100", state=AreaState.SUSPENDED)
    asked = replace(request(trafin=suspended, certno="110101199003078490", trafin_insutype="320"), optins_no="99999901")
    assert [reason.code for reason in screen(asked)] == ["A06", "A07", "A11", "A14"]


def test_an_area_that_is_not_connected_names_its_windows() -> None:
    (reason,) = screen(request(trafin=area("510100", "510000", "510100", state=AreaState.NOT_CONNECTED)))
    assert (reason.code, reason.pointer) == ("A11", "/trafin_admdvs")
    window = "大厅（某路1号，电话 0531-1234567）"
    assert f"可到下列窗口办理：510100医保中心：{window}。370100医保中心：{window}" in (reason.note or "")


def test_an_unknown_area_is_named_by_its_pointer() -> None:
    (reason,) = screen(request(trafin=None))
    assert (reason.code, reason.pointer) == ("A06", "/trafin_admdvs")


@pytest.mark.parametrize(
    ("token", "codes"),
    [
        ({}, []),
        ({"admdvs": "370100"}, []),
        ({"admdvs": "510100"}, []),
        ({"admdvs": "370200"}, ["A07"]),
        ({"admdvs": "370100", "optins_no": "37010001"}, []),
        ({"admdvs": "510100", "optins_no": "51010001"}, []),
        ({"admdvs": "370200", "optins_no": "37020001"}, ["A07"]),
        ({"admdvs": "370100", "optins_no": "51010001"}, ["A07"]),
        ({"admdvs": "370100", "optins_no": "37010099"}, ["A07"]),
    ],
)
def test_windows_belong_to_one_of_the_sides(token: dict[str, str], codes: list[str]) -> None:
    assert [reason.code for reason in screen(replace(request(), **token))] == codes  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("applicant", "emp_no", "pointers"),
    [
        ({"kind": "guardian"}, None, ["/applicant/psn_name", "/applicant/psn_cert_type", "/applicant/certno"]),
        ({"kind": "agent", "psn_name": "韩梅", "psn_cert_type": "01", "certno": AGENT}, None, []),
        ({"kind": "agent", "psn_name": "韩梅", "psn_cert_type": "01", "certno": CERTNO}, None, ["/applicant/certno"]),
        ({"kind": "guardian", "psn_name": "甲", "psn_cert_type": "01", "certno": OLD}, None, ["/applicant/certno"]),
        ({"kind": "agent", "psn_name": "韩梅", "psn_cert_type": "01", "certno": "1"}, None, ["/applicant/certno"]),
        ({"kind": "employer"}, None, ["/applicant/emp_no"]),
        ({"kind": "employer", "emp_no": "E1"}, "E1", []),
        ({"kind": "employer", "emp_no": "E1"}, "E2", ["/applicant/emp_no"]),
        ({"kind": "person"}, "E1", ["/applicant/kind"]),
    ],
)
def test_applicants(applicant: dict[str, str], emp_no: str | None, pointers: list[str]) -> None:
    asked = replace(request(applicant=applicant), emp_no=emp_no)
    assert [reason.pointer for reason in screen(asked)] == pointers


def test_a_person_who_logged_in_applies_only_for_themselves() -> None:
    assert screen(replace(request(), holder_certno=CERTNO.lower())) == ()
    (reason,) = screen(replace(request(), holder_certno="11010119900307001X"))
    assert (reason.code, reason.pointer) == ("A06", "/certno")


@pytest.mark.parametrize(
    ("optins_no", "channel"),
    [
        (None, OptChnl.PLATFORM),
        ("37010001", OptChnl.OUTBOUND_WINDOW),
        ("51010001", OptChnl.INBOUND_WINDOW),
    ],
)
def test_the_channel_follows_the_window(optins_no: str | None, channel: OptChnl) -> None:
    assert opt_chnl(optins_no, JINAN, CHENGDU) is channel
