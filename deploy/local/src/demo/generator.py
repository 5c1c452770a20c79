"""Many transfers in the demo's mix, the same for the same seed."""

from collections.abc import Mapping, Sequence
from random import Random

from demo.people import invent_person
from demo.scenario import Scenario, SideRecord
from shared.months import month_at, month_index

_MAX_EARLIER_MONTHS = 60
_MAX_BALANCE_FEN = 3_000_000


def generate(
    scenarios: Sequence[Scenario], count: int, random: Random, *, counties: Mapping[str, str], first: int = 0
) -> tuple[Scenario, ...]:
    """``count`` scenarios, the given ones in turn with other people, balances and periods.

    ``counties`` names a county of each pooling area; ``first`` is the number of the first one, so that several
    calls on one stack never meet (letters, and with them person numbers, are made of it).
    """
    return tuple(_variant(scenarios[n % len(scenarios)], n, random, counties) for n in range(first, first + count))


def _variant(scenario: Scenario, number: int, random: Random, counties: Mapping[str, str]) -> Scenario:
    area = scenario.application.trafout_admdvs
    return scenario.model_copy(
        update={
            "letter": f"{scenario.letter[0]}{number:06d}",
            "title": f"{scenario.title}（{number}）",
            "person": invent_person(random, counties.get(area, area), serial=number),
            "outbound": None if scenario.outbound is None else _vary(scenario.outbound, random),
        }
    )


def _vary(side: SideRecord, random: Random) -> SideRecord:
    paid = side.paid
    if paid:
        (begin, end), *rest = paid
        earlier = month_at(month_index(begin) - random.randrange(_MAX_EARLIER_MONTHS))
        paid = ((earlier, end), *rest)
    balc = random.randrange(100, _MAX_BALANCE_FEN) if side.balc else 0
    return side.model_copy(update={"paid": paid, "balc": balc})
