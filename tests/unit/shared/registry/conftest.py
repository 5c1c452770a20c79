"""Snapshots to look things up in."""

from collections.abc import Callable
from typing import Any

import pytest

from shared.registry.models import RegistrySnapshot


@pytest.fixture
def make_snapshot() -> Callable[..., RegistrySnapshot]:
    def make(*areas: dict[str, Any], **changes: Any) -> RegistrySnapshot:
        document = {"version": 1, "issued_at": "2026-03-01T00:00:00Z", "areas": areas, "platform_keys": ()} | changes
        return RegistrySnapshot.model_validate(document)

    return make
