"""When benefits begin: a table of cases, one line each."""

from datetime import date

import pytest

from inbound.domain.benefits.assuming import if_paid
from inbound.domain.benefits.decide import Decision, decide
from inbound.domain.benefits.facts import BackPayment, BenefitFacts
from inbound.domain.benefits.outcome import LocalQuestion, Rule
from shared.law import ARTICLE
from shared.registry.policy.readings import READINGS
from tests.case_tables import Case, each_line, like, read_cases, words_of
from tests.unit.inbound.policies import registry

COLUMNS = (
    "case", "areas", "schemes", "facts", "rule", "waits", "from", "reimbursed", "pay until", "open", "articles",
)  # fmt: skip
REGISTRY = registry()
_DAYS = {
    "paid": "paid_on", "done": "completed_on", "asof": "as_of", "born": "brdy", "registered": "registered_on",
    "covered": "cover_ends_on",
}  # fmt: skip
_MONTHS = {"last": "last_paid_ym", "first": "first_paid_ym", "off": "paus_insu_ym"}
_FLAGS = {
    "flexible": ("is_flexible", True), "low-income": ("is_low_income", True), "new": ("was_employee_before", False),
    "before": ("was_employee_before", True),
}  # fmt: skip


def read_facts(cell: str) -> dict[str, object]:
    """The words of a cell as fields of the facts."""
    values: dict[str, object] = {}
    for part in cell.split():
        name, _, value = part.partition("=")
        if name in _DAYS:
            values[_DAYS[name]] = date.fromisoformat(value)
        elif name in _MONTHS:
            values[_MONTHS[name]] = value
        elif name == "back":
            values["back_payment"], on = BackPayment(value.partition("@")[0]), value.partition("@")[2]
            values["back_paid_on"] = date.fromisoformat(on) if on else None
        elif name in ("run", "year"):
            values[{"run": "continuous_months", "year": "insured_year"}[name]] = int(value)
        else:
            key, flag = _FLAGS[name]
            values[key] = flag
    return values


CASES = read_cases(
    "benefits.txt",
    COLUMNS,
    {
        "areas": like(r"\d{6}>\d{6}"),
        "schemes": like(r"(\d{3})?[>=]\d{3}"),
        "facts": read_facts,
        "rule": Rule,
        "waits": like(r"\d+|\?"),
        "open": words_of((*READINGS, *(each.value for each in LocalQuestion))),
    },
)


def facts_of(case: Case) -> BenefitFacts:
    """The facts of a line."""
    outbound, inbound = case["areas"].split(">")
    from_scheme, kind, to_scheme = case["schemes"][:-4], case["schemes"][-4], case["schemes"][-3:]
    values: dict[str, object] = {
        "trafout_insutype": from_scheme or None,
        "trafin_insutype": to_scheme,
        "is_transfer": kind == ">",
        "is_within_province": REGISTRY.province_of(outbound) == REGISTRY.province_of(inbound),
        **read_facts(case["facts"]),
    }
    values.setdefault("as_of", values.get("paid_on", date(2026, 11, 28)))
    return BenefitFacts(**values)  # type: ignore[arg-type]


def decided(case: Case) -> Decision:
    """The decision of a line, by the policies in force on its day."""
    facts = facts_of(case)
    outbound, inbound = case["areas"].split(">")
    return decide(facts, REGISTRY.policy(inbound, facts.as_of), REGISTRY.policy(outbound, facts.as_of))


def shown(decision: Decision) -> dict[str, str]:
    """The decision as the table writes it."""
    outcome = decision.outcome
    opened = [*(each.value for each in outcome.questions), *dict.fromkeys(each.reading for each in decision.others)]
    return {
        "rule": outcome.rule.value,
        "waits": "?" if outcome.waiting_months is None else str(outcome.waiting_months),
        "from": _day(outcome.first_benefit_date),
        "reimbursed": _span(outcome.reimbursed_from, outcome.reimbursed_until) if outcome.is_gap_reimbursed else "no",
        "pay until": _day(outcome.back_pay_until) if outcome.may_back_pay else "-",
        "open": "; ".join(opened) or "-",
        "articles": "; ".join(filter(ARTICLE.match, outcome.articles)) or "design",
    }


def _day(day: date | None) -> str:
    return "?" if day is None else day.isoformat()


def _span(first: date | None, last: date | None) -> str:
    return "yes" if first is None else f"{first}…{last}"


@pytest.mark.parametrize("case", each_line(CASES))
def test_decides_as_the_table_says(case: Case) -> None:
    expected = {name: case[name] for name in COLUMNS[4:]}
    assert shown(decided(case)) == expected


@pytest.mark.law("S54-4", "J3")
@pytest.mark.parametrize(
    ("year", "rule", "begins"),
    [
        (2027, "residents_in_window", date(2027, 1, 1)),
        (2026, "residents_late", date(2026, 12, 1)),
        (None, "facts_missing", None),
    ],
)
def test_which_year_a_resident_would_pay_for_is_not_guessed(year: int | None, rule: str, begins: date | None) -> None:
    unpaid = BenefitFacts(
        trafin_insutype="390",
        trafout_insutype="390",
        is_transfer=True,
        is_within_province=False,
        as_of=date(2026, 8, 1),
        last_paid_ym="202512",
    )
    decision = decide(if_paid(unpaid, date(2026, 9, 20), year), REGISTRY.policy("370100", unpaid.as_of))
    assert (decision.outcome.rule, decision.outcome.first_benefit_date) == (rule, begins)
