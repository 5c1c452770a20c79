"""What clerks and finance look at all day, each question by its name."""

from collections.abc import Awaitable, Callable
from datetime import date, timedelta
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncConnection

from bench.ledger.made_lines import DAYS, FIRST
from ledger.domain.periods import first_day_of, last_day_of
from ledger.domain.reconciliation import ReportPeriod
from ledger.domain.report_lists import Section
from ledger.repository import (
    adjustments,
    batches,
    obligations,
    orders,
    outcomes,
    proposals,
    reconciliation_lists,
    turnover,
    vouchers,
)
from ledger.repository.statements import files_of_agency
from ledger.schemas.reconciliation import ReconciliationReport
from ledger.use_cases.list_open_points import list_open_points
from ledger.use_cases.reconcile_period import reconcile_period
from shared.months import month_of

_PAGE = 50
_NO_CASE = "A" * 16

Question = Callable[[AsyncConnection, str], Awaitable[object]]


def questions(lines: int) -> dict[str, Question]:
    """Every list by its name; each is asked for an agency."""
    yesterday, long_ago = FIRST + timedelta(days=DAYS - 1), FIRST + timedelta(days=DAYS // 2)
    return {
        "挂账，第一页": _suspense(),
        "挂账，中间一页": _suspense(after=lines // 2),
        "挂账，按原因": _suspense(reason="amount_differs"),
        "挂账，某一原因没有": _suspense(reason="name_differs"),
        "挂账，按办件": _suspense(rlts_traf_id=_NO_CASE),
        "挂账，我的": _suspense(assigned_to="wang"),
        "应收应付，最新": _obligations(),
        "应收应付，未结": _obligations(state="open"),
        "应收应付，某一状态没有": _obligations(state="returned"),
        "应收应付，一侧": _obligations(side="payer"),
        "应收应付，按办件": _obligations(rlts_traf_id=_NO_CASE),
        "支付单，最新": _orders(),
        "支付单，待提交": _orders(state="ready"),
        "支付单，某一状态没有": _orders(state="held"),
        "支付单，按办件": _orders(rlts_traf_id=_NO_CASE),
        "支付批次": lambda c, a: batches.page(c, a, state="proposed", after=None, limit=_PAGE),
        "匹配提案": lambda c, a: proposals.page(c, a, state="proposed", line_id=None, after=None, limit=_PAGE),
        "调整": lambda c, a: adjustments.page(c, a, state=None, line_id=None, after=None, limit=_PAGE),
        "对账单文件": lambda c, a: files_of_agency(c, a, None, _PAGE),
        "对账单流水，一页": lambda c, a: outcomes.lines_of_file(c, _file(a), None, _PAGE),
        "日报，昨日": lambda c, a: _report(c, ReportPeriod(a, yesterday, yesterday)),
        "日报，四个月前": lambda c, a: _report(c, ReportPeriod(a, long_ago, long_ago)),
        "月报，上月": lambda c, a: _report(c, _month(a, yesterday)),
        "月报，四个月前": lambda c, a: _report(c, _month(a, long_ago)),
        "日报清单，有款无单中间一页": _listed(Section.MONEY_WITHOUT_BUSINESS, long_ago.isoformat(), 0),
        "日报清单，有单无款中间一页": _listed(Section.BUSINESS_WITHOUT_MONEY, long_ago.isoformat(), 0),
        "月报清单，已匹配中间一页": _listed(Section.MATCHED, yesterday.isoformat(), 0, 0),
        "凭证，总账尚未给号": lambda c, a: _vouchers(c, a, is_numbered=False),
        "凭证，一天的": lambda c, a: _vouchers(c, a, day=long_ago),
        "月末检查单": lambda c, a: list_open_points(c, a, month_of(long_ago)),
        "过去某日余额": lambda c, a: turnover.balances(c, [_account(a)], long_ago),
        "科目余额表": lambda c, a: turnover.movements(c, a, long_ago, yesterday),
        "账户明细一页": lambda c, a: turnover.statement(
            c, _account(a), after=(long_ago, 0), until=yesterday, limit=_PAGE
        ),
    }


async def _report(connection: AsyncConnection, period: ReportPeriod) -> str:
    """As it is answered."""
    return ReconciliationReport.of(await reconcile_period(connection, period)).model_dump_json()


async def _vouchers(
    connection: AsyncConnection, admdvs: str, *, day: date | None = None, is_numbered: bool | None = None
) -> object:
    rows = await vouchers.vouchers(connection, admdvs, day=day, is_numbered=is_numbered, after=None, limit=_PAGE)
    return await vouchers.lines_of(connection, [row.id for row in rows])


def _month(admdvs: str, day: date) -> ReportPeriod:
    return ReportPeriod(admdvs, first_day_of(month_of(day)), last_day_of(month_of(day)))


def _listed(section: Section, *after: str | int) -> Question:
    last = FIRST + timedelta(days=DAYS - 1)
    return lambda connection, admdvs: reconciliation_lists.page(
        connection, _month(admdvs, last), section, after=after, limit=_PAGE
    )


def _account(admdvs: str) -> int:
    return (int(admdvs) - 100_000) * 10 + 1


def _suspense(
    *,
    reason: str | None = None,
    rlts_traf_id: str | None = None,
    assigned_to: str | None = None,
    after: int | None = None,
) -> Question:
    return lambda connection, admdvs: outcomes.open_suspense(
        connection,
        admdvs,
        reason=reason,
        rlts_traf_id=rlts_traf_id,
        assigned_to=assigned_to,
        after=after,
        limit=_PAGE,
    )


def _obligations(*, side: str | None = None, state: str | None = None, rlts_traf_id: str | None = None) -> Question:
    return lambda connection, admdvs: obligations.list_page(
        connection, admdvs, side=side, state=state, rlts_traf_id=rlts_traf_id, after=None, limit=_PAGE
    )


def _orders(*, state: str | None = None, rlts_traf_id: str | None = None) -> Question:
    return lambda connection, admdvs: orders.orders_page(
        connection, admdvs, state=state, rlts_traf_id=rlts_traf_id, after=None, limit=_PAGE
    )


def _file(admdvs: str) -> UUID:
    return UUID(int=(int(admdvs) - 100_000) * 1000 + DAYS // 2)
