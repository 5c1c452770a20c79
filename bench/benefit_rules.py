"""A benefits decision that hangs on every reading there is, and the years of thirty years paid month by month."""

from datetime import date
from pathlib import Path

from pydantic import TypeAdapter

import platform_gateway
from inbound.domain.benefits.decide import Decision, decide
from inbound.domain.benefits.facts import BenefitFacts
from inbound.domain.benefits.outcome import Outcome
from inbound.domain.years.assess import Assessment, assess
from inbound.domain.years.facts import PaidPeriod, YearsFacts
from shared.months import month_at, month_index
from shared.registry.models import RegistrySnapshot
from shared.registry.policy.effective import EffectivePolicy
from shared.registry.policy.region_file import read_toml
from shared.registry.registry import Registry

_IN, _OUT, _ON = "370100", "510100", date(2026, 10, 10)
_FACTS, _OUTCOME, _YEARS = TypeAdapter(BenefitFacts), TypeAdapter(Outcome), TypeAdapter(YearsFacts)


def _registry() -> Registry:
    files = sorted((Path(platform_gateway.__file__).parent / "policies").glob("*.toml"))
    areas = [
        {"admdvs": code, "name": code, "province": f"{code[:2]}0000", "city": code, "valid_from": "2000-01-01"}
        | {"state": "connected"}
        for code in (_IN, _OUT)
    ]
    policies = [read_toml(file.read_text(encoding="utf-8")) for file in files]
    document = {"version": 1, "issued_at": "2024-01-01T00:00:00Z", "areas": areas, "platform_keys": []}
    return Registry(RegistrySnapshot.model_validate(document | {"policies": policies}))


_REGISTRY = _registry()
_OPEN = BenefitFacts(
    trafin_insutype="310",
    trafout_insutype="310",
    is_transfer=True,
    is_within_province=False,
    as_of=_ON,
    paid_on=date(2026, 8, 10),
    last_paid_ym="202604",
    paus_insu_ym="202604",
    completed_on=date(2026, 9, 30),
)
_FIRST = month_index("199701")
_PAID = tuple(PaidPeriod("310", month_at(_FIRST + each), month_at(_FIRST + each), _OUT) for each in range(360))
_THIRTY_YEARS = YearsFacts("1", _IN, is_within_province=False, as_of=_ON, paid=_PAID)
_WRITTEN_FACTS, _WRITTEN_YEARS = _FACTS.dump_json(_OPEN), _YEARS.dump_json(_THIRTY_YEARS)


def decide_open_benefits() -> Decision:
    """An unpaid interruption of three months from another province, with the look-up of both policies."""
    return decide(_OPEN, _REGISTRY.policy(_IN, _ON), _REGISTRY.policy(_OUT, _ON))


def look_up_policy() -> EffectivePolicy:
    """What holds in an area on a day that was asked before: every decision begins with it."""
    return _REGISTRY.policy(_IN, _ON)


_FOUND = {(_IN, _ON): look_up_policy()}


def look_up_in_a_table() -> EffectivePolicy:
    """The floor: a table of the language with nothing else to it."""
    return _FOUND[_IN, _ON]


_OUTCOMES = (decide_open_benefits().outcome, *(each.outcome for each in decide_open_benefits().others))


def read_facts_and_write_outcomes() -> list[bytes]:
    """The floor: the facts read, and the outcome of each meaning written."""
    _FACTS.validate_json(_WRITTEN_FACTS)
    return [_OUTCOME.dump_json(each) for each in _OUTCOMES]


def assess_thirty_years() -> Assessment:
    """360 months, one by one."""
    return assess(_THIRTY_YEARS, _REGISTRY.policy(_IN, _ON))


def read_thirty_years() -> YearsFacts:
    """The floor: the months read."""
    return _YEARS.validate_json(_WRITTEN_YEARS)
