"""The routers that both agency services serve: to the core system, and 试算 of sheets."""

from shared.agency.api import controls, core_tasks, persons, sheet_trials
from shared.web.routing import Router


def routers() -> list[Router]:
    """All of them; the service's context must be an ``AgencyContext``."""
    return [persons.router, controls.router, core_tasks.router, sheet_trials.router]
