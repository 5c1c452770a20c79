"""Documents take dates, flags and counts only as they are written."""

from datetime import date
from typing import Annotated, Any

import pytest
from pydantic import AwareDatetime, Field, TypeAdapter, ValidationError

from shared.contracts.model import Document
from shared.money import JsonInteger


class Inner(Document):
    on: date


class Outer(Document):
    on: date | None = None
    at: AwareDatetime | None = None
    is_open: bool = False
    count: Annotated[int, Field(ge=0)] = 0
    days: tuple[date, ...] = ()
    inner: Inner | None = None
    either: int | bool | None = None


@pytest.mark.parametrize(
    "given",
    [
        {"on": 0},
        {"on": JsonInteger(0)},
        {"on": "0"},
        {"on": True},
        {"on": "20260302"},
        {"on": "2026-02-30"},
        {"on": "2026-03-02T08:00:00Z"},
        {"at": 1700000000},
        {"at": "1700000000"},
        {"at": "2026-03-02"},
        {"is_open": "yes"},
        {"is_open": 1},
        {"count": True},
        {"count": "1"},
        {"count": 1.0},
        {"days": ["2026-03-02", 1]},
        {"inner": {"on": 0}},
    ],
)
def test_refuses_what_would_have_to_be_guessed(given: dict[str, Any]) -> None:
    with pytest.raises(ValidationError) as raised:
        Outer.model_validate(given)
    (found,) = raised.value.errors()
    assert found["loc"][0] == next(iter(given))


def test_takes_what_json_writes_and_what_code_holds() -> None:
    written = '{"on": "2026-03-02", "at": "2026-03-02T08:00:00+08:00", "is_open": true, "count": 3}'
    by_json = Outer.model_validate_json(written)
    held = Outer.model_validate({"on": date(2026, 3, 2), "at": by_json.at, "is_open": True, "count": JsonInteger(3)})
    assert held == by_json
    assert TypeAdapter(tuple[Inner, ...]).validate_python([{"on": "2026-03-02"}])[0].on == date(2026, 3, 2)


def test_the_schema_still_says_date() -> None:
    assert Inner.model_json_schema()["properties"]["on"]["format"] == "date"


def test_a_model_used_again_and_again_is_tightened_once() -> None:
    def depth(schema: Any) -> int:
        parts = schema.values() if isinstance(schema, dict) else schema if isinstance(schema, list | tuple) else ()
        return 1 + max((depth(part) for part in parts), default=0)

    def used_anew() -> int:
        return depth(TypeAdapter(list[Outer]).core_schema)

    first = used_anew()
    assert [used_anew() for _ in range(5)] == [first] * 5
