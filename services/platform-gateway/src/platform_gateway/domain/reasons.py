"""A reason as the applicant is told it: code, text, remedy and articles (N7)."""

from collections.abc import Sequence
from dataclasses import dataclass

from shared.contracts.facts import Finding, Side
from shared.contracts.reasons import REASONS


@dataclass(frozen=True, slots=True)
class StatedReason:
    """One reason of a verdict. ``side`` is ``None`` where the platform itself found it."""

    code: str
    title: str
    remedy: str
    articles: tuple[str, ...]
    side: Side | None = None
    note: str | None = None
    pointer: str | None = None
    readings: tuple[str, ...] = ()


def state_reason(
    code: str,
    *,
    side: Side | None = None,
    note: str | None = None,
    pointer: str | None = None,
    readings: Sequence[str] = (),
) -> StatedReason:
    """The catalogue's words for ``code``; a code that the catalogue does not hold is shown with its note alone."""
    known = REASONS.get(code)
    if known is None:
        return StatedReason(code, note or code, "请与经办机构联系。", (), side, note, pointer, tuple(readings))
    return StatedReason(code, known.title, known.remedy, known.articles, side, note, pointer, tuple(readings))


def of_finding(finding: Finding, side: Side) -> StatedReason:
    """A side's finding in the words of the catalogue."""
    return state_reason(finding.code, side=side, note=finding.note, readings=finding.readings)
