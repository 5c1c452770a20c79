"""The inbound's own gauges: names and codes, never data of persons."""

from collections.abc import Collection

from prometheus_client import Gauge

from inbound.domain.case import CaseState
from inbound.repository.worklist import count_by_state, count_overdue
from shared.clock import Clock, local_date
from shared.database import Database

CASES = Gauge("transfer_inbound_cases", "Cases by agency and state", ("admdvs", "state"))
OVERDUE = Gauge("transfer_inbound_overdue", "Cases whose sheet lies here past its last day (N9)", ("admdvs",))


async def measure(database: Database, clock: Clock, agencies: Collection[str]) -> bool:
    """Set the gauges to what the database holds; never asks to be done again at once."""
    async with database.connection() as connection:
        counted = await count_by_state(connection)
        overdue = await count_overdue(connection, local_date(clock.now()))
    for admdvs in agencies:
        OVERDUE.labels(admdvs).set(overdue.get(admdvs, 0))
        for state in CaseState:
            CASES.labels(admdvs, state.value).set(counted.get((admdvs, state.value), 0))
    return False
