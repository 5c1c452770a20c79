"""Draw up the daily report of an agency."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy.ext.asyncio import AsyncConnection

from ledger.domain.reconciliation import DayReport, Section, SectionTotal, section_of
from ledger.domain.suspense import SuspenseReason
from ledger.repository import reconciliation
from ledger.repository.reconciliation import BusinessItem, MoneyItem, Total

MAX_ITEMS = 10_000
_MATCHED = "matched"


@dataclass(frozen=True, slots=True)
class FullReport:
    """The figures with their lists; lists are bounded by ``MAX_ITEMS`` each, the figures never."""

    figures: DayReport
    money: dict[Section, list[MoneyItem]]
    business: Sequence[BusinessItem]


async def reconcile_day(connection: AsyncConnection, admdvs: str, day: date) -> FullReport:
    """The report for one day, as the books know it now."""
    totals = await reconciliation.money_totals(connection, admdvs, day)
    business = await reconciliation.business_total(connection, admdvs, day)
    figures = DayReport(
        admdvs,
        day,
        await reconciliation.account_days(connection, admdvs, day),
        await reconciliation.suspense_checks(connection, admdvs, day),
        _sections(totals, business),
    )
    money: dict[Section, list[MoneyItem]] = defaultdict(list)
    for item in await reconciliation.money_items(connection, admdvs, day, MAX_ITEMS):
        money[_section(item.reason)].append(item)
    items = await reconciliation.business_items(connection, admdvs, day, MAX_ITEMS)
    return FullReport(figures, dict(money), items)


def _section(reason: str) -> Section:
    return Section.MATCHED if reason == _MATCHED else section_of(SuspenseReason(reason))


def _sections(totals: dict[str, Total], business: Total) -> list[SectionTotal]:
    parts = [(_section(reason), total) for reason, total in totals.items()]
    parts.append((Section.BUSINESS_WITHOUT_MONEY, business))
    return [
        SectionTotal(
            section,
            sum(total.item_count for kind, total in parts if kind is section),
            sum(total.amount_fen for kind, total in parts if kind is section),
            sum(total.carried for kind, total in parts if kind is section),
        )
        for section in Section
    ]
