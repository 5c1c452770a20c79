"""What a decision stands on: the policy, and how the open places of the texts are read."""

from shared.registry.policy.benefits import Benefits
from shared.registry.policy.effective import EffectivePolicy
from shared.registry.policy.readings import ReadingChoice

_PARTS = ("", ".first_month", ".waiting_months", ".is_gap_reimbursed")


class Ground:
    """The policy with the readings that were asked for."""

    __slots__ = ("_cited", "_forced", "_forced_value", "_policy", "benefits", "used")

    def __init__(self, policy: EffectivePolicy) -> None:
        self.benefits: Benefits = policy.sections.benefits
        self.used: dict[str, ReadingChoice] = {}
        self._policy = policy
        self._forced: str | None = None
        self._forced_value = ""
        self._cited: dict[tuple[str, ...], tuple[str, ...]] = {}

    def under(self, name: str, value: str) -> "Ground":
        """The same with another meaning of one reading."""
        other = Ground(self._policy)
        other.used = self.used.copy()
        other._forced, other._forced_value = name, value
        other._cited = self._cited
        return other

    def reading(self, name: str) -> str:
        """The meaning to follow; noted as used."""
        if name == self._forced:
            return self._forced_value
        choice = self.used.get(name)
        if choice is None:
            choice = self.used[name] = self._policy.reading(name)
        return choice.value

    def articles(self, path: str, *always: str) -> tuple[str, ...]:
        """``always``, then what the regions that set ``benefits.<path>`` name as their ground."""
        found = self._cited.get((path, *always))
        if found is None:
            found = self._cited[path, *always] = self._find_articles(path, always)
        return found

    def _find_articles(self, path: str, always: tuple[str, ...]) -> tuple[str, ...]:
        cited = dict.fromkeys(always)
        for part in _PARTS:
            origin = self._policy.origins.get(f"benefits.{path}{part}")
            cited |= dict.fromkeys(origin.articles if origin else ())
        return tuple(cited)
