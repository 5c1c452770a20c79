"""Draw up the checklist of a month's end."""

from dataclasses import replace
from datetime import date, datetime, time, timedelta

from sqlalchemy.ext.asyncio import AsyncConnection

from ledger.domain.periods import CheckCode, CheckItem, first_day_of, last_day_of
from ledger.domain.reconciliation import AgeTotal, ReportPeriod, ages_of
from ledger.domain.trial_balance import totals_by_fund
from ledger.repository import periods, reconciliation, turnover
from shared.clock import SHANGHAI


async def list_open_points(connection: AsyncConnection, admdvs: str, period: str) -> list[CheckItem]:
    """Every point of the checklist of ``period`` (``YYYYMM``) as the books stand now, in the catalogue's order."""
    since, until = first_day_of(period), last_day_of(period)
    ended_at = datetime.combine(until + timedelta(days=1), time(), SHANGHAI)
    days = await reconciliation.account_days(connection, admdvs, until)
    funds = totals_by_fund(await turnover.movements(connection, admdvs, since, until))
    ages = await _suspense_ages(connection, admdvs, since, until)
    found = [
        CheckItem(CheckCode.BANK_DIFFERS, sum(1 for day in days if day.is_told and not day.adds_up)),
        CheckItem(CheckCode.TRIAL_BALANCE, sum(1 for fund in funds if not fund.adds_up)),
        *(
            replace(item, ages=ages) if item.code is CheckCode.OPEN_SUSPENSE else item
            for item in await periods.open_points(connection, admdvs, since, until, ended_at)
        ),
    ]
    order = list(CheckCode)
    return sorted(found, key=lambda item: order.index(item.code))


async def _suspense_ages(connection: AsyncConnection, admdvs: str, since: date, until: date) -> list[AgeTotal]:
    tallies = await reconciliation.tallies(connection, ReportPeriod(admdvs, since, until))
    return ages_of([one for one in tallies if one.reason is not None])
