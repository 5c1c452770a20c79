"""The daily reports of all sides to the platform, made when a test asks for them."""

from collections.abc import Mapping, Sequence
from typing import Any

from inbound.repository.figures import SOURCE as INBOUND
from ledger.repository.figures import SOURCE as LEDGER
from outbound.repository.figures import SOURCE as OUTBOUND
from shared.clock import local_date
from shared.contracts.events.figures import AFTER_ALL
from shared.figures.report_figures import FiguresSource, report_figures
from shared.figures.rotation import FIRST_CHARACTERS, range_of
from tests.four_services import FourServices

SOURCES: Mapping[str, FiguresSource] = {"outbound": OUTBOUND, "inbound": INBOUND, "ledger": LEDGER}

ROTATION_DAYS = len(FIRST_CHARACTERS)
"""So that the cases whose numbers begin with one character are a day's range."""


async def report(system: FourServices, *packages: str, most_cases: int = 250) -> None:
    """Every agency's report of all of its cases, as if the day had just begun; carried to the platform."""
    for package in packages or SOURCES:
        await system[package].alter("DELETE FROM figures_run")
        await _report(system, package, rotation_days=1, most_cases=most_cases)
    await system.run()


async def report_nights_later(system: FourServices, case: str) -> None:
    """What the sides report of themselves, days after anything happened to ``case``, outside the day's range."""
    system.clock.advance(days=2)
    while (cases := range_of(local_date(system.clock.now()), ROTATION_DAYS)).low <= case < (cases.high or AFTER_ALL):
        system.clock.advance(days=1)
    for package in SOURCES:
        await _report(system, package, rotation_days=ROTATION_DAYS, most_cases=250)
    await system.run()


async def _report(system: FourServices, package: str, *, rotation_days: int, most_cases: int) -> None:
    context = system[package].context
    settings = context.settings.model_copy(update={"figures_hour": 0, "figures_rotation_days": rotation_days})
    signers = context.signers if package == "ledger" else context.office.signers
    system.clock.advance(milliseconds=1)
    while await report_figures(
        system[package].database,
        SOURCES[package],
        settings,
        signers=signers,
        clock=system.clock,
        most_cases=most_cases,
    ):
        system.clock.advance(milliseconds=1)


async def open_breaks(system: FourServices) -> Sequence[Mapping[str, Any]]:
    """What does not agree."""
    return await system["platform_gateway"].rows("SELECT * FROM invariant_break WHERE settled_at IS NULL ORDER BY id")
