"""A verdict as it is stored with its case and shown: what it rests on, and what is still unknown since when."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any

from platform_gateway.domain.verdict import Terms, Verdict
from shared.registry.policy.readings import READINGS, ReadingChoice

Document = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class GivenException:
    """A clerk's reason for departing from a principle (N5-2): who gave it, at which agency, when (UTC)."""

    code: str
    reason: str
    given_by: str
    given_for: str
    given_at: datetime


def explain(verdict: Verdict, terms: Terms, at: datetime, before: Document | None) -> dict[str, Any]:
    """The document of a verdict given at ``at``; ``before`` is that of the last round, whose exception stays.

    An unknown keeps the instant since when it has been so.
    """
    earlier = before or {}
    since = {(each["side"], each["code"]): each["since"] for each in earlier.get("unknown", ())}
    return {
        "outcome": verdict.outcome.value,
        "decided_at": at.isoformat(),
        "articles": list(verdict.articles),
        "readings": [asdict(each) for each in verdict.readings],
        "needs_local_decision": bool(verdict.questions),
        "local_questions": [asdict(each) for each in verdict.questions],
        "waived": [asdict(each) for each in verdict.waived],
        "unknown": [
            {**asdict(each), "since": since.get((each.side.value, each.code), at.isoformat())}
            for each in verdict.unknown
        ],
        "policies": {"outbound": terms.outbound.version, "inbound": terms.inbound.version},
        "exception": earlier.get("exception"),
    }


def with_exception(given: GivenException | None) -> dict[str, Any] | None:
    """What a case begins with: a clerk's exception, or nothing."""
    if given is None:
        return None
    return {"exception": {**asdict(given), "given_at": given.given_at.isoformat()}}


def settled_by_hand(before: Document | None, outcome: str, settled_by: list[str], at: datetime) -> dict[str, Any]:
    """The document of a verdict that two clerks gave where a side stayed silent; what was unknown stays readable."""
    return {**(before or {}), "outcome": outcome, "decided_at": at.isoformat(), "settled_by": settled_by}


def with_reading(document: Document | None, choice: ReadingChoice) -> dict[str, Any]:
    """A verdict's document with one more reading, whose value its consequences are.

    Where the region has not set it, that is a question for a local decision.
    """
    held = dict(document or {})
    used = {"name": choice.name, "value": choice.value, "is_set": choice.is_set}
    found = {**held, "readings": [*held.get("readings", ()), used]}
    if choice.is_set:
        return found
    questions = [*held.get("local_questions", ()), {"reading": choice.name, "text": _question(choice)}]
    return {**found, "needs_local_decision": True, "local_questions": questions}


def _question(choice: ReadingChoice) -> str:
    reading = READINGS[choice.name]
    others = "或：".join(text for value, text in reading.meanings.items() if value != choice.value)
    return f"{reading.question}本地区没有规定，暂按：{reading.meanings[choice.value]}也可以是：{others}"
