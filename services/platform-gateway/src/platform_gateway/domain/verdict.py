"""The verdict on an application: one ladder over both sides' answers (N5, N7)."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from platform_gateway.domain.reasons import StatedReason, of_finding, state_reason
from shared.contracts.facts import CheckResult, Side, SideFacts


class Outcome(StrEnum):
    """What an application comes to."""

    ACCEPTED = "accepted"
    REFUSED = "refused"
    CHECKING = "checking"


@dataclass(frozen=True, slots=True)
class Answers:
    """What each side has said so far; ``None``: it has not answered."""

    outbound: CheckResult | None = None
    inbound: CheckResult | None = None


@dataclass(frozen=True, slots=True)
class Verdict:
    """The outcome with every reason at once; ``unknown`` names the sides that must be asked again."""

    outcome: Outcome
    reasons: tuple[StatedReason, ...] = ()
    unknown: tuple[Side, ...] = ()


JointRule = Callable[[SideFacts, SideFacts], Sequence[StatedReason]]

JOINT_RULES: tuple[JointRule, ...] = ()
"""Rules that need the facts of both sides stand here: (outbound, inbound) → reasons."""


def unknown_sides(answers: Answers, now: datetime, max_age: timedelta) -> tuple[Side, ...]:
    """The sides whose answer decides nothing: none, one that cannot tell, or facts older than ``max_age``."""
    sides = ((Side.OUTBOUND, answers.outbound), (Side.INBOUND, answers.inbound))
    return tuple(side for side, answer in sides if answer is None or not _is_usable(answer, now, max_age))


def decide(answers: Answers, *, has_open_case: bool, now: datetime, max_age: timedelta) -> Verdict:
    """The verdict. While a side is unknown nothing is refused, so that all reasons come at once.

    ``has_open_case`` is A08: another case of the same outbound relation is open.
    """
    unknown = unknown_sides(answers, now, max_age)
    if unknown or answers.outbound is None or answers.inbound is None:
        return Verdict(Outcome.CHECKING, unknown=unknown)
    reasons = [
        *(of_finding(finding, Side.OUTBOUND) for finding in answers.outbound.findings),
        *(of_finding(finding, Side.INBOUND) for finding in answers.inbound.findings),
        *(reason for rule in JOINT_RULES for reason in rule(answers.outbound.facts, answers.inbound.facts)),
    ]
    if has_open_case:
        reasons.append(state_reason("A08"))
    if reasons:
        return Verdict(Outcome.REFUSED, tuple(reasons))
    return Verdict(Outcome.ACCEPTED)


def _is_usable(answer: CheckResult, now: datetime, max_age: timedelta) -> bool:
    if any(finding.is_unknown for finding in answer.findings):
        return False
    as_of = answer.facts.facts_as_of
    return as_of is not None and now - as_of <= max_age
