"""The verdict on an application: one ladder over both sides' answers (N5, N7), and what it rests on."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum

from platform_gateway.domain.joint_rules import JOINT_RULES, Found, Joint
from platform_gateway.domain.reasons import StatedReason, of_finding, scheme_article, state_reason
from shared.contracts.facts import CheckResult, Finding, ReadingUsed, Side
from shared.eligibility import Asked, EligibilityRules, Reads
from shared.eligibility.rules import SAME_YEAR
from shared.law import design, law
from shared.registry.policy.readings import READINGS


class Outcome(StrEnum):
    """What an application comes to."""

    ACCEPTED = "accepted"
    REFUSED = "refused"
    CHECKING = "checking"


_OUTCOME_NAMES = {Outcome.ACCEPTED: "受理", Outcome.REFUSED: "不予受理", Outcome.CHECKING: "继续校验"}


@dataclass(frozen=True, slots=True)
class Answers:
    """What each side has said so far; ``None``: it has not answered."""

    outbound: CheckResult | None = None
    inbound: CheckResult | None = None


@dataclass(frozen=True, slots=True)
class Terms:
    """What a verdict rests on beside the answers: the application and the rules of both regions.

    ``has_open_case`` is A08: another case of the same outbound relation is open. ``has_exception``: a clerk of the
    inbound has given a reason for departing from N5-2's principle.
    """

    asked: Asked
    outbound: EligibilityRules
    inbound: EligibilityRules
    has_open_case: bool = False
    has_exception: bool = False


@dataclass(frozen=True, slots=True)
class Unknown:
    """What a side cannot tell: the rule that waits for it, and why; ``code`` is ``None`` where it has not answered."""

    side: Side
    code: str | None
    note: str


@dataclass(frozen=True, slots=True)
class UsedReading:
    """A reading that the verdict used, with its value and whether the region has set it."""

    name: str
    value: str
    is_set: bool


@dataclass(frozen=True, slots=True)
class LocalQuestion:
    """A reading that nobody has set and that another meaning of which would change the outcome."""

    reading: str
    text: str


@dataclass(frozen=True, slots=True)
class Verdict:
    """The outcome with every reason at once; ``unknown`` says what must be asked again.

    ``waived`` are reasons that a clerk's exception has set aside. ``articles``, ``readings`` and ``questions`` (each
    needs a local decision) say what the verdict rests on.
    """

    outcome: Outcome
    reasons: tuple[StatedReason, ...] = ()
    unknown: tuple[Unknown, ...] = ()
    waived: tuple[StatedReason, ...] = ()
    articles: tuple[str, ...] = ()
    readings: tuple[UsedReading, ...] = ()
    questions: tuple[LocalQuestion, ...] = ()

    @property
    def unknown_sides(self) -> tuple[Side, ...]:
        """The sides to be asked again, the outbound first."""
        return tuple(side for side in Side if any(each.side is side for each in self.unknown))


@law("N7-1")
@design("all reasons at once; a side that does not answer is unknown, never a refusal")
def decide(answers: Answers, terms: Terms, at: datetime) -> Verdict:
    """The verdict at ``at`` (UTC). While anything is unknown nothing is refused, so that all reasons come at once."""
    reads = Reads(terms.inbound)
    verdict = _decide(answers, terms, at, reads)
    readings = [UsedReading(each.name, each.value, each.is_set) for _, each in _side_readings(answers)]
    readings += [UsedReading(name, choice.value, choice.is_set) for name, choice in reads.asked]
    questions = tuple(_questions(answers, terms, at, reads, verdict.outcome))
    return replace(verdict, readings=tuple(readings), questions=questions)


def _decide(answers: Answers, terms: Terms, at: datetime, reads: Reads) -> Verdict:
    unknown = tuple(_own_unknowns(answers, terms, at))
    if unknown or answers.outbound is None or answers.inbound is None:
        return Verdict(Outcome.CHECKING, unknown=unknown, articles=("N7",))
    joint = Joint(terms.asked, answers.outbound.facts, answers.inbound.facts, reads)
    found = [each for rule in JOINT_RULES for each in rule(joint)]
    unknown = tuple(_unknown(side, finding) for side, finding in found if side is not None and finding.is_unknown)
    if unknown:
        return Verdict(Outcome.CHECKING, unknown=unknown, articles=("N7",))
    return _with_reasons([*_own_findings(answers), *found], terms, reads)


def known_reasons(answers: Answers, terms: Terms, at: datetime) -> tuple[StatedReason, ...]:
    """What stands against the application whatever else comes out: told of facts that still hold at ``at`` (UTC)."""
    sides = ((Side.OUTBOUND, answers.outbound, terms.outbound), (Side.INBOUND, answers.inbound, terms.inbound))
    fresh = {side: answer for side, answer, rules in sides if answer is not None and rules.is_fresh(answer.facts, at)}
    found: list[Found] = [(side, finding) for side, answer in fresh.items() for finding in answer.findings]
    reads = Reads(terms.inbound)
    if len(fresh) == len(sides):
        joint = Joint(terms.asked, fresh[Side.OUTBOUND].facts, fresh[Side.INBOUND].facts, reads)
        found += [each for rule in JOINT_RULES for each in rule(joint)]
    return _with_reasons([each for each in found if not each[1].is_unknown], terms, reads).reasons


def _with_reasons(found: Sequence[Found], terms: Terms, reads: Reads) -> Verdict:
    reasons = [of_finding(finding, side, terms.asked) for side, finding in _once(found)]
    if terms.has_open_case:
        reasons.append(state_reason("A08"))
    waived = [reason for reason in reasons if terms.has_exception and _may_be_waived(reason, reads)]
    standing = tuple(reason for reason in reasons if reason not in waived)
    outcome = Outcome.REFUSED if standing else Outcome.ACCEPTED
    cited = [article for reason in standing or waived for article in reason.articles]
    if outcome is Outcome.ACCEPTED:
        cited += [scheme_article(terms.asked), "N7"]
    return Verdict(outcome, standing, waived=tuple(waived), articles=tuple(dict.fromkeys(cited)))


@law("N5-2")
def _may_be_waived(reason: StatedReason, reads: Reads) -> bool:
    """N5-2 holds 原则上: by default a clerk's reason may set A04 aside, and nothing else."""
    return reason.code == "A04" and reads.value(SAME_YEAR) == "clerk-exception"


