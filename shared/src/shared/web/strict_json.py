"""JSON as strictly as a legal record deserves: UTF-8, unique names, finite numbers, storable text."""

import json
import math
import re
from typing import Any

from shared.errors import FieldError, InvalidInput
from shared.money import JsonInteger
from shared.web.refusals import MalformedBody

_MAX_DEPTH = 64
_MAX_REPORTED = 20
_UNSTORABLE = re.compile("[\x00\ud800-\udfff]")


class UnstorableText(InvalidInput):
    """A string holds U+0000 or half a surrogate pair: valid JSON that no database and no signature can carry."""

    code = "invalid-input"


def parse(body: bytes) -> Any:
    """The value of ``body``; raises ``MalformedBody`` (400) or ``UnstorableText`` (422). Never repeats the input."""
    try:
        text = body.decode("utf-8", errors="strict")
        value = json.loads(
            text,
            object_pairs_hook=_unique,
            parse_constant=_refuse_constant,
            parse_float=_finite,
            parse_int=JsonInteger,
        )
    except UnicodeDecodeError as error:
        raise MalformedBody("请求正文不是有效的 UTF-8 编码。") from error
    except json.JSONDecodeError as error:
        raise MalformedBody(f"请求正文不是有效的 JSON（第 {error.lineno} 行第 {error.colno} 列附近）。") from error
    except (ValueError, RecursionError) as error:
        raise MalformedBody("请求正文中有无法处理的数值，或嵌套过深。") from error
    # Such characters can only come as \u escapes; a body without any need not be walked.
    if "\\u" in text:
        _require_storable(value)
    return value


def is_storable(text: str) -> bool:
    """Whether PostgreSQL and UTF-8 can carry ``text``."""
    return _UNSTORABLE.search(text) is None


def _unique(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    value = dict(pairs)
    if len(value) != len(pairs):
        raise MalformedBody("请求正文的同一对象中有重复的字段名。")
    return value


def _refuse_constant(_name: str) -> Any:
    raise MalformedBody("请求正文中不得出现 NaN 或 Infinity。")


def _finite(text: str) -> float:
    value = float(text)
    if not math.isfinite(value):
        raise MalformedBody("请求正文中的数值超出范围。")
    return value


def _require_storable(value: Any) -> None:
    errors: list[FieldError] = []
    _collect(value, "", 0, errors)
    if errors:
        raise UnstorableText("提交的文字中含有不允许的字符。", errors=errors)


def _collect(value: Any, pointer: str, depth: int, errors: list[FieldError]) -> None:
    if len(errors) >= _MAX_REPORTED:
        return
    if depth > _MAX_DEPTH:
        raise MalformedBody("请求正文嵌套过深。")
    if isinstance(value, str):
        if not is_storable(value):
            errors.append(FieldError(pointer, "forbidden-character", "含有不允许的字符（空字符或不完整的代理对）"))
    elif isinstance(value, list):
        for index, item in enumerate(value):
            _collect(item, f"{pointer}/{index}", depth + 1, errors)
    elif isinstance(value, dict):
        for key, item in value.items():
            if not is_storable(key):
                errors.append(FieldError(pointer, "forbidden-character", "字段名含有不允许的字符"))
                continue
            _collect(item, f"{pointer}/{escape(key)}", depth + 1, errors)


def escape(part: str) -> str:
    """One reference token of a JSON pointer (RFC 6901 §3)."""
    return part.replace("~", "~0").replace("/", "~1")
