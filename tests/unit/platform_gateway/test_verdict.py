"""The verdict ladder: accepted, refused with every reason at once, or checking while anything is unknown."""

from datetime import UTC, datetime, timedelta

import pytest

from platform_gateway.domain.verdict import Answers, Outcome, decide
from shared.contracts.facts import CheckResult, Finding, Side, SideFacts

NOW = datetime(2026, 3, 2, 1, 0, tzinfo=UTC)
DAY = timedelta(hours=24)


def answer(side: Side, *codes: str, age: timedelta | None = timedelta(0), unknown: tuple[str, ...] = ()) -> CheckResult:
    findings = [Finding(code=code) for code in codes] + [Finding(code=code, is_unknown=True) for code in unknown]
    as_of = None if age is None else NOW - age
    return CheckResult(
        rlts_traf_id="AAAAAAAAAAAAAAAA",
        side=side,
        admdvs="370100" if side is Side.OUTBOUND else "510100",
        facts=SideFacts(facts_as_of=as_of),
        findings=tuple(findings),
    )


def out(*codes: str, **options: object) -> CheckResult:
    return answer(Side.OUTBOUND, *codes, **options)  # type: ignore[arg-type]


def into(*codes: str, **options: object) -> CheckResult:
    return answer(Side.INBOUND, *codes, **options)  # type: ignore[arg-type]


OLD = DAY + timedelta(seconds=1)


@pytest.mark.parametrize(
    ("answers", "outcome", "codes", "unknown"),
    [
        (Answers(out(), into()), Outcome.ACCEPTED, [], []),
        (Answers(out(age=DAY), into()), Outcome.ACCEPTED, [], []),
        (Answers(out("A01"), into("A02")), Outcome.REFUSED, ["A01", "A02"], []),
        (Answers(out("A09", "A13"), into()), Outcome.REFUSED, ["A09", "A13"], []),
        (Answers(None, None), Outcome.CHECKING, [], [Side.OUTBOUND, Side.INBOUND]),
        (Answers(out("A01"), None), Outcome.CHECKING, [], [Side.INBOUND]),
        (Answers(out("A01", age=OLD), into()), Outcome.CHECKING, [], [Side.OUTBOUND]),
        (Answers(out(age=OLD), into("A02")), Outcome.CHECKING, [], [Side.OUTBOUND]),
        (Answers(out(), into("A02", age=None)), Outcome.CHECKING, [], [Side.INBOUND]),
        (Answers(out(unknown=("A13",)), into()), Outcome.CHECKING, [], [Side.OUTBOUND]),
        (Answers(out("A01", unknown=("A13",)), into("A02")), Outcome.CHECKING, [], [Side.OUTBOUND]),
    ],
)
def test_ladder(answers: Answers, outcome: Outcome, codes: list[str], unknown: list[Side]) -> None:
    verdict = decide(answers, has_open_case=False, now=NOW, max_age=DAY)
    assert verdict.outcome is outcome
    assert [reason.code for reason in verdict.reasons] == codes
    assert list(verdict.unknown) == unknown


def test_an_open_case_stands_beside_the_reasons_of_the_sides() -> None:
    verdict = decide(Answers(out("A01"), into("A02")), has_open_case=True, now=NOW, max_age=DAY)
    assert [reason.code for reason in verdict.reasons] == ["A01", "A02", "A08"]


def test_an_open_case_refuses_nothing_while_a_side_is_unknown() -> None:
    verdict = decide(Answers(out(), None), has_open_case=True, now=NOW, max_age=DAY)
    assert verdict.outcome is Outcome.CHECKING


def test_a_reason_tells_text_remedy_article_and_side() -> None:
    (reason,) = decide(Answers(out("A01"), into()), has_open_case=False, now=NOW, max_age=DAY).reasons
    assert reason.side is Side.OUTBOUND
    assert reason.title
    assert reason.remedy
    assert "N5" in reason.articles
