"""Which fault comes in which round: shuffled by the seed, and complete over every twenty rounds."""

from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum
from itertools import islice
from random import Random

from stack.local_stack import SERVICES
from tests.faults.points import Point, process_name

DECK = 20

_WORKER_POINTS = (
    Point.BEFORE_COMMIT,
    Point.AFTER_COMMIT_BEFORE_PUBLISH,
    Point.AFTER_PUBLISH_BEFORE_MARK,
    Point.BEFORE_OFFSET_COMMIT,
)
_API_POINTS = (Point.BEFORE_COMMIT, Point.AFTER_COMMIT_BEFORE_RESPONSE)
_MOST_TIMES = 2
_QUIET_ROUNDS = 5


class Upset(StrEnum):
    """What happens to more than one process."""

    BROKER_RESTARTED = "broker stopped and started"
    TOPICS_MADE_AGAIN = "topics deleted and made again"
    BROKER_WIPED = "broker's data wiped"
    ALL_TERMINATED = "SIGTERM to every process"


@dataclass(frozen=True)
class Kill:
    """SIGKILL of one process when it reaches ``point`` for the ``nth`` time."""

    package: str
    role: str
    point: Point
    nth: int

    @property
    def process(self) -> str:
        """The process as the stack calls it."""
        return process_name(self.package, self.role)

    def __str__(self) -> str:
        return f"SIGKILL {self.package} {self.role}, {self.point} ({self.nth})"


@dataclass(frozen=True)
class Round:
    """What happens in one round: an upset, kills, or kills while everybody recovers from the upset."""

    number: int
    upset: Upset | None
    kills: tuple[Kill, ...]

    def __str__(self) -> str:
        return "; ".join([*([self.upset] if self.upset else []), *map(str, self.kills)])


def plan(rounds: int, random: Random) -> list[Round]:
    """The rounds; in every twenty each upset, each point of each worker and of each API comes up once."""
    return list(islice(_endless(random), rounds))


def _endless(random: Random) -> Iterator[Round]:
    number = 0
    while True:
        for upset, kills in _deck(random):
            number += 1
            yield Round(number, upset, kills)


def _deck(random: Random) -> list[tuple[Upset | None, tuple[Kill, ...]]]:
    def kills(role: str, *points: Point) -> list[Kill]:
        return [Kill(package, role, point, random.randint(1, _MOST_TIMES)) for package in SERVICES for point in points]

    deck: list[tuple[Upset | None, tuple[Kill, ...]]] = [
        *((None, (kill,)) for kill in kills("worker", *_WORKER_POINTS)),
        *((upset, ()) for upset in Upset),
    ]
    random.shuffle(deck)
    _put_off_termination(deck, random)
    beside = [*kills("api", *_API_POINTS), *kills("worker", Point.AFTER_COMMIT_BEFORE_RECEIPTS)]
    # A stop must be clean: nothing else may end a process meanwhile.
    places = [place for place, (upset, _) in enumerate(deck) if upset is not Upset.ALL_TERMINATED]
    for place, kill in zip(random.sample(places, len(beside)), beside, strict=True):
        upset, main = deck[place]
        deck[place] = (upset, (*main, kill))
    return deck


def _put_off_termination(deck: list[tuple[Upset | None, tuple[Kill, ...]]], random: Random) -> None:
    """Stop everything only once there is work in every process to be stopped in."""
    place = next(place for place, (upset, _) in enumerate(deck) if upset is Upset.ALL_TERMINATED)
    if place < _QUIET_ROUNDS:
        later = random.randrange(_QUIET_ROUNDS, DECK)
        deck[place], deck[later] = deck[later], deck[place]
