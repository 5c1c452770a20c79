"""Whatever comes in, a problem with a stable type goes out, and never what came in."""

import json
from collections.abc import AsyncIterator
from typing import Annotated, Any

import httpx
import pytest
from pydantic import Field, TypeAdapter, ValidationError

from shared.web.problems import TYPE_PREFIX
from shared.web.validation import field_errors

GOOD = {"name": "甲", "day": "2026-03-02", "count": 1}
JSON = {"Content-Type": "application/json"}


def with_raw(**changes: str) -> str:
    """A good body with raw JSON text put in for some fields."""
    members = {name: json.dumps(value) for name, value in GOOD.items()} | changes
    return "{" + ",".join(f'"{name}":{text}' for name, text in members.items()) + "}"


BODIES: list[tuple[str, str | bytes, dict[str, str], int, str]] = [
    ("cut off", '{"name":', JSON, 400, "malformed-body"),
    ("empty", "", JSON, 422, "invalid-input"),
    ("not an object", "[]", JSON, 422, "invalid-input"),
    ("a bare word", "true", JSON, 422, "invalid-input"),
    ("not utf-8", b'{"name":"\xff\xfe"}', JSON, 400, "malformed-body"),
    ("utf-16", '{"name":"a"}'.encode("utf-16"), JSON, 400, "malformed-body"),
    ("byte order mark", b"\xef\xbb\xbf" + json.dumps(GOOD).encode(), JSON, 400, "malformed-body"),
    ("raw control character", '{"name":"a\x00b"}', JSON, 400, "malformed-body"),
    ("duplicate names", '{"name":"a","name":"b"}', JSON, 400, "malformed-body"),
    ("NaN", with_raw(count="NaN"), JSON, 400, "malformed-body"),
    ("Infinity", with_raw(count="-Infinity"), JSON, 400, "malformed-body"),
    ("overflowing number", with_raw(count="1e999"), JSON, 400, "malformed-body"),
    ("endless integer", with_raw(count="9" * 1900), JSON, 422, "invalid-input"),
    ("nested too deep", "[" * 1900, JSON, 400, "malformed-body"),
    ("NUL in text", with_raw(name='"a\\u0000b"'), JSON, 422, "invalid-input"),
    ("lone surrogate", with_raw(name='"\\ud800"'), JSON, 422, "invalid-input"),
    ("NUL in a name", '{"a\\u0000":1}', JSON, 422, "invalid-input"),
    ("xml", "<a/>", {"Content-Type": "application/xml"}, 415, "unsupported-media-type"),
    ("form", "a=b", {"Content-Type": "application/x-www-form-urlencoded"}, 415, "unsupported-media-type"),
    ("no content type", "{}", {}, 415, "unsupported-media-type"),
    ("other charset", "{}", {"Content-Type": "application/json; charset=gbk"}, 415, "unsupported-media-type"),
    ("compressed", b"\x1f\x8b", JSON | {"Content-Encoding": "gzip"}, 415, "unsupported-media-type"),
    ("too large", '"' + "a" * 3000 + '"', JSON, 413, "body-too-large"),
]


@pytest.mark.parametrize(
    ("body", "headers", "status", "code"), [case[1:] for case in BODIES], ids=[c[0] for c in BODIES]
)
async def test_refuses_body(
    client: httpx.AsyncClient, body: str | bytes, headers: dict[str, str], status: int, code: str
) -> None:
    answer = await client.post("/v1/things", content=body, headers=headers)
    assert (answer.status_code, answer.json()["type"]) == (status, TYPE_PREFIX + code), answer.text
    assert answer.headers["content-type"] == "application/problem+json"
    assert answer.json()["trace_id"] == answer.headers["x-trace-id"]


