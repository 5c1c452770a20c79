"""A policy file that is tried out before it takes effect."""

import json
from collections.abc import Mapping
from functools import lru_cache
from typing import Any

from shared.registry.registry import Registry


def with_policy(registry: Registry, policy: Mapping[str, Any] | None) -> Registry:
    """The registry with one region's file (its content as JSON) in place of the one in force; the same without one.

    Raises ``PolicyRefused`` where the file could not be loaded either.
    """
    return registry if policy is None else _trying(registry, json.dumps(policy, sort_keys=True))


@lru_cache(maxsize=4)
def _trying(registry: Registry, policy: str) -> Registry:
    """A batch tries the same file on every line."""
    return registry.trying(json.loads(policy))
