"""What a region sets about the 信息表 that its agencies issue (N8, domain §5)."""

from typing import Annotated

from pydantic import AfterValidator

from shared.law import design
from shared.registry.policy.section import Section
from shared.sheet_rules import FINDINGS


def _is_a_warning(code: str) -> str:
    if code not in FINDINGS or not code.startswith("W"):
        raise ValueError(f"没有这样的提示代码：{code}")
    return code


@design("a region may say that a warning stops the sheet")
class Sheet(Section):
    """``blocking_warnings``: codes W… with which a sheet is not sealed here; everywhere else they are only shown."""

    blocking_warnings: tuple[Annotated[str, AfterValidator(_is_a_warning)], ...] = ()
