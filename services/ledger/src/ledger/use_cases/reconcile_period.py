"""Draw up the report of an agency's day or month."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy.ext.asyncio import AsyncConnection

from ledger.domain.reconciliation import PeriodReport, Section
from ledger.repository import reconciliation
from ledger.repository.reconciliation import BusinessItem, MoneyItem

MAX_ITEMS = 10_000


@dataclass(frozen=True, slots=True)
class FullReport:
    """The figures with their lists; lists are bounded by ``MAX_ITEMS``, the figures never."""

    figures: PeriodReport
    money: dict[Section, list[MoneyItem]]
    business: Sequence[BusinessItem]


async def reconcile_period(connection: AsyncConnection, admdvs: str, since: date, day: date) -> FullReport:
    """The report from ``since`` to ``day``, both counted, as the books know it now; of one day where both are one."""
    is_day = since == day
    accounts = (
        await reconciliation.account_days(connection, admdvs, day)
        if is_day
        else await reconciliation.accounts_over(connection, admdvs, since, day)
    )
    figures = PeriodReport(
        admdvs,
        since,
        day,
        accounts,
        await reconciliation.suspense_checks(connection, admdvs, day),
        await reconciliation.tallies(connection, admdvs, since, day),
    )
    money: dict[Section, list[MoneyItem]] = defaultdict(list)
    for section, item in await reconciliation.money_items(connection, admdvs, since, day, MAX_ITEMS):
        money[section].append(item)
    business = await reconciliation.business_items(connection, admdvs, since, day, MAX_ITEMS)
    return FullReport(figures, dict(money), business)
