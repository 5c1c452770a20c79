"""Count due dates: the day of the warning of new clocks; again where another registry counts other days."""

from datetime import date

from shared.agency.due_dates import count_dates
from shared.agency.repository.due_dates import lock_clocks, save_dates
from shared.agency.repository.late_cases import Stage
from shared.database import Database
from shared.registry.calendar_year import CalendarYear
from shared.registry.registry import Registry

_PAGE = 500


class DueDates:
    """A worker's loop over the service's cases; it remembers which registry version and years it has counted by."""

    def __init__(self, database: Database, stage: Stage) -> None:
        self._database = database
        self._stage = stage
        self._counted_by = 0
        self._years: tuple[CalendarYear, ...] = ()

    async def count(self, registry: Registry) -> int:
        """Count what is to be counted, page by page; how many cases that were."""
        years = registry.snapshot.calendar_years
        is_new = registry.version != self._counted_by
        reloaded_from = _first_day({*years} ^ {*self._years})
        after, done = "", 0
        while True:
            async with self._database.transaction() as connection:
                clocks = await lock_clocks(
                    connection,
                    self._stage,
                    with_provisional=is_new,
                    reloaded_from=reloaded_from,
                    after=after,
                    limit=_PAGE,
                )
                await save_dates(connection, self._stage, [count_dates(clock, registry.calendar) for clock in clocks])
            done += len(clocks)
            if len(clocks) < _PAGE:
                self._counted_by, self._years = registry.version, years
                return done
            after = clocks[-1].rlts_traf_id


def _first_day(changed: set[CalendarYear]) -> date | None:
    """Where what is a working day may have changed from."""
    return date(min(year.year for year in changed), 1, 1) if changed else None
