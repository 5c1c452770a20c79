"""``docs/readings.md``: every reading of the catalogue in the code, every design with the places that make it."""

from collections.abc import Iterator, Sequence

from shared.registry.policy import readings as catalogue
from shared.registry.policy.readings import READINGS, Reading
from stack.law.designs import Design, places
from stack.law.marks import RuleMark, short_path

_GROUPS = {
    "申请与校验": catalogue.ELIGIBILITY_READINGS,
    "办理与时限": catalogue.CASE_READINGS,
    "待遇衔接": catalogue.BENEFIT_READINGS,
    "缴费年限": catalogue.YEARS_READINGS,
    "个人账户资金": catalogue.MONEY_READINGS,
}
_HEAD = """# 释义与设计

由代码生成（`make docs`），请勿手改。来源：`shared/registry/policy/readings.py`、`docs/designs.toml` 和代码中的
`@design` 标记。

**释义**：条文有两种理解的地方。每一处都有名称、各种理解和默认值；地区可以在政策文件的 `[versions.readings]` 里选定一种
（做法见 [policy.md](policy.md)）。决定书列出所用的释义；地区没有选定、而换一种理解结果就不同的，注明“需由当地确定”
（`needs_local_decision`），并按默认值继续办理。

**设计**：条文没有规定、系统又必须有个做法的地方。它不是法律，文件另有规定的，以文件为准。
"""


def render(designs: Sequence[Design], marks: Sequence[RuleMark]) -> str:
    """The page's text. Raises ``ValueError`` where a reading belongs to no group."""
    grouped = [reading for group in _GROUPS.values() for reading in group]
    if len(grouped) != len(READINGS):
        raise ValueError("a reading belongs to no group of the page")
    return "\n".join([_HEAD, "## 释义", *_readings(), "## 设计", "", *_designs(designs, marks), ""])


def _readings() -> Iterator[str]:
    for title, group in _GROUPS.items():
        yield f"\n### {title}\n"
        for reading in group:
            yield from _reading(reading)


def _reading(reading: Reading) -> Iterator[str]:
    yield f"**`{reading.name}`** {reading.question}（{'、'.join(reading.articles)}）\n"
    for value, meaning in reading.meanings.items():
        mark = "（默认）" if value == reading.default else ""
        yield f"- `{value}`{mark}：{meaning}"
    yield ""


def _designs(designs: Sequence[Design], marks: Sequence[RuleMark]) -> Iterator[str]:
    yield "| 事项 | 做法 | 相关条款 | 在哪里 |"
    yield "|---|---|---|---|"
    for design in designs:
        where = "<br>".join(f"`{short_path(mark.file)}` {mark.name}" for mark in places(design, marks))
        yield f"| {design.name} | {design.choice} | {'、'.join(design.near)} | {where} |"
