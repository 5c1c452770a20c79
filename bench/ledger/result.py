"""The table of what was measured."""

from collections.abc import Sequence

from rich import box
from rich.table import Table

from bench.known.comparison import Comparison
from bench.known.world import Form
from bench.ledger.run import Ran

_MEBIBYTE = 2**20
_MICRO = 1_000_000


def table(ran: Sequence[Ran]) -> Table:
    """A line for each size and form."""
    found = Table(title="对账单导入、匹配、记账", title_justify="left", box=box.SIMPLE_HEAVY)
    for name in (
        "格式",
        "笔数",
        "MiB",
        "秒（读入＋记账）",
        "笔/秒",
        "下限 笔/秒",
        "下限的倍数",
        "CPU 微秒/笔：程序＋数据库",
        "常驻内存 MB（起动时）",
        "通报 笔/秒",
        "自动匹配",
        "匹配错误",
    ):
        found.add_column(name, justify="left" if name == "格式" else "right")
    for each in ran:
        found.add_row(*_row(each))
    return found


def said(ran: Ran) -> str:
    """What one size came to, for who waits for the others."""
    matched = f"自动匹配 {ran.comparison.share_matched:.2%}，匹配错误 {ran.comparison.wrong_matches}"
    return f"  {ran.took.seconds:.0f} 秒，{ran.lines / ran.took.seconds:,.0f} 笔/秒，{matched}"


def differences(form: Form, lines: int, found: Comparison) -> list[str]:
    """What did not become what its answer says, in words; empty where all did."""
    listed = [f"{kind}：应为 {answer}，实为 {outcome}" for kind, answer, outcome in found.differences[:10]]
    if found.wrong_matches or found.differing:
        counts = "、".join(f"{kind} {count}" for kind, count in found.differing.most_common())
        listed.insert(0, f"{form.name} {lines} 笔：匹配错误 {found.wrong_matches}；结果不符 {counts}")
    return listed


def _row(ran: Ran) -> tuple[str, ...]:
    took = ran.took
    return (
        "camt.053" if ran.form.name == "CAMT" else ran.form.name,
        f"{ran.lines:,}",
        f"{ran.size_bytes / _MEBIBYTE:.0f}",
        f"{took.reading_seconds:.1f}＋{took.booking_seconds:.1f}",
        f"{ran.lines / took.seconds:,.0f}",
        f"{ran.lines / ran.floor_seconds:,.0f}",
        f"{took.seconds / ran.floor_seconds:.1f}",
        f"{took.cpu_seconds / ran.lines * _MICRO:.0f}＋{ran.postgres_seconds / ran.lines * _MICRO:.0f}",
        f"{took.memory / _MEBIBYTE:.0f}（{took.memory_before / _MEBIBYTE:.0f}）",
        f"{took.told_lines / took.telling_seconds:,.0f}",
        f"{ran.comparison.share_matched:.2%}",
        str(ran.comparison.wrong_matches),
    )
