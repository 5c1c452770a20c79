"""Pydantic's findings in Chinese. The refused value itself is never repeated."""

import re
from collections.abc import Mapping
from typing import Any

from shared.contracts.codes import AREA_PATTERN, CASE_PATTERN
from shared.months import MONTH_PATTERN

_CHINESE = re.compile(r"[\u4e00-\u9fff]")

_MESSAGES: Mapping[str, str] = {
    "missing": "缺少必填项",
    "extra_forbidden": "不认识的字段",
    "string_type": "应为字符串",
    "string_too_short": "长度不能少于 {min_length} 个字符",
    "string_too_long": "长度不能超过 {max_length} 个字符",
    "string_pattern_mismatch": "格式不正确",
    "int_type": "应为整数",
    "int_parsing": "应为整数",
    "int_parsing_size": "整数超出范围",
    "int_from_float": "应为整数",
    "float_type": "应为数值",
    "float_parsing": "应为数值",
    "finite_number": "应为有限数值",
    "bool_type": "应为 true 或 false",
    "bool_parsing": "应为 true 或 false",
    "greater_than": "应大于 {gt}",
    "greater_than_equal": "不能小于 {ge}",
    "less_than": "应小于 {lt}",
    "less_than_equal": "不能大于 {le}",
    "too_short": "至少应有 {min_length} 项",
    "too_long": "最多只能有 {max_length} 项",
    "list_type": "应为数组",
    "dict_type": "应为对象",
    "model_type": "应为对象",
    "model_attributes_type": "应为对象",
    "dataclass_type": "应为对象",
    "enum": "不在允许的取值之内：{expected}",
    "literal_error": "不在允许的取值之内：{expected}",
    "union_tag_invalid": "类型标识不在允许的取值之内：{expected_tags}",
    "union_tag_not_found": "缺少类型标识 {discriminator}",
    "date_type": "应为日期（YYYY-MM-DD）",
    "date_parsing": "应为真实存在的日期（YYYY-MM-DD）",
    "date_from_datetime_parsing": "应为真实存在的日期（YYYY-MM-DD）",
    "date_from_datetime_inexact": "应为不含时间的日期（YYYY-MM-DD）",
    "datetime_type": "应为 RFC 3339 时间",
    "datetime_parsing": "应为 RFC 3339 时间",
    "datetime_from_date_parsing": "应为 RFC 3339 时间",
    "timezone_aware": "时间应带时区",
    "uuid_type": "应为 UUID",
    "uuid_parsing": "应为 UUID",
    "url_parsing": "应为网址",
    "none_required": "应为空",
}
_PATTERNS: Mapping[str, str] = {
    MONTH_PATTERN: "应为年月（YYYYMM），如 202601",
    AREA_PATTERN: "应为六位统筹区编码",
    CASE_PATTERN: "应为办件编号（8 至 20 位数字和大写字母）",
}
"""What is asked for often, so that it is said rather than that it is wrong."""
_FALLBACK = "取值不正确"


def finding_text(error: Mapping[str, Any]) -> str:
    """One of ``ValidationError.errors()`` as a person reads it."""
    kind = str(error["type"])
    context = error.get("ctx") or {}
    if kind == "string_pattern_mismatch" and context.get("pattern") in _PATTERNS:
        return _PATTERNS[context["pattern"]]
    template = _MESSAGES.get(kind)
    if template is not None:
        return template.format_map({key: str(value).replace(" or ", " 或 ") for key, value in context.items()})
    # A validator of ours: its text is Chinese and says the rule, not the value.
    raised = str(context["error"]) if "error" in context else str(error.get("msg", ""))
    return raised if _CHINESE.search(raised) else _FALLBACK