FIELDS: list[tuple[dict[str, Any], str, str]] = [
    ({"name": 1}, "/name", "string-type"),
    ({"name": ""}, "/name", "string-too-short"),
    ({"name": "x" * 21}, "/name", "string-too-long"),
    ({"day": "2026-02-30"}, "/day", "date-from-datetime-parsing"),
    ({"day": "soon"}, "/day", "date-from-datetime-parsing"),
    ({"count": -1}, "/count", "greater-than-equal"),
    ({"count": 1.5}, "/count", "int-type"),
    ({"odd": 1}, "/odd", "extra-forbidden"),
    ({"a/b~c": 1}, "/a~1b~0c", "extra-forbidden"),
    ({"parts": {}}, "/parts", "list-type"),
    ({"parts": [{"kind": "money"}]}, "/parts/0/amount", "missing"),
    ({"parts": [{"kind": "money", "amount": "1.234"}]}, "/parts/0/amount", "value-error"),
    ({"parts": [{"kind": "months", "month": "202413"}]}, "/parts/0/month", "string-pattern-mismatch"),
    ({"parts": [{"kind": "other"}]}, "/parts/0", "union-tag-invalid"),
]


@pytest.mark.parametrize(
    ("change", "pointer", "code"), FIELDS, ids=[f"{pointer} {code}" for _, pointer, code in FIELDS]
)
async def test_names_the_field_at_fault(
    client: httpx.AsyncClient, change: dict[str, Any], pointer: str, code: str
) -> None:
    answer = await client.post("/v1/things", json=GOOD | change)
    assert answer.status_code == 422
    (error,) = answer.json()["errors"]
    assert (error["pointer"], error["code"]) == (pointer, code)
    assert any("\u4e00" <= character <= "\u9fff" for character in error["message"])


async def test_reports_all_fields_at_once(client: httpx.AsyncClient) -> None:
    answer = await client.post("/v1/things", json={})
    assert [error["pointer"] for error in answer.json()["errors"]] == ["/name", "/day", "/count"]


@pytest.mark.parametrize(
    "body",
    [
        {"name": ["11010519491231002X"]},
        {"11010519491231002X": 1},
        GOOD | {"parts": [{"kind": "money", "amount": "11010519491231002X"}]},
        GOOD | {"parts": [{"kind": "11010519491231002X"}]},
    ],
)
async def test_never_repeats_what_was_sent(client: httpx.AsyncClient, body: dict[str, Any]) -> None:
    answer = await client.post("/v1/things", json=body)
    assert answer.status_code == 422
    assert "11010519491231002X" not in answer.text


@pytest.mark.parametrize(("expect", "most"), [({}, 8 * 16 + 1), ({"Expect": "100-continue"}, 1)])
async def test_stops_reading_an_endless_body_soon_after_the_limit(
    client: httpx.AsyncClient, expect: dict[str, str], most: int
) -> None:
    sent = 0

    async def chunks() -> AsyncIterator[bytes]:
        nonlocal sent
        while True:
            sent += 1
            yield b" " * 65_536

    answer = await client.post("/v1/things", content=chunks(), headers=JSON | expect)
    assert answer.status_code == 413
    assert sent <= most


@pytest.mark.parametrize(
    ("size", "media_type", "status"),
    [(5000, "text/csv", 200), (5001, "text/csv", 413), (10, "application/json", 415), (0, "application/x-ndjson", 200)],
)
async def test_streamed_routes_have_their_own_limit(
    client: httpx.AsyncClient, size: int, media_type: str, status: int
) -> None:
    answer = await client.post("/v1/uploads", content=b"x" * size, headers={"Content-Type": media_type})
    assert answer.status_code == status


async def test_streamed_routes_bound_chunked_bodies(client: httpx.AsyncClient) -> None:
    async def chunks() -> AsyncIterator[bytes]:
        for _ in range(100):
            yield b"x" * 100

    answer = await client.post("/v1/uploads", content=chunks(), headers={"Content-Type": "text/csv"})
    assert (answer.status_code, answer.json()["status"]) == (413, 413)


