"""Draw up the report of an agency's day or month."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from sqlalchemy.ext.asyncio import AsyncConnection

from ledger.domain.reconciliation import PeriodReport, ReportPeriod, Section
from ledger.repository import reconciliation, reconciliation_lists
from ledger.repository.reconciliation_lists import ListedItem

FIRST_ITEMS = 50


@dataclass(frozen=True, slots=True)
class FullReport:
    """The figures, and of each list that is not empty the first ``FIRST_ITEMS`` items, and one more if there is one."""

    figures: PeriodReport
    lists: Mapping[Section, Sequence[ListedItem]]


async def reconcile_period(connection: AsyncConnection, period: ReportPeriod) -> FullReport:
    """The report as the books know it now. The caller's transaction shows one picture of the books to all of it."""
    figures = await count_period(connection, period)
    lists = {
        total.section: await reconciliation_lists.page(connection, period, total.section, after=None, limit=FIRST_ITEMS)
        for total in figures.sections
        if total.count
    }
    return FullReport(figures, lists)


async def count_period(connection: AsyncConnection, period: ReportPeriod) -> PeriodReport:
    """The figures of the report alone."""
    is_day = period.since == period.on
    accounts = (
        await reconciliation.account_days(connection, period.admdvs, period.on)
        if is_day
        else await reconciliation.accounts_over(connection, period)
    )
    return PeriodReport(
        period,
        accounts,
        await reconciliation.suspense_books(connection, period.admdvs, period.on),
        [
            *await reconciliation.matched(connection, period),
            *await reconciliation.waiting(connection, period),
            *await reconciliation.owed(connection, period),
        ],
        await reconciliation.came_back(connection, period),
        await reconciliation.written_off_rests(connection, period),
    )
