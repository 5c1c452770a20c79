"""The rounds are complete, and the same for the same seed."""

from itertools import product
from random import Random

import pytest

from stack.local_stack import SERVICES
from tests.faults.plan import DECK, Round, Upset, plan
from tests.faults.points import Point

WORKER_POINTS = set(Point) - {Point.AFTER_COMMIT_BEFORE_RESPONSE}
API_POINTS = {Point.BEFORE_COMMIT, Point.AFTER_COMMIT_BEFORE_RESPONSE}


def killed(rounds: list[Round]) -> list[tuple[str, str, Point]]:
    return sorted((kill.package, kill.role, kill.point) for each in rounds for kill in each.kills)


@pytest.mark.parametrize("seed", range(20))
def test_twenty_rounds_hold_every_fault_once(seed: int) -> None:
    rounds = plan(DECK, Random(seed))
    assert sorted(each.upset for each in rounds if each.upset) == sorted(Upset)
    everything = [
        *((package, "worker", point) for package, point in product(SERVICES, WORKER_POINTS)),
        *((package, "api", point) for package, point in product(SERVICES, API_POINTS)),
    ]
    assert killed(rounds) == sorted(everything)


@pytest.mark.parametrize("seed", range(20))
def test_nothing_else_ends_a_process_while_all_are_stopped(seed: int) -> None:
    assert [each.kills for each in plan(DECK, Random(seed)) if each.upset is Upset.ALL_TERMINATED] == [()]


@pytest.mark.parametrize("seed", range(20))
def test_everything_is_stopped_only_when_there_is_work(seed: int) -> None:
    [number] = [each.number for each in plan(DECK, Random(seed)) if each.upset is Upset.ALL_TERMINATED]
    assert number > 5


def test_every_round_has_a_fault_and_a_number() -> None:
    rounds = plan(3 * DECK, Random(1))
    assert [each.number for each in rounds] == list(range(1, 61))
    assert all(each.upset or each.kills for each in rounds)
    assert killed(rounds) == sorted(3 * killed(rounds[:DECK]))


def test_the_same_seed_gives_the_same_rounds() -> None:
    assert plan(50, Random(7)) == plan(50, Random(7))
    assert plan(50, Random(7)) != plan(50, Random(8))
