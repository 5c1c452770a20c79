"""Eligibility: a table of cases, one line each, decided as a real application is (N2, N5 to N7, N13, N14, S54-9)."""

from collections.abc import Callable
from datetime import date, datetime, timedelta
from typing import Any

import pytest

from platform_gateway.schemas.applications import AnsweredOutcome, TransferRequest
from platform_gateway.schemas.trials import EligibilityTrial, EligibilityTried, TriedCaller, TriedFacts
from platform_gateway.use_cases.try_eligibility import try_eligibility
from shared.clock import SHANGHAI
from shared.contracts.application import Applicant
from shared.contracts.facts import Side, SideFacts
from shared.law import ARTICLE
from shared.registry.policy.readings import READINGS
from tests.case_tables import Case, each_line, like, read_cases, words_of
from tests.people import LI_LEI
from tests.unit.platform_gateway.regions import registry
from tests.unit.platform_gateway.told import tell

COLUMNS = (
    "case", "areas", "schemes", "on", "applied", "outbound", "inbound", "outcome", "reasons", "open", "articles",
)  # fmt: skip
_APPLIED = r"(online|open|exception|guardian|agent|(window|agency|login|guardian|agent|employer|exception|certno)=\S+)"
_SAME_DAY = datetime(2026, 3, 2, tzinfo=SHANGHAI)


def _facts(side: Side) -> Callable[[str], object]:
    return lambda cell: tell(cell, "310", side, Applicant(), _SAME_DAY)


CASES = read_cases(
    "eligibility.txt",
    COLUMNS,
    {
        "areas": like(r"\d{6}>\d{6}"),
        "schemes": like(r"\d{3}>\d{3}"),
        "on": date.fromisoformat,
        "applied": like(rf"{_APPLIED}( {_APPLIED})*"),
        "outbound": _facts(Side.OUTBOUND),
        "inbound": _facts(Side.INBOUND),
        "outcome": AnsweredOutcome,
        "reasons": like(r"-|(\(A\d\d\)|(\w+\?)?A\d\d|\w+\?)( (\(A\d\d\)|(\w+\?)?A\d\d|\w+\?))*"),
        "open": words_of(READINGS),
    },
)
REGISTRY = registry()
_OTHER = {"psn_name": "韩梅", "psn_cert_type": "01", "certno": "11010119900307002X"}


def applied(case: Case) -> tuple[dict[str, Any], dict[str, Any], bool]:
    """The application and its caller as the column says: who applies, at which window, with which exception."""
    outbound, inbound = case["areas"].split(">")
    schemes = case["schemes"].split(">")
    application: dict[str, Any] = {
        "psn_name": "李雷", "psn_cert_type": "01", "certno": LI_LEI, "trafout_admdvs": outbound,
        "trafin_admdvs": inbound, "trafout_insutype": schemes[0], "trafin_insutype": schemes[1],
    }  # fmt: skip
    caller: dict[str, Any] = {}
    has_open_case = False
    for word in case["applied"].split():
        name, _, value = word.partition("=")
        if name in ("guardian", "agent"):
            who = {"self": {**_OTHER, "certno": LI_LEI}, "nameless": {}}.get(value, _OTHER)
            application["applicant"] = {"kind": name, **who}
        elif name == "employer":
            application["applicant"] = {"kind": "employer", "emp_no": value}
        elif name == "window":
            caller |= {"admdvs": value[:6], "optins_no": value}
        elif name == "agency":
            caller |= {"admdvs": value}
        elif name == "login":
            caller |= {"certno": value}
        elif name == "exception":
            application["exception"] = {"code": "A04", "reason": "随军安置，转入地当年度已参保"}
            caller["may_except"] = value != "without-scope"
        elif name == "certno":
            application["certno"] = value
        else:
            has_open_case |= {"open": True, "online": False}[name]
    return application, caller, has_open_case


def decided(case: Case) -> EligibilityTried:
    """What a line comes to."""
    application, caller, has_open_case = applied(case)
    request = TransferRequest.model_validate(application)
    at = datetime.fromisoformat(f"{case['on']}T10:00").replace(tzinfo=SHANGHAI)
    outbound = tell(case["outbound"], request.trafout_insutype, Side.OUTBOUND, request.applicant, at)
    inbound = tell(case["inbound"], request.trafin_insutype, Side.INBOUND, request.applicant, at)
    trial = EligibilityTrial(
        application=request,
        outbound=_as_sent(outbound),
        inbound=_as_sent(inbound),
        at=at,
        caller=TriedCaller(**caller),
        has_open_case=has_open_case,
    )
    return try_eligibility(trial, REGISTRY, at + timedelta(days=1000))


def _as_sent(facts: SideFacts | None) -> TriedFacts | None:
    return None if facts is None else TriedFacts.model_validate_json(facts.model_dump_json())


def shown(tried: EligibilityTried) -> dict[str, str]:
    """The decision as the table writes it; an unknown is its side with the rule that waits."""
    unknown = [f"{each.side.value}?{each.code or ''}" for each in tried.unknown]
    waived = [f"({each.code})" for each in tried.decision.waived]
    articles = filter(ARTICLE.match, tried.decision.articles)
    return {
        "outcome": tried.outcome.value,
        "reasons": " ".join([*(each.code for each in tried.reasons), *unknown, *waived]) or "-",
        "open": " ".join(each.reading for each in tried.decision.local_questions) or "-",
        "articles": "; ".join(articles) or "design",
    }


@pytest.mark.parametrize("case", each_line(CASES))
def test_decides_as_the_table_says(case: Case) -> None:
    expected = {name: case[name] for name in COLUMNS[7:]}
    assert shown(decided(case)) == expected


@pytest.mark.law("N7-1")
def test_every_reason_is_told_in_words_with_what_to_do_and_why() -> None:
    told = [reason for case in CASES for reason in decided(case).reasons]
    assert {f"A{number:02}" for number in range(1, 15)} <= {reason.code for reason in told}
    assert all(reason.title and reason.remedy and reason.articles for reason in told)
