"""The same figures as rows, for CSV."""

from collections.abc import Iterator, Sequence

from platform_gateway.domain.progress import STATE_NAMES
from platform_gateway.domain.statistics import OUTSTANDING
from platform_gateway.schemas.statistics import OverdueClock, StatisticsLine, StatisticsShown
from shared.contracts.codes import Origin, ReturnCode
from shared.spreadsheet import Cell, Yuan
from shared.time_limits import ClockKind

_VOLUMES = ("申请", "受理", "不予受理", "撤销", "终止", "关系转入完成", "办结")
_CLOCKS = {ClockKind.OUTBOUND: "转出", ClockKind.INBOUND: "转入", ClockKind.TOTAL: "全程", ClockKind.PAYMENT: "划转"}
_ORIGINS = {Origin.ELECTRONIC: "电子", Origin.PAPER: "纸质"}
_KEYS = {
    "month": "月份",
    "province": "省份",
    "admdvs": "统筹区",
    "side": "方向",
    "county": "县区",
    "trafout_admdvs": "转出地",
    "trafin_admdvs": "转入地",
    "trafout_insutype": "转出险种",
    "trafin_insutype": "转入险种",
    "distance": "跨度",
}


def rows_of(shown: StatisticsShown) -> Iterator[Sequence[Cell]]:
    """One row a group, money in yuan, empty where there is no figure."""
    keys = list(shown.items[0].key) if shown.items else []
    clocks = [
        f"{name}{what}" for name in _CLOCKS.values() for what in ("按期", "超期办结", "按期率", "在办", "在办超期")
    ]
    codes = [f"退回{code.value}" for code in ReturnCode]
    owed = ["未清件数", "未清金额", *(f"未清金额（{state.value}）" for state in OUTSTANDING)]
    moved = ["划出件数", "划出金额", "记账件数", "记账金额", "退回款件数", "退回款金额"]
    names = [_KEYS[key] for key in keys]
    yield [*names, "名称", *_VOLUMES, *clocks, "信息表", "退回", "退回率", *codes, *moved, *owed]
    for item in shown.items:
        yield [*item.key.values(), "→".join(item.names.values()), *_figures(item)]


def rows_of_overdue(clocks: Sequence[OverdueClock]) -> Iterator[Sequence[Cell]]:
    """One row a running clock past its last day."""
    areas = ["转出地", "转入地", "转出险种", "转入险种"]
    yield ["办件编号", "时限", "信息表版次", "起算日", "截止日", "超期自然日", *areas, "状态", "来源"]
    for each in clocks:
        sides = (each.trafout_admdvs, each.trafin_admdvs, each.trafout_insutype, each.trafin_insutype)
        clock = (_CLOCKS[each.kind], each.sheet_version, each.started_on, each.due_on, each.days_over)
        yield [each.rlts_traf_id, *clock, *sides, STATE_NAMES[each.state], _ORIGINS[each.origin]]


def _figures(item: StatisticsLine) -> Iterator[Cell]:
    yield from item.volumes.values()
    for kind in _CLOCKS:
        clock = item.time_limits[kind]
        yield from (clock.kept, clock.late, _rate(clock.kept_rate), clock.running, clock.overdue)
    returns = item.returns
    yield from (returns.sheets, returns.returned, _rate(returns.rate), *returns.codes.values())
    money = item.money
    for moved in (money.paid, money.credited, money.sent_back):
        yield from (moved.cases, Yuan(moved.amount))
    if money.outstanding is None or money.outstanding_total is None:
        yield from [None] * (len(OUTSTANDING) + 2)
        return
    yield from (money.outstanding_total.cases, Yuan(money.outstanding_total.amount))
    yield from (Yuan(each.amount) for each in money.outstanding.values())


def _rate(value: float | None) -> str | None:
    return None if value is None else str(value)
