"""Contribution years: a table of cases, one line each."""

from datetime import date
from functools import partial

import pytest
from hypothesis import given
from hypothesis import strategies as st

from inbound.domain.years.assess import Assessment, assess
from inbound.domain.years.facts import DeemedPeriod, PaidPeriod, YearsFacts
from inbound.domain.years.from_records import years_facts
from inbound.pooling_areas import pooling_area
from shared.agency.known_person import HeldRecord
from shared.law import ARTICLE
from shared.months import month_at
from tests.case_tables import Case, each_line, like, read_cases
from tests.people import contribution, person_record
from tests.unit.inbound.policies import registry

COLUMNS = (
    "case", "areas", "gend", "months", "on", "counted", "required", "short", "local", "reached", "ways", "open",
    "articles",
)  # fmt: skip
_SPAN = r"(\d{3}:\d{6}-\d{6}@\d{6}|(deemed|claimed):\d{6}-\d{6})"
CASES = read_cases(
    "years.txt",
    COLUMNS,
    {
        "areas": like(r"\d{6}>\d{6}"),
        "gend": like("[129]"),
        "months": like(rf"({_SPAN}( {_SPAN})*)?"),
        "on": date.fromisoformat,
        "reached": like(r"yes|no|\?"),
    },
)
REGISTRY = registry()


def facts_of(case: Case) -> YearsFacts:
    """The facts of a line."""
    outbound, inbound = case["areas"].split(">")
    paid, deemed = [], []
    for part in case["months"].split():
        kind, _, rest = part.partition(":")
        span, _, admdvs = rest.partition("@")
        begin, _, end = span.partition("-")
        if kind in ("deemed", "claimed"):
            deemed.append(DeemedPeriod(begin, end, is_recognised=kind == "deemed"))
        else:
            paid.append(PaidPeriod(kind, begin, end, admdvs))
    is_within = REGISTRY.province_of(outbound) == REGISTRY.province_of(inbound)
    on = date.fromisoformat(case["on"])
    return YearsFacts(case["gend"], inbound, is_within, on, tuple(paid), tuple(deemed))


def assessed(case: Case) -> Assessment:
    """The assessment of a line, by the policy in force on its day."""
    facts = facts_of(case)
    return assess(facts, REGISTRY.policy(facts.trafin_admdvs, facts.as_of))


def shown(found: Assessment) -> dict[str, str]:
    """The assessment as the table writes it."""
    counted = found.counted
    deemed = f"+{counted.deemed}" if counted.deemed else ""
    apart = f" ({counted.residents})" if counted.residents else ""
    opened = [*(each.value for each in found.questions), *dict.fromkeys(name for name, _ in found.others)]
    return {
        "counted": f"{counted.actual}{deemed}{apart}",
        "required": _number(found.required_months),
        "short": _number(found.short_months),
        "local": f"{counted.local_actual}/{_number(found.local_actual_required)}",
        "reached": {True: "yes", False: "no", None: "?"}[found.is_reached],
        "ways": "; ".join(found.ways) or "-",
        "open": "; ".join(opened) or "-",
        "articles": "; ".join(filter(ARTICLE.match, found.articles)),
    }


def _number(months: int | None) -> str:
    return "?" if months is None else str(months)


@pytest.mark.parametrize("case", each_line(CASES))
def test_assesses_as_the_table_says(case: Case) -> None:
    assert shown(assessed(case)) == {name: case[name] for name in COLUMNS[5:]}


@pytest.mark.law("N12")
@given(st.lists(st.tuples(st.integers(24000, 24300), st.integers(0, 40)), max_size=12))
def test_counts_months_alike_however_they_are_split(spans: list[tuple[int, int]]) -> None:
    whole = [PaidPeriod("310", month_at(begin), month_at(begin + more), "370200") for begin, more in spans]
    single = [
        PaidPeriod("310", month_at(month), month_at(month), "110000")
        for begin, more in spans
        for month in range(begin, begin + more + 1)
    ]
    on = date(2026, 12, 15)
    policy = REGISTRY.policy("370100", on)
    merged, split = (assess(YearsFacts("1", "370100", True, on, tuple(each)), policy) for each in (whole, single))
    assert merged.accumulated_months == split.accumulated_months == len({each.accrym_begn for each in single})


@pytest.mark.law("N12", "S54-7")
@pytest.mark.parametrize(("code", "local"), [("370302", 12), ("370300", 12), (None, 12), ("370200", 0)])
def test_months_paid_in_a_county_are_paid_in_its_area(code: str | None, local: int) -> None:
    record = person_record(contributions=[contribution("202601", "202612", poolarea_no=code)])
    on = date(2026, 12, 15)
    facts = years_facts(
        HeldRecord("370300", record),
        (),
        is_within_province=False,
        as_of=on,
        paid_clct_flags={"1"},
        area_of=partial(pooling_area, REGISTRY, on=on),
    )
    assert assess(facts, REGISTRY.policy("370300", on)).counted.local_actual == local
