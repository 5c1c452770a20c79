"""What changes between two policies, value by value."""

from dataclasses import dataclass

from shared.registry.policy.effective import EffectivePolicy
from shared.registry.policy.layers import Value


@dataclass(frozen=True, slots=True)
class Difference:
    """A value, by its dotted path, before and after; ``None`` where nobody sets it."""

    path: str
    before: Value | None
    after: Value | None


def differences(before: EffectivePolicy, after: EffectivePolicy) -> list[Difference]:
    """Every value that is another one, or that another version or other articles set, by path."""
    paths = sorted({*before.layer, *after.layer})
    pairs = ((path, before.layer.get(path), after.layer.get(path)) for path in paths)
    return [Difference(".".join(path), one, other) for path, one, other in pairs if one != other]
