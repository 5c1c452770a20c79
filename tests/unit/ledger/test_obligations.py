"""What a new sheet version owes, given what older ones have moved."""

import pytest

from ledger.domain.obligations import Direction, Earlier, Owed, owed_by_version

PAY, NOTHING, RETURN = Direction.PAY, Direction.NOTHING, Direction.RETURN


def paid(due: int, number: int = 1, direction: Direction = PAY) -> Earlier:
    return Earlier(number, direction, due, is_committed=True)


def waiting(due: int, number: int = 1, direction: Direction = PAY) -> Earlier:
    return Earlier(number, direction, due, is_committed=False)


@pytest.mark.parametrize(
    ("amount", "earlier", "owed"),
    [
        (100, [], Owed(PAY, 100, ())),
        (0, [], Owed(NOTHING, 0, ())),
        (90, [waiting(100)], Owed(PAY, 90, (1,))),
        (0, [waiting(100)], Owed(NOTHING, 0, (1,))),
        (100, [paid(100)], Owed(NOTHING, 0, ())),
        (130, [paid(100)], Owed(PAY, 30, ())),
        (80, [paid(100)], Owed(RETURN, 20, ())),
        (0, [paid(100)], Owed(RETURN, 100, ())),
        (150, [paid(100), waiting(30, 2)], Owed(PAY, 50, (2,))),
        (150, [paid(100), paid(30, 2)], Owed(PAY, 20, ())),
        (100, [paid(100), waiting(20, 2, RETURN)], Owed(NOTHING, 0, (2,))),
        (100, [paid(100), paid(20, 2, RETURN)], Owed(PAY, 20, ())),
        (100, [paid(100), paid(0, 2, NOTHING)], Owed(NOTHING, 0, ())),
    ],
)
def test_version_owes_the_difference(amount: int, earlier: list[Earlier], owed: Owed) -> None:
    assert owed_by_version(amount, earlier) == owed
