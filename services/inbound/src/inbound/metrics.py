"""The inbound's own gauges: names and codes, never data of persons."""

from collections.abc import Collection

from prometheus_client import Gauge

from inbound.domain.case import CaseState
from inbound.repository.stage import STAGE
from inbound.repository.worklist import count_by_state
from shared.agency.repository.late_cases import count_late
from shared.clock import Clock, local_date
from shared.database import Database

CASES = Gauge("transfer_inbound_cases", "Cases by agency and state", ("admdvs", "state"))
DUE_SOON = Gauge("transfer_inbound_due_soon", "Cases with 80 % of the inbound's days gone, not yet late", ("admdvs",))
OVERDUE = Gauge("transfer_inbound_overdue", "Cases whose sheet lies here past its last day (N9)", ("admdvs",))


async def measure(database: Database, clock: Clock, agencies: Collection[str]) -> bool:
    """Set the gauges to what the database holds; never asks to be done again at once."""
    async with database.connection() as connection:
        counted = await count_by_state(connection)
        due_soon, overdue = await count_late(connection, STAGE, local_date(clock.now()))
    for admdvs in agencies:
        DUE_SOON.labels(admdvs).set(due_soon.get(admdvs, 0))
        OVERDUE.labels(admdvs).set(overdue.get(admdvs, 0))
        for state in CaseState:
            CASES.labels(admdvs, state.value).set(counted.get((admdvs, state.value), 0))
    return False
