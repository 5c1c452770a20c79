"""What is measured: sizes and choices from the environment, such as ``make bench CASES=500 SEED=7``."""

import os
import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path

from stack.paths import STATE

_SINGLE_CASES, _BULK_CASES = 400, 2000


class Mode(StrEnum):
    """How the work is done: call by call with clerks, or in bulk with automatic steps."""

    SINGLE = "single"
    BULK = "bulk"


MODE_NAMES = {Mode.SINGLE: "逐件调用", Mode.BULK: "批量与自动"}


@dataclass(frozen=True, slots=True)
class Plan:
    """``cases`` by mode; ``clients`` calls at once where calls are single, ``batch`` items in a bulk call.

    ``is_split``: API and worker as processes of their own. ``profiled``: the package that runs under cProfile.
    ``within_seconds``: until when every case of a mode must be closed.
    """

    cases: Mapping[Mode, int]
    seed: int
    clients: int
    batch: int
    warm_up: int = 40
    is_split: bool = False
    profiled: str | None = None
    within_seconds: float = 300.0
    state: Path = STATE / "bench"

    @classmethod
    def from_environment(cls) -> "Plan":
        """``CASES`` or ``CASES_SINGLE``/``CASES_BULK``, ``SEED``, ``CLIENTS``, ``BATCH``, ``SPLIT=1``, ``PROFILE``."""
        single = _number("CASES_SINGLE", _number("CASES", _SINGLE_CASES))
        bulk = _number("CASES_BULK", _number("CASES", _BULK_CASES))
        return cls(
            cases={mode: cases for mode, cases in ((Mode.SINGLE, single), (Mode.BULK, bulk)) if cases},
            seed=_number("SEED", secrets.randbelow(2**31)),
            clients=_number("CLIENTS", 12),
            batch=_number("BATCH", 100),
            is_split=os.environ.get("SPLIT") == "1",
            profiled=os.environ.get("PROFILE") or None,
        )


def _number(name: str, default: int) -> int:
    return int(os.environ.get(name) or default)
