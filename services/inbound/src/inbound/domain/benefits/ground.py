"""What a decision stands on: the policy, and how the open places of the texts are read."""

from collections.abc import Mapping

from shared.registry.policy.benefits import Benefits
from shared.registry.policy.effective import EffectivePolicy
from shared.registry.policy.readings import ReadingChoice

_PARTS = ("", ".first_month", ".waiting_months", ".is_gap_reimbursed")


class Ground:
    """The policy with the readings that were asked for; ``forced`` meanings stand over the policy's."""

    def __init__(self, policy: EffectivePolicy, forced: Mapping[str, str] | None = None) -> None:
        self.benefits: Benefits = policy.sections.benefits
        self.used: dict[str, ReadingChoice] = {}
        self._policy = policy
        self._forced = forced or {}

    def reading(self, name: str) -> str:
        """The meaning to follow; noted as used."""
        choice = self.used.get(name)
        if choice is None:
            choice = self.used[name] = self._policy.reading(name)
        return self._forced.get(name, choice.value)

    def articles(self, path: str, *always: str) -> tuple[str, ...]:
        """``always``, then what the regions that set ``benefits.<path>`` name as their ground."""
        cited = dict.fromkeys(always)
        for part in _PARTS:
            origin = self._policy.origins.get(f"benefits.{path}{part}")
            cited |= dict.fromkeys(origin.articles if origin else ())
        return tuple(cited)
