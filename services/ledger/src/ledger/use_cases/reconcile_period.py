"""Draw up the report of an agency's day or month."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from sqlalchemy.ext.asyncio import AsyncConnection

from ledger.domain.reconciliation import PeriodReport, ReportPeriod
from ledger.domain.report_lists import Section
from ledger.repository import reconciliation, reconciliation_lists
from ledger.repository.reconciliation_lists import ListedItem

FIRST_ITEMS = 20


@dataclass(frozen=True, slots=True)
class FullReport:
    """The figures, and of each list that is not empty the first ``FIRST_ITEMS`` items, and one more if there is one."""

    figures: PeriodReport
    lists: Mapping[Section, Sequence[ListedItem]]


async def reconcile_period(connection: AsyncConnection, period: ReportPeriod) -> FullReport:
    """The report as the books know it now. The caller's transaction shows one picture of the books to all of it."""
    figures = await count_period(connection, period)
    shown = [total.section for total in figures.sections if total.count]
    return FullReport(figures, await reconciliation_lists.first_pages(connection, period, shown, limit=FIRST_ITEMS))


async def count_period(connection: AsyncConnection, period: ReportPeriod) -> PeriodReport:
    """The figures of the report alone."""
    is_day = period.since == period.on
    accounts = (
        await reconciliation.account_days(connection, period.admdvs, period.on)
        if is_day
        else await reconciliation.accounts_over(connection, period)
    )
    moved = await reconciliation.moved(connection, period)
    return PeriodReport(
        period,
        accounts,
        moved.suspense_books,
        [
            *moved.matched,
            *await reconciliation.waiting(connection, period),
            *await reconciliation.owed(connection, period),
        ],
        moved.came_back_fen,
        moved.written_off_fen,
    )
