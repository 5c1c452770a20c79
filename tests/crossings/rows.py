"""The table of crossing messages, read."""

import tomllib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import product
from pathlib import Path

from shared.contracts.events import EVENTS, Event, MessageReceipt, ResendRequested
from shared.contracts.party import Role

_TABLE = tomllib.loads((Path(__file__).parent / "table.toml").read_text(encoding="utf-8"))
_OF_THE_EXCHANGE = (MessageReceipt, ResendRequested)
Pair = frozenset[str]


@dataclass(frozen=True, slots=True)
class Crossing:
    """One row: every message of ``one`` with every message of ``other`` comes to ``outcome``."""

    id: str
    one: Sequence[str]
    other: Sequence[str]
    outcome: str

    def line(self) -> str:
        """The row as docs/design.md shows it."""
        return f"| {_names(self.one)} ✕ {_names(self.other)} | {self.outcome} |"


CROSSINGS = {row["id"]: Crossing(**row) for row in _TABLE["crossing"]}
assert len(CROSSINGS) == len(_TABLE["crossing"])


def told_pairs() -> set[Pair]:
    """Every pair that the table speaks of, crossing or not."""
    rows = (*_TABLE["crossing"], *_TABLE["apart"])
    return {frozenset(pair) for row in rows for pair in product(_meant(row["one"]), _meant(row["other"]))}


def possible_pairs() -> set[Pair]:
    """Every pair that the events' routes let cross: in flight between two, or from two senders to one."""
    legs = [(name, *route) for name, event in _events().items() for route in event.routes]
    return {
        frozenset((one[0], other[0])) for one, other in product(legs, legs) if one[0] != other[0] if _meet(one, other)
    }


def _meet(one: tuple[str, Role, Role], other: tuple[str, Role, Role]) -> bool:
    is_in_flight = (one[1], one[2]) == (other[2], other[1])
    return is_in_flight or (one[2] == other[2] and one[1] != other[1])


def _events() -> dict[str, type[Event]]:
    return {event.__name__: event for event in EVENTS.values() if event not in _OF_THE_EXCHANGE}


def _meant(names: Sequence[str]) -> Iterator[str]:
    for name in names:
        yield from _events() if name == "*" else (name,)


def _names(names: Sequence[str]) -> str:
    return ", ".join(name if " " in name else f"`{name}`" for name in names)
