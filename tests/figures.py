"""The daily reports of all sides to the platform, made when a test asks for them."""

from collections.abc import Mapping, Sequence
from typing import Any

from inbound.repository.figures import SOURCE as INBOUND
from ledger.repository.figures import SOURCE as LEDGER
from outbound.repository.figures import SOURCE as OUTBOUND
from shared.figures.report_figures import FiguresSource, report_figures
from tests.four_services import FourServices

SOURCES: Mapping[str, FiguresSource] = {"outbound": OUTBOUND, "inbound": INBOUND, "ledger": LEDGER}


async def report(system: FourServices, *packages: str, most_cases: int = 250) -> None:
    """Every agency's report of all of its cases, as if the day had just begun; carried to the platform."""
    for package in packages or SOURCES:
        await system[package].alter("DELETE FROM figures_run")
        context = system[package].context
        settings = context.settings.model_copy(update={"figures_hour": 0, "figures_rotation_days": 1})
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
    await system.run()


async def open_breaks(system: FourServices) -> Sequence[Mapping[str, Any]]:
    """What does not agree."""
    return await system["platform_gateway"].rows("SELECT * FROM invariant_break WHERE settled_at IS NULL ORDER BY id")
