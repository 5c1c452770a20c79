"""Draw up the checklist of a month's end."""

from collections.abc import Sequence
from datetime import datetime, time, timedelta

from sqlalchemy.ext.asyncio import AsyncConnection

from ledger.domain.periods import CheckCode, CheckItem, first_day_of, last_day_of
from ledger.domain.reconciliation import ReportPeriod
from ledger.domain.report_lists import AgeTotal, Tally, ages_of
from ledger.domain.trial_balance import totals_by_fund
from ledger.repository import periods, reconciliation, turnover
from shared.ages import AGE_BRACKETS
from shared.clock import SHANGHAI


async def list_open_points(connection: AsyncConnection, admdvs: str, period: str) -> list[CheckItem]:
    """Every point of the checklist of ``period`` (``YYYYMM``) as the books stand now, in the catalogue's order."""
    since, until = first_day_of(period), last_day_of(period)
    ended_at = datetime.combine(until + timedelta(days=1), time(), SHANGHAI)
    days = await reconciliation.account_days(connection, admdvs, until)
    funds = totals_by_fund(await turnover.movements(connection, admdvs, since, until))
    found = [
        CheckItem(CheckCode.BANK_DIFFERS, sum(1 for day in days if day.is_told and not day.adds_up)),
        CheckItem(CheckCode.TRIAL_BALANCE, sum(1 for fund in funds if not fund.adds_up)),
        *_suspense(await reconciliation.waiting(connection, ReportPeriod(admdvs, since, until))),
        *await periods.open_points(connection, admdvs, since, until, ended_at),
    ]
    order = list(CheckCode)
    return sorted(found, key=lambda item: order.index(item.code))


def _suspense(waiting: Sequence[Tally]) -> list[CheckItem]:
    """What waits, and what of it is in the oldest bracket: over 30 days."""
    old = [one for one in waiting if one.bracket == len(AGE_BRACKETS)]
    return [
        _item(CheckCode.OPEN_SUSPENSE, waiting, ages_of(waiting)),
        _item(CheckCode.SUSPENSE_OVER_30_DAYS, old),
    ]


def _item(code: CheckCode, tallies: Sequence[Tally], ages: Sequence[AgeTotal] = ()) -> CheckItem:
    count = sum(one.count for one in tallies)
    return CheckItem(code, count, sum(one.amount_fen for one in tallies) if count else None, ages)
