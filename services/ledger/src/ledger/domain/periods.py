"""Closing a month: what must be in order, what somebody must have seen, and who may open it again (*design*)."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum

from ledger.domain.report_lists import AgeTotal
from shared.errors import Conflict, FieldError, Forbidden, InvalidInput
from shared.law import design, law
from shared.months import month_at, month_index, month_of


class CheckCode(StrEnum):
    """The points of the month end's checklist."""

    BANK_DIFFERS = "bank_differs"
    TRIAL_BALANCE = "trial_balance"
    BALANCE_BREAKS = "balance_breaks"
    STATEMENTS_MISSING = "statements_missing"
    OPEN_ALERTS = "open_alerts"
    UNCLASSIFIED_LINES = "unclassified_lines"
    OPEN_SUSPENSE = "open_suspense"
    SUSPENSE_OVER_30_DAYS = "suspense_over_30_days"
    UNFUNDED_ORDERS = "unfunded_orders"
    MESSAGES_WITHOUT_RECEIPT = "messages_without_receipt"
    CORE_ENTRIES_DIFFER = "core_entries_differ"


CHECK_NAMES = {
    CheckCode.BANK_DIFFERS: "银行余额与账簿不符的账户",
    CheckCode.TRIAL_BALANCE: "借贷不平的基金",
    CheckCode.BALANCE_BREAKS: "余额核验不符的天数",
    CheckCode.STATEMENTS_MISSING: "月末对账单未到的账户",
    CheckCode.OPEN_ALERTS: "尚未处理的提示",
    CheckCode.UNCLASSIFIED_LINES: "未归类的银行流水",
    CheckCode.OPEN_SUSPENSE: "待处理款项",
    CheckCode.SUSPENSE_OVER_30_DAYS: "超过 30 天的待处理款项",
    CheckCode.UNFUNDED_ORDERS: "等待资金的支付单",
    CheckCode.MESSAGES_WITHOUT_RECEIPT: "对方尚未签收的消息",
    CheckCode.CORE_ENTRIES_DIFFER: "已匹配而个人账户尚未记入、或记入金额不同的款项",
}
BLOCKING = frozenset({CheckCode.BANK_DIFFERS, CheckCode.TRIAL_BALANCE, CheckCode.BALANCE_BREAKS})
"""What is wrong in the books themselves: nobody may close over it. The rest must have been seen and said so."""


class PeriodClosed(Conflict):
    """The day lies in a closed month and takes no posting; reopening it is a decision of its own."""

    code = "period-closed"


class PeriodNotClosable(Conflict):
    """The month is not over, not the next one, or its books do not add up."""

    code = "period-not-closable"


class PeriodNotReopenable(Conflict):
    """Only the last closed month can be opened again."""

    code = "period-not-reopenable"


class SecondPersonNeeded(Forbidden):
    """Who closed a month does not open it again."""

    code = "second-person-needed"


@dataclass(frozen=True, slots=True)
class CheckItem:
    """One point of the checklist with how many things stand open; ``amount_fen`` where they are money, ``ages`` where
    it matters for how long.
    """

    code: CheckCode
    count: int
    amount_fen: int | None = None
    ages: Sequence[AgeTotal] = ()

    @property
    def is_blocking(self) -> bool:
        """Whether the month cannot be closed over it."""
        return self.count > 0 and self.code in BLOCKING


@dataclass(frozen=True, slots=True)
class Closing:
    """How far an agency's books are closed; ``version`` counts changes (the ETag), 0 before the first."""

    closed_through: date | None = None
    closed_by: str | None = None
    version: int = 0


def last_day_of(period: str) -> date:
    """The last day of a month (``YYYYMM``)."""
    following = month_at(month_index(period) + 1)
    return date(int(following[:4]), int(following[4:]), 1) - timedelta(days=1)


def first_day_of(period: str) -> date:
    """The first day of a month (``YYYYMM``)."""
    return date(int(period[:4]), int(period[4:]), 1)


def is_closed(closing: Closing, period: str) -> bool:
    """Whether ``period`` takes no posting any more."""
    return closing.closed_through is not None and last_day_of(period) <= closing.closed_through


@law("S53-2")
@design("月末结账：谁可以、检查什么、如何重开")
def require_closable(
    closing: Closing,
    period: str,
    *,
    first_period: str | None,
    today: date,
    checklist: Sequence[CheckItem],
    seen: Collection[CheckCode],
) -> None:
    """Returns when ``period`` may be closed now.

    ``first_period`` is the month of the first statement. Raises ``PeriodNotClosable`` for a month that is closed,
    not over or not the next one, for empty books, and where a blocking point is open; ``InvalidInput`` where an open
    point of the checklist is not among those that the clerk says to have ``seen``.
    """
    if is_closed(closing, period):
        raise PeriodNotClosable("该月已经结账；需要更正的，由结账人以外的人先重开")
    if today <= last_day_of(period):
        raise PeriodNotClosable("该月尚未结束，次月起才能结账")
    expected = _next_period(closing, first_period)
    if expected is None:
        raise PeriodNotClosable("账簿中还没有对账单，没有可结的账")
    if period != expected:
        raise PeriodNotClosable(f"逐月结账，现在应结 {_written(expected)}的账")
    wrong = [CHECK_NAMES[item.code] for item in checklist if item.is_blocking]
    if wrong:
        raise PeriodNotClosable(f"账簿不平，不能结账：{'、'.join(wrong)}。请看日报查明差额，补导缺少的对账单后再结")
    unseen = [item for item in checklist if item.count and not item.is_blocking and item.code not in seen]
    if unseen:
        errors = [FieldError("/seen", item.code, f"{CHECK_NAMES[item.code]}：{item.count}") for item in unseen]
        raise InvalidInput(
            "检查单上还有未了的事项：先处理；确需留到以后的，核对后把其代码列入 seen 再结账",
            code="checklist-not-seen",
            errors=errors,
        )


def reopened(closing: Closing, period: str, *, by: str) -> date:
    """The day through which books stay closed once ``period`` is open again.

    Raises ``PeriodNotReopenable`` unless it is the last closed month, ``SecondPersonNeeded`` for who closed it.
    """
    if closing.closed_through is None:
        raise PeriodNotReopenable("该月没有结账，不需要重开")
    if closing.closed_through != last_day_of(period):
        raise PeriodNotReopenable(f"只能重开最后一个已结账的月份，现在是 {_written(month_of(closing.closed_through))}")
    if closing.closed_by == by:
        raise SecondPersonNeeded("结账与重开须为不同人员，请由另一人重开")
    return first_day_of(period) - timedelta(days=1)


def _written(period: str) -> str:
    return f"{period[:4]} 年 {int(period[4:])} 月"


def _next_period(closing: Closing, first_period: str | None) -> str | None:
    if closing.closed_through is None:
        return first_period
    return month_of(closing.closed_through + timedelta(days=1))
