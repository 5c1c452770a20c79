"""A TOML file that a person wrote, as tables, or where and why it is none, in Chinese."""

import re
import tomllib
from collections.abc import Mapping
from typing import Any

MAX_BYTES = 256 * 1024
_MAX_DEPTH = 32
_DEEP = "列表或表嵌套过深"

_BYTE_ORDER_MARK = "\ufeff"
_WHERE = re.compile(r" \(at (?:line (\d+), column (\d+)|end of document)\)$")
_REASONS: Mapping[str, str] = {
    "Cannot overwrite a value": "同一项写了两次",
    "Cannot declare": "同一张表写了两次",
    "Cannot mutate": "这张表前面已经写完",
    "Duplicate inline table key": "同一项写了两次",
    "Invalid value": "值的写法不正确，文字要加英文双引号",
    "Invalid statement": "这一行的写法不正确",
    "Expected '=' after a key": "项的名称后面应为等号和值，名称只用英文字母、数字、横线和下划线",
    "Expected newline": "值的写法不正确，或一行里写了两项",
    "Expected ']'": "表名没有以 ] 结束",
    "Unclosed array": "列表没有以 ] 结束",
    "Unclosed inline table": "行内的表没有以 } 结束",
    "Illegal character": "含有不允许的字符，或文字的引号没有结束",
    "Unescaped": "文字中的反斜线要写成两个",
    "Unterminated string": "文字的引号没有结束",
    'Expected "': "文字的引号没有结束",
    "Expected '": "文字的引号没有结束",
}


class TomlWrong(ValueError):
    """The text is no TOML, or too long; says in Chinese where (as far as it is known) and why."""


def without_mark(text: str) -> str:
    """``text`` without the byte order mark that some editors put before it."""
    return text.removeprefix(_BYTE_ORDER_MARK)


def read_tables(text: str) -> dict[str, Any]:
    """What a TOML file says, up to ``MAX_BYTES``; raises ``TomlWrong``."""
    if len(text.encode()) > MAX_BYTES:
        raise TomlWrong(f"文件不能超过{MAX_BYTES // 1024}KB")
    try:
        tables = tomllib.loads(without_mark(text))
    except tomllib.TOMLDecodeError as error:
        raise TomlWrong(_told(str(error), text)) from error
    except RecursionError as error:
        raise TomlWrong(_DEEP) from error
    except ValueError as error:
        # What Python itself refuses to read: a number of thousands of digits.
        raise TomlWrong("含有过长的数字") from error
    if _is_deep(tables):
        raise TomlWrong(_DEEP)
    return tables


def _is_deep(tables: dict[str, Any]) -> bool:
    """A key of thousands of dots costs ``tomllib`` no depth, but everybody who walks the tables afterwards."""
    level: list[Any] = [tables]
    for _ in range(_MAX_DEPTH):
        inside = (each.values() if isinstance(each, dict) else each for each in level)
        level = [each for values in inside for each in values if isinstance(each, dict | list)]
    return bool(level)


def _told(message: str, text: str) -> str:
    where = _WHERE.search(message)
    line, column = where.groups() if where else (None, None)
    place = f"第{line}行第{column}列" if line else f"第{len(text.splitlines()) or 1}行（文件末尾）"
    reason = next((told for begins, told in _REASONS.items() if message.startswith(begins)), "写法不正确")
    return f"{place}：不是正确的 TOML：{reason}"
