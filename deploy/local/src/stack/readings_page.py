"""``docs/readings.md``: every reading and every design, as the catalogues in the code have them."""

from collections.abc import Iterator

from shared.registry.policy import readings as catalogue
from shared.registry.policy.designs import DESIGNS
from shared.registry.policy.readings import READINGS, Reading

_GROUPS = {
    "申请与校验": catalogue.ELIGIBILITY_READINGS,
    "办理与时限": catalogue.CASE_READINGS,
    "待遇衔接": catalogue.BENEFIT_READINGS,
    "缴费年限": catalogue.YEARS_READINGS,
    "个人账户资金": catalogue.MONEY_READINGS,
}
_HEAD = """# 释义与设计

由代码生成（`make docs`），请勿手改。来源：`shared/registry/policy/readings.py`、`designs.py`。

**释义**：条文有两种理解的地方。每一处都有名称、各种理解和默认值；地区可以在政策文件的 `[versions.readings]` 里选定一种
（做法见 [policy.md](policy.md)）。决定书列出所用的释义；地区没有选定、而换一种理解结果就不同的，注明“需由当地确定”
（`needs_local_decision`），并按默认值继续办理。

**设计**：条文没有规定、系统又必须有个做法的地方。它不是法律，文件另有规定的，以文件为准。
"""


def render() -> str:
    """The page's text. Raises ``ValueError`` where a reading belongs to no group."""
    grouped = [reading for group in _GROUPS.values() for reading in group]
    if len(grouped) != len(READINGS):
        raise ValueError("a reading belongs to no group of the page")
    return "\n".join([_HEAD, "## 释义", *_readings(), "## 设计", "", *_designs(), ""])


def _readings() -> Iterator[str]:
    for title, group in _GROUPS.items():
        yield f"\n### {title}\n"
        for reading in group:
            yield from _reading(reading)


def _reading(reading: Reading) -> Iterator[str]:
    yield f"**`{reading.name}`** {reading.question}（{'、'.join(reading.articles)}）\n"
    for value, meaning in reading.meanings.items():
        mark = (
            "（默认）"
            if value == reading.default
            else "（本系统不能这样办理）"
            if value in reading.not_followed
            else ""
        )
        yield f"- `{value}`{mark}：{meaning}"
    yield ""


def _designs() -> Iterator[str]:
    yield "| 事项 | 做法 | 相关条款 |"
    yield "|---|---|---|"
    for design in DESIGNS:
        yield f"| {design.topic} | {design.choice} | {'、'.join(design.near)} |"