@pytest.mark.parametrize(
    ("address", "status"),
    [
        ("/v1/things?limit=0", 422),
        ("/v1/things?limit=501", 422),
        ("/v1/things?limit=" + "9" * 5000, 422),
        ("/v1/things?limit=1e3", 422),
        ("/v1/things?cursor=", 422),
        ("/v1/things?cursor=a%00b", 422),
        ("/v1/things?cursor=****", 422),
        ("/v1/things?cursor=%ff%fe", 422),
        ("/v1/things?cursor=W10", 422),
        ("/v1/things?cursor=WyJhIl0", 422),
        ("/v1/things?cursor=WzFlOTld", 422),
        ("/v1/things?cursor=" + "A" * 601, 422),
        ("/v1/things/0", 422),
        ("/v1/things/" + "9" * 40, 422),
        ("/v1/things/a%00b", 422),
        ("/v1/failures/not-found?note=%00", 422),
        ("/v1/failures/not-found?note=toolong", 422),
        ("/v1/nowhere", 404),
        ("/v1/things/", 404),
        ("/", 404),
    ],
)
async def test_refuses_address(client: httpx.AsyncClient, address: str, status: int) -> None:
    answer = await client.get(address)
    assert answer.status_code == status, answer.text
    assert answer.headers["content-type"] == "application/problem+json"


@pytest.mark.parametrize(
    ("address", "allowed"), [("/v1/me", "GET"), ("/v1/things", "GET, POST"), ("/v1/things/1", "GET, PUT")]
)
async def test_refuses_method(client: httpx.AsyncClient, address: str, allowed: str) -> None:
    answer = await client.patch(address)
    assert answer.status_code == 405
    assert answer.headers["allow"] == allowed
    assert answer.json()["type"] == TYPE_PREFIX + "method-not-allowed"


@pytest.mark.parametrize(
    ("name", "status", "code"),
    [
        ("not-found", 404, "not-found"),
        ("conflict", 409, "conflict"),
        ("forbidden", 403, "forbidden"),
        ("stale", 412, "precondition-failed"),
        ("invalid", 422, "own-code"),
        ("unavailable", 503, "unavailable"),
        ("pool", 503, "unavailable"),
        ("refused-connection", 503, "unavailable"),
        ("unforeseen", 500, "internal-error"),
    ],
)
async def test_answers_errors_as_problems(client: httpx.AsyncClient, name: str, status: int, code: str) -> None:
    answer = await client.get(f"/v1/failures/{name}")
    body = answer.json()
    assert (answer.status_code, body["status"], body["type"]) == (status, status, TYPE_PREFIX + code)
    assert answer.headers["x-content-type-options"] == "nosniff"
    assert "secret" not in answer.text
    assert ("retry-after" in answer.headers) == (status == 503)


async def test_domain_errors_keep_their_fields(client: httpx.AsyncClient) -> None:
    answer = await client.get("/v1/failures/invalid")
    assert answer.json()["errors"] == [{"pointer": "/name", "code": "too-odd", "message": "太怪"}]


@pytest.mark.parametrize(
    ("least", "parts", "found"),
    [
        (1, [], [("/parts", "too-short")]),
        (1, ["x"], [("/parts/0", "int-parsing")]),
        (2, [1, "x"], [("/parts/1", "int-parsing")]),
    ],
)
def test_a_list_is_not_too_short_for_items_that_do_not_hold(
    least: int, parts: list[Any], found: list[tuple[str, str]]
) -> None:
    whole = TypeAdapter(Annotated[tuple[int, ...], Field(min_length=least)])
    with pytest.raises(ValidationError) as refused:
        whole.validate_python(parts)
    errors = [{**error, "loc": ("body", "parts", *error["loc"])} for error in refused.value.errors()]
    assert [(error.pointer, error.code) for error in field_errors(errors, {"parts": parts})] == found
