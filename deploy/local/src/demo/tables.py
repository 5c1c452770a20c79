"""The result as people read it: case by case, then the books."""

from collections.abc import Iterator, Sequence

from rich import box
from rich.console import Console
from rich.table import Table
from rich.text import Text

from demo.books import DailyReport
from demo.case_run import CaseRun
from demo.reasons import reasons_of
from demo.summary import Outcome
from demo.timeline import timeline
from shared.clock import SHANGHAI
from shared.money import format_yuan

_OUTCOMES = {"accepted": "受理", "refused": "不予受理", "not_needed": "无需办理", "not_taken": "未受理"}


def print_outcome(outcome: Outcome, console: Console, names: dict[str, str]) -> None:
    """Both tables, the sums over all agencies, the seals; ``names`` are the agencies' by code."""
    console.print(_cases(outcome.runs))
    console.print(_books(outcome.reports, names))
    for line in _waiting(outcome.reports, names):
        console.print(line, markup=False)
    for line in _overall(outcome):
        console.print(line, markup=False)


def _cases(runs: Sequence[CaseRun]) -> Table:
    table = Table(title="逐件结果", title_justify="left", box=box.SIMPLE_HEAVY, show_lines=True)
    for name in ("情形", "内容", "办件编号", "结果", "关系／资金", "经过（距申请的秒数）", "历时", "说明"):
        table.add_column(name, no_wrap=name == "办件编号", overflow="fold")
    for run in runs:
        verdict = Text("✗ " if run.deviations else "✓ ", style="red" if run.deviations else "green")
        table.add_row(
            verdict + Text(run.scenario.letter),
            run.scenario.title,
            run.rlts_traf_id or "—",
            _OUTCOMES.get(run.outcome or "", run.outcome or "—"),
            _states(run),
            _course(run),
            _duration(run),
            "\n".join([*reasons_of(run), *(f"不符：{text}" for text in run.deviations)]),
        )
    return table


def _states(run: CaseRun) -> str:
    if not run.transfer:
        return "—"
    relation, money = run.transfer["relation"], run.transfer["money"]
    if relation["state"] in ("refused", "withdrawn"):
        return str(relation["state_name"])
    closed = "\n已办结" if run.transfer["closed_at"] else ""
    return f"{relation['state_name']}\n{money['state_name']}{closed}"


def _course(run: CaseRun) -> str:
    happened = timeline(run)
    if not happened:
        return f"当场答复 {run.answered_seconds:.1f}"
    began = happened[0].at.astimezone(SHANGHAI)
    steps = " → ".join(f"{each.name} {each.after_seconds:.1f}" for each in happened)
    return f"{began:%H:%M:%S} {steps}"


def _duration(run: CaseRun) -> str:
    happened = timeline(run)
    return f"{happened[-1].after_seconds if happened else run.answered_seconds:.1f} 秒"


def _books(reports: Sequence[DailyReport], names: dict[str, str]) -> Table:
    table = Table(title="账务核对（期初 + 收入 - 支出 = 期末 = 账面）", title_justify="left", box=box.SIMPLE_HEAVY)
    columns = ("机构", "日期", "银行账户", "期初", "收入", "支出", "笔数", "期末", "账面", "相符")
    for name in columns:
        is_figure = name in ("期初", "收入", "支出", "笔数", "期末", "账面")
        table.add_column(name, justify="right" if is_figure else "left", no_wrap=True)
    for each in reports:
        for day in each.document["accounts"]:
            if not day["is_told"]:
                continue
            table.add_row(
                names.get(each.admdvs, each.admdvs),
                str(each.on),
                day["bankacct"],
                day["opening_balance"],
                day["credit_total"],
                day["debit_total"],
                str(day["line_count"]),
                day["closing_balance"],
                day["books_balance"],
                "✓" if day["adds_up"] else "✗",
            )
    return table


def _waiting(reports: Sequence[DailyReport], names: dict[str, str]) -> Iterator[str]:
    for each in reports:
        items = [item for section in each.document["sections"] for item in section["items"]]
        for item in items:
            if item["reason"] is None:
                continue
            difference = f"，差额 {item['difference']} 元" if item["difference"] else ""
            what = f"{names.get(each.admdvs, each.admdvs)} {item['rlts_traf_id'] or '—'} {item['amount']} 元"
            yield f"挂账：{what}，{item['reason_text']}{difference}（{item['owner']}）"


def _overall(outcome: Outcome) -> Iterator[str]:
    money = outcome.overall
    yield (
        f"资金合计：划出 {format_yuan(money.paid)} = 到账 {format_yuan(money.received)} "
        f"+ 差异 {format_yuan(-money.differences)}；到账中挂账 {format_yuan(money.in_suspense)}  "
        f"{'✓' if money.adds_up else '✗'}"
    )
    valid = sum(each.is_valid for each in outcome.verified)
    yield f"签章：{len(outcome.verified)} 份信息表，服务停止后仅凭文件验证，通过 {valid} 份"
