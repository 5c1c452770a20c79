"""What holds in an area where no region has said anything."""

from collections.abc import Iterator, Mapping
from typing import Any

from shared.registry.policy.effective import EffectivePolicy
from shared.registry.policy.layers import Path

_READINGS = "readings"


def defaults(policy: EffectivePolicy) -> Iterator[tuple[Path, Any]]:
    """Every value that nobody in the line has set, with the one that holds; ``None``: a local decision has to say.

    Readings are left out: ``EffectivePolicy.reading`` tells them.
    """
    sections = policy.sections.model_dump(mode="json", exclude={_READINGS})
    yield from ((path, value) for path, value in _leaves((), sections) if path not in policy.layer)


def _leaves(path: Path, table: Mapping[str, Any]) -> Iterator[tuple[Path, Any]]:
    for name, value in table.items():
        if isinstance(value, Mapping):
            yield from _leaves((*path, name), value)
        else:
            yield (*path, name), value
