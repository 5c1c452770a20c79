"""The ledger's outcome of every line beside the known answer. A wrong automatic match is never right."""

from collections import Counter
from collections.abc import AsyncIterable, Iterable
from dataclasses import dataclass, field

from bench.known.world import Answer


@dataclass(frozen=True, slots=True)
class Outcome:
    """What the ledger made of a line; fields as in ``Answer``."""

    outcome: str
    rlts_traf_id: str | None = None
    reason: str | None = None
    line_class: str | None = None


@dataclass(slots=True)
class Comparison:
    """Counts over all lines; ``differences`` tells kind, expected and found of the first hundred that differ."""

    lines: int = 0
    matched: int = 0
    wrong_matches: int = 0
    differing: Counter[str] = field(default_factory=Counter)
    differences: list[tuple[str, Answer, Outcome]] = field(default_factory=list)

    @property
    def share_matched(self) -> float:
        """The share of lines that were matched by themselves."""
        return self.matched / self.lines if self.lines else 0.0


_MAX_LISTED = 100


async def compare(answers: Iterable[Answer], outcomes: AsyncIterable[Outcome]) -> Comparison:
    """Both in the order of the lines; raises ``ValueError`` where one of them ends early."""
    found, expected = Comparison(), iter(answers)
    async for outcome in outcomes:
        answer = next(expected, None)
        if answer is None:
            raise ValueError("the ledger has lines that were not told")
        found.lines += 1
        found.matched += outcome.outcome == "matched"
        is_right_match = answer.outcome == "matched" and answer.rlts_traf_id == outcome.rlts_traf_id
        found.wrong_matches += outcome.outcome == "matched" and not is_right_match
        if not _agrees(answer, outcome):
            found.differing[answer.kind] += 1
            if len(found.differences) < _MAX_LISTED:
                found.differences.append((answer.kind, answer, outcome))
    if next(expected, None) is not None:
        raise ValueError("the ledger lacks lines")
    return found


def _agrees(answer: Answer, outcome: Outcome) -> bool:
    if answer.outcome != outcome.outcome:
        return False
    told = (answer.rlts_traf_id, answer.reason, answer.line_class)
    return told == (
        outcome.rlts_traf_id if answer.rlts_traf_id else None,
        outcome.reason,
        outcome.line_class if answer.line_class else None,
    )
