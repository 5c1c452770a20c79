"""Statistics as they are shown to oversight (N3, N10, S53-4)."""

from datetime import date, datetime
from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field

from platform_gateway.domain.money import MoneyFactKind, MoneyState
from platform_gateway.domain.states import CaseState
from platform_gateway.domain.statistics import OUTSTANDING, VOLUMES, Figures, GroupBy, rate
from shared.contracts.codes import Origin, ReturnCode
from shared.contracts.facts import Side
from shared.money import Fen
from shared.time_limits import ClockKind

Rate = Annotated[float | None, Field(ge=0, description="比率，四位小数；没有分母时为 null")]


class ClockFigures(BaseModel):
    """One stage: clocks that stopped in the months asked for, and those that run now (``null`` by month)."""

    kept: int
    late: int
    kept_rate: Rate
    running: int | None
    overdue: int | None


class ReturnFigures(BaseModel):
    """退回更正: accepted versions, returns among them, and the codes given."""

    sheets: int
    returned: int
    rate: Rate
    codes: dict[ReturnCode, int]


class Sum(BaseModel):
    """How many, and how much in all."""

    cases: int
    amount: Fen


class MoneyFigures(BaseModel):
    """Money that moved in the months asked for, and what is outstanding now (``null`` by month)."""

    paid: Sum
    credited: Sum
    sent_back: Sum
    outstanding: dict[MoneyState, Sum] | None
    outstanding_total: Sum | None


class StatisticsLine(BaseModel):
    """The figures of one group; ``key`` names it, ``names`` the areas in it by code."""

    key: dict[str, str]
    names: dict[str, str]
    volumes: dict[str, int]
    time_limits: dict[ClockKind, ClockFigures]
    returns: ReturnFigures
    money: MoneyFigures


class StatisticsShown(BaseModel):
    """One page of the figures; everything that happened before ``as_of`` is counted."""

    as_of: datetime
    month_from: str
    month_to: str
    by: GroupBy
    side: Side | None
    items: list[StatisticsLine]
    next_cursor: str | None = None


class OverdueClock(BaseModel):
    """A running clock past its last day."""

    model_config = ConfigDict(from_attributes=True)

    rlts_traf_id: str
    kind: ClockKind
    sheet_version: int
    started_on: date
    due_on: date
    days_over: int = Field(description="超期的自然日数")
    is_provisional: bool
    trafout_admdvs: str
    trafin_admdvs: str
    trafout_insutype: str
    trafin_insutype: str
    state: CaseState
    origin: Origin


class SideTotals(BaseModel):
    """What one day brought to the cases of one side of an agency."""

    entered: dict[CaseState, int] = Field(description="当日进入各状态的办件数")
    sheets: Sum = Field(description="当日平台接收的信息表及其金额")
    money: dict[MoneyFactKind, Sum] = Field(description="记账日为当日的款项事实")


class DailyTotals(BaseModel):
    """Counts and sums of a day (Asia/Shanghai) for an agency to compare with its own."""

    date: date
    admdvs: str
    outbound: SideTotals
    inbound: SideTotals


def line(figures: Figures, by: GroupBy, key: dict[str, str], names: dict[str, str]) -> StatisticsLine:
    """The figures of one group as they are shown."""
    flows = figures.flows
    standing = None if by is GroupBy.MONTH else figures.standing
    return StatisticsLine(
        key=key,
        names=names,
        volumes={name: flows[name] for name in VOLUMES},
        time_limits={
            kind: ClockFigures(
                kept=flows[f"{kind.value}_kept"],
                late=flows[f"{kind.value}_late"],
                kept_rate=rate(flows[f"{kind.value}_kept"], flows[f"{kind.value}_kept"] + flows[f"{kind.value}_late"]),
                running=standing[f"{kind.value}_running"] if standing else None,
                overdue=standing[f"{kind.value}_overdue"] if standing else None,
            )
            for kind in ClockKind
        },
        returns=ReturnFigures(
            sheets=flows["sheets"],
            returned=flows["returned"],
            rate=rate(flows["returned"], flows["sheets"]),
            codes={code: flows[f"returned_{code.value.lower()}"] for code in ReturnCode},
        ),
        money=_money(figures, is_standing=standing is not None),
    )


def _money(figures: Figures, *, is_standing: bool) -> MoneyFigures:
    moved = {
        name: Sum(cases=figures.flows[name], amount=figures.flows[f"{name}_amount"])
        for name in ("paid", "credited", "sent_back")
    }
    standing = figures.standing
    owed = {
        state: Sum(cases=standing[f"{state.value}_cases"], amount=standing[f"{state.value}_amount"])
        for state in OUTSTANDING
    }
    total = Sum(cases=sum(each.cases for each in owed.values()), amount=sum(each.amount for each in owed.values()))
    return MoneyFigures(
        **moved, outstanding=owed if is_standing else None, outstanding_total=total if is_standing else None
    )
