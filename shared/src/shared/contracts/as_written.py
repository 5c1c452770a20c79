"""Takes from a document's fields what pydantic would guess: 0 is no day of 1970, "yes" no flag, true no count.

Pydantic's own strict mode cannot do it, for it refuses the texts in which JSON writes dates.
"""

import re
from collections.abc import Callable
from datetime import date
from typing import Any

from pydantic_core import CoreSchema, PydanticCustomError, core_schema

_DAY = re.compile(r"^[0-9]{4}-[0-9]{2}-[0-9]{2}\Z")
_INSTANT = re.compile(r"^[0-9]{4}-[0-9]{2}-[0-9]{2}[Tt]")


def read_as_written(model: CoreSchema) -> None:
    """Tighten every date, instant, flag and whole number of a model's own fields, in place.

    Models inside it are left alone: each tightens its own.
    """
    _tighten(model.get("schema"))


def _tighten(part: Any) -> None:
    if isinstance(part, list | tuple):
        for each in part:
            _tighten(each)
        return
    if not isinstance(part, dict):
        return
    kind = part.get("type")
    if kind in ("int", "bool"):
        part["strict"] = True
        return
    if kind in _TEXTS:
        inner = dict(part)
        part.clear()
        part.update(core_schema.no_info_before_validator_function(_TEXTS[kind], inner))
        return
    if kind in ("model", "dataclass", "definition-ref") or _is_tightened(part):
        return
    for name in ("schema", "fields", "items_schema", "keys_schema", "values_schema", "choices"):
        found = part.get(name)
        _tighten(list(found.values()) if name == "fields" and isinstance(found, dict) else found)


def _is_tightened(part: dict[str, Any]) -> bool:
    """Pydantic hands out a model's schema again wherever the model is used, ours already inside."""
    return part.get("type") == "function-before" and part["function"].get("function") in _TEXTS.values()


def _text_as(form: re.Pattern[str], error_type: str, message: str) -> Callable[[object], object]:
    def check(value: object) -> object:
        if isinstance(value, date) or (isinstance(value, str) and form.match(value)):
            return value
        raise PydanticCustomError(error_type, message)

    return check


_TEXTS = {
    "date": _text_as(_DAY, "date_from_datetime_parsing", "应为真实存在的日期（YYYY-MM-DD）"),
    "datetime": _text_as(_INSTANT, "datetime_from_date_parsing", "应为 RFC 3339 时间"),
}