def _own_unknowns(answers: Answers, terms: Terms, at: datetime) -> Iterator[Unknown]:
    sides = ((Side.OUTBOUND, answers.outbound, terms.outbound), (Side.INBOUND, answers.inbound, terms.inbound))
    for side, answer, rules in sides:
        if answer is None:
            yield Unknown(side, None, "尚未答复")
            continue
        untold = [_unknown(side, finding) for finding in answer.findings if finding.is_unknown]
        if not untold and not rules.is_fresh(answer.facts, at):
            untold = [Unknown(side, None, "参保信息不是最新")]
        yield from untold


def _unknown(side: Side, finding: Finding) -> Unknown:
    return Unknown(side, finding.code, finding.note or "尚不能确定")


def _own_findings(answers: Answers) -> Iterator[Found]:
    for side, answer in ((Side.OUTBOUND, answers.outbound), (Side.INBOUND, answers.inbound)):
        yield from ((side, finding) for finding in (answer.findings if answer is not None else ()))


def _once(found: Sequence[Found]) -> list[Found]:
    """Without a finding that a side has stated and the platform has found too."""
    first: dict[tuple[Side | None, str], Found] = {}
    for side, finding in found:
        first.setdefault((side, finding.code), (side, finding))
    return list(first.values())


def _side_readings(answers: Answers) -> list[tuple[Side, ReadingUsed]]:
    sides = ((Side.OUTBOUND, answers.outbound), (Side.INBOUND, answers.inbound))
    return [(side, each) for side, answer in sides if answer is not None for each in answer.readings]


def _questions(answers: Answers, terms: Terms, at: datetime, reads: Reads, outcome: Outcome) -> Iterator[LocalQuestion]:
    """Decides again under each other meaning of each reading that nobody has set, and compares."""
    for side, used in _side_readings(answers):
        for other in () if used.is_set else used.otherwise:
            under = _decide(_answering(answers, side, other.findings), terms, at, Reads(terms.inbound)).outcome
            if under is not outcome:
                yield _question(used.name, used.value, other.value, under)
    for name, choice in reads.asked:
        for value in () if choice.is_set else choice.others:
            rules = terms.inbound.under(name, value)
            under = _decide(answers, replace(terms, inbound=rules), at, Reads(rules)).outcome
            if under is not outcome:
                yield _question(name, choice.value, value, under)


def _answering(answers: Answers, side: Side, findings: tuple[Finding, ...]) -> Answers:
    answer = answers.outbound if side is Side.OUTBOUND else answers.inbound
    changed = None if answer is None else answer.model_copy(update={"findings": findings})
    return replace(answers, outbound=changed) if side is Side.OUTBOUND else replace(answers, inbound=changed)


def _question(name: str, value: str, other: str, under: Outcome) -> LocalQuestion:
    reading = READINGS.get(name)
    if reading is None:  # a side that knows more readings than we do
        return LocalQuestion(name, f"{name}：本地区没有规定，暂按 {value}；若按 {other}，则为{_OUTCOME_NAMES[under]}")
    here, there = (reading.meanings.get(each, each) for each in (value, other))
    text = f"{reading.question}本地区没有规定，暂按：{here}若按：{there}结论为{_OUTCOME_NAMES[under]}。"
    return LocalQuestion(name, text)
