"""The full records that the agencies' core systems push, made from a scenario's compact facts."""

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import Any

from demo.scenario import Person, Scenario, SideRecord
from shared.certno import birthday_of, gender_of
from shared.clock import local_date
from shared.contracts.codes import Gend
from shared.contracts.facts import PersonRecord
from shared.months import month_of

_EMPLOYEE = "310"
_REAL_EMPLOYER = "1"
_UNIFIED_WITH_ACCOUNT, _POOLING_ONLY = "1", "2"


def records_of(
    scenarios: Sequence[Scenario], counties: Mapping[str, str], now: datetime
) -> tuple[dict[str, list[PersonRecord]], dict[str, list[PersonRecord]]]:
    """The records to push to outbound and to inbound, each by pooling area; ``counties``: a county of each area."""
    outbound: dict[str, list[PersonRecord]] = {}
    inbound: dict[str, list[PersonRecord]] = {}
    for each in scenarios:
        wish = each.application
        if each.outbound is not None:
            record = _record(each, each.outbound, wish.trafout_insutype, counties[wish.trafout_admdvs], now)
            outbound.setdefault(wish.trafout_admdvs, []).append(record)
        if each.inbound is not None:
            record = _record(each, each.inbound, wish.trafin_insutype, counties[wish.trafin_admdvs], now)
            inbound.setdefault(wish.trafin_admdvs, []).append(record)
    return outbound, inbound


def psn_no_of(scenario: Scenario) -> str:
    """The person's number; the two areas number for themselves, so that it may be the same in both."""
    return f"P-{scenario.letter}"


def _record(scenario: Scenario, side: SideRecord, insutype: str, county: str, now: datetime) -> PersonRecord:
    person = scenario.person
    psn_no = psn_no_of(scenario)
    return PersonRecord.model_validate(
        {
            "psn_no": psn_no,
            "psn_name": person.psn_name,
            "psn_cert_type": person.psn_cert_type,
            "certno": person.certno,
            "gend": gender_of(person.psn_cert_type, person.certno) or Gend.UNSTATED,
            "brdy": birthday_of(person.psn_cert_type, person.certno),
            "relations": (_relation(person, side, psn_no, insutype, county),),
            "contributions": tuple(_contributions(side, psn_no, insutype, month_of(local_date(now)))),
            "account": _account(side, psn_no),
            "rid": f"{psn_no}-1",
            "updt_time": now,
        }
    )


def _relation(person: Person, side: SideRecord, psn_no: str, insutype: str, county: str) -> dict[str, Any]:
    first_month = min((begin for begin, _ in side.paid), default=None)
    is_employed = insutype == _EMPLOYEE and side.emp_no is not None
    return {
        "psn_insu_rlts_id": f"{psn_no}-{insutype}",
        "insutype": insutype,
        "psn_insu_stas": side.psn_insu_stas,
        "insu_admdvs": county,
        "crt_insu_date": _first_day(first_month) or birthday_of(person.psn_cert_type, person.certno),
        "paus_insu_date": side.paus_insu_date,
        "fst_insu_ym": first_month,
        "hi_type": _UNIFIED_WITH_ACCOUNT if side.has_account else _POOLING_ONLY,
        "has_account": side.has_account,
        "emp_no": side.emp_no,
        "emp_name": side.emp_name,
        "emp_mgt_type": _REAL_EMPLOYER if is_employed else None,
    }


def _contributions(side: SideRecord, psn_no: str, insutype: str, this_month: str) -> list[dict[str, Any]]:
    """A stretch is paid at its end, or now where it lasts longer: residents pay ahead."""
    return [
        {
            "rid": f"{psn_no}-{insutype}-{number}",
            "insutype": insutype,
            "cashym": min(end, this_month),
            "accrym_begn": begin,
            "accrym_end": end,
            "emp_no": side.emp_no,
        }
        for number, (begin, end) in enumerate(side.paid, start=1)
    ]


def _account(side: SideRecord, psn_no: str) -> dict[str, Any] | None:
    if not side.has_account:
        return None
    entries: tuple[dict[str, Any], ...] = ()
    if side.balc and side.paid:
        booked_on = _first_day(side.paid[-1][1])
        entries = ({"rid": f"{psn_no}-A1", "booked_on": booked_on, "amount": side.balc, "memo": "历年结转及划入"},)
    return {"balc": side.balc, "entries": entries}


def _first_day(month: str | None) -> date | None:
    return None if month is None else date(int(month[:4]), int(month[4:]), 1)
