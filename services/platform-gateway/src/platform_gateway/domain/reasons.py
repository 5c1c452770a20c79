"""A reason as the applicant is told it: code, text, remedy and articles (N7)."""

from collections.abc import Sequence
from dataclasses import dataclass

from shared.contracts.codes import Insutype
from shared.contracts.facts import Finding, Side
from shared.contracts.reasons import REASONS
from shared.eligibility import Asked
from shared.law import law

_BY_SCHEMES = frozenset({"A01", "A02"})
"""Conditions that N5 states for each pair of schemes in an item of its own."""


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
    articles: Sequence[str] | None = None,
) -> StatedReason:
    """The catalogue's words for ``code``; a code that the catalogue does not hold is shown with its note alone.

    ``articles`` stand in place of the catalogue's where the case makes them more exact.
    """
    known = REASONS.get(code)
    if known is None:
        return StatedReason(code, note or code, "请与经办机构联系。", (), side, note, pointer, tuple(readings))
    cited = known.articles if articles is None else tuple(articles)
    return StatedReason(code, known.title, known.remedy, cited, side, note, pointer, tuple(readings))


def of_finding(finding: Finding, side: Side | None, asked: Asked) -> StatedReason:
    """A finding in the words of the catalogue; ``side`` is ``None`` where both sides' facts made it."""
    articles = (scheme_article(asked), "N7") if finding.code in _BY_SCHEMES else None
    return state_reason(finding.code, side=side, note=finding.note, readings=finding.readings, articles=articles)


@law("N5-1", "N5-2", "N5-3", "N14")
def scheme_article(asked: Asked) -> str:
    """The item that a transfer between these schemes follows; inside one area N14 applies it by analogy."""
    if asked.is_inside_area:
        return "N14"
    if asked.trafout_insutype != asked.trafin_insutype:
        return "N5-3"
    return "N5-1" if asked.trafin_insutype == Insutype.EMPLOYEE else "N5-2"
