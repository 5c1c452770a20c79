"""What happens to one scenario while it runs."""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from demo.scenario import Scenario

Json = dict[str, Any]
OnProgress = Callable[["CaseRun", str], None]


def _ignore(_run: "CaseRun", _doing: str) -> None:
    return None


@dataclass(slots=True)
class CaseRun:
    """One scenario under way: what was answered, what the case is now, and what came out otherwise than expected.

    ``run_id`` keeps the Idempotency-Keys of two runs apart; within a run a retry has the same key.
    ``answers`` holds the last answer of every client that applied; the first is the one that was not refused,
    where there is one; ``answered_seconds`` is how long the verdict took. ``transfer`` and ``history`` are the
    platform's view at the end, ``benefits`` and ``years`` the inbound's newest decisions; ``paid_fen`` is what the
    payer's bank was told to pay.
    """

    scenario: Scenario
    run_id: str
    on_progress: OnProgress = _ignore
    answers: list[Json] = field(default_factory=list)
    transfer: Json = field(default_factory=dict)
    history: list[Json] = field(default_factory=list)
    paid_fen: int = 0
    suspense: list[Json] = field(default_factory=list)
    suspense_before_sheet: list[Json] = field(default_factory=list)
    benefits: Json = field(default_factory=dict)
    years: Json = field(default_factory=dict)
    person_before: Json = field(default_factory=dict)
    person_after: Json = field(default_factory=dict)
    deviations: list[str] = field(default_factory=list)
    doing: str = "等待开始"
    answered_seconds: float = 0.0

    @property
    def answer(self) -> Json:
        """The answer that counts."""
        return self.answers[0] if self.answers else {}

    @property
    def outcome(self) -> str | None:
        """accepted, refused, not_needed, not_taken; ``None`` before the answer."""
        return self.answer.get("outcome")

    @property
    def rlts_traf_id(self) -> str:
        """The case number; empty where no case arose."""
        return self.answer.get("rlts_traf_id") or ""

    def key(self, name: str) -> str:
        """The Idempotency-Key of one request of this run."""
        return f"{self.run_id}-{self.scenario.letter}-{name}"

    def step(self, doing: str) -> None:
        """Say what is being done now."""
        self.doing = doing
        self.on_progress(self, doing)
