"""A verdict as it is stored with its case and shown: what it rests on, and what is still unknown since when."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any

from platform_gateway.domain.verdict import Terms, Verdict

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


def with_reading(document: Document | None, name: str, value: str, *, is_set: bool) -> dict[str, Any]:
    """A verdict's document with one more reading that its consequences used."""
    held = dict(document or {})
    return {**held, "readings": [*held.get("readings", ()), {"name": name, "value": value, "is_set": is_set}]}
