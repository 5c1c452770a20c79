"""Count due dates: the day of the warning of new clocks, and provisional dates again when the registry has changed."""

from sqlalchemy import Table

from shared.agency.due_dates import count_dates
from shared.agency.repository.due_dates import lock_clocks, save_dates
from shared.database import Database
from shared.registry.registry import Registry

_PAGE = 500


class DueDates:
    """A worker's loop over the service's table of cases; it remembers which registry version it has counted by."""

    def __init__(self, database: Database, cases: Table, due: str) -> None:
        self._database = database
        self._cases = cases
        self._due = due
        self._counted_by = 0

    async def count(self, registry: Registry) -> int:
        """Count what is to be counted, page by page; how many cases that were."""
        is_new = registry.version != self._counted_by
        after, done = "", 0
        while True:
            async with self._database.transaction() as connection:
                clocks = await lock_clocks(connection, self._cases, with_provisional=is_new, after=after, limit=_PAGE)
                counted = [count_dates(clock, registry.calendar) for clock in clocks]
                await save_dates(connection, self._cases, self._due, counted)
            done += len(clocks)
            if len(clocks) < _PAGE:
                self._counted_by = registry.version
                return done
            after = clocks[-1].rlts_traf_id
