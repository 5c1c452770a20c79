"""Cursors, ETags and what a principal may see."""

from typing import Any

import httpx
import pytest

from shared.contracts.codes import OptChnl
from shared.errors import Forbidden
from shared.web.authentication import Principal
from shared.web.paging import InvalidCursor, PageRequest, decode_cursor, encode_cursor


async def test_pages_reach_every_item_once(client: httpx.AsyncClient) -> None:
    seen: list[int] = []
    cursor: str | None = None
    for _ in range(10):
        query = {"limit": "3"} | ({"cursor": cursor} if cursor else {})
        page = (await client.get("/v1/things", params=query)).json()
        seen += page["items"]
        cursor = page["next_cursor"]
        if cursor is None:
            break
    assert seen == [1, 2, 3, 4, 5, 6, 7]


@pytest.mark.parametrize("values", [["2026-03-02T01:00:00+00:00", 7], ["济南"], [-(2**63), 2**63 - 1], []])
def test_cursors_come_back_as_they_went(values: list[Any]) -> None:
    assert list(decode_cursor(encode_cursor(values))) == values


@pytest.mark.parametrize(
    "values", [[True], [None], [1.5], [2**63], ["\x00"], ["a" * 201], [[1]], {"a": 1}, "text"], ids=str
)
def test_refuses_cursors_with_other_values(values: Any) -> None:
    import base64
    import json

    cursor = base64.urlsafe_b64encode(json.dumps(values).encode()).rstrip(b"=").decode()
    with pytest.raises(InvalidCursor):
        decode_cursor(cursor)


def test_refuses_another_lists_cursor() -> None:
    page = PageRequest(10, encode_cursor(["a"]))
    with pytest.raises(InvalidCursor):
        page.after(int)
    with pytest.raises(InvalidCursor):
        page.after(str, str)
    assert page.after(str) == ("a",)


GOOD = {"name": "甲", "day": "2026-03-02", "count": 1}


@pytest.mark.parametrize(
    ("header", "status"),
    [(None, 428), ('"3"', 200), ('"2", "3"', 200), ("*", 200), ('"2"', 412), ('W/"3"', 412), ("3", 422), ("", 422)],
)
async def test_changes_need_the_present_version(client: httpx.AsyncClient, header: str | None, status: int) -> None:
    headers = {} if header is None else {"If-Match": header}
    answer = await client.put("/v1/things/1", json=GOOD, headers=headers)
    assert answer.status_code == status, answer.text


@pytest.mark.parametrize(
    ("header", "result"),
    [(None, '"3"'), ('"3"', "304"), ('W/"3"', "304"), ('"2"', '"3"'), ("*", "304"), ("null", '"3"')],
)
async def test_known_versions_need_no_body(client: httpx.AsyncClient, header: str | None, result: str) -> None:
    headers = {} if header is None else {"If-None-Match": header}
    answer = await client.get("/v1/things/1", headers=headers)
    assert answer.json() == {"result": result}


@pytest.mark.parametrize(
    ("headers", "status", "code"),
    [
        ({}, 400, "idempotency-key-missing"),
        ({"Idempotency-Key": ""}, 422, "invalid-input"),
        ({"Idempotency-Key": "a" * 256}, 422, "invalid-input"),
        ({"Idempotency-Key": "a b"}, 422, "invalid-input"),
        ({"Idempotency-Key": "a" * 255}, 201, None),
        ({"Idempotency-Key": "!~"}, 201, None),
    ],
)
async def test_idempotency_key(
    client: httpx.AsyncClient, headers: dict[str, str], status: int, code: str | None
) -> None:
    answer = await client.post("/v1/keyed", json=GOOD, headers=headers)
    assert answer.status_code == status, answer.text
    assert answer.json().get("type", "").rpartition("/")[2] == (code or "")


async def test_key_stands_for_caller_operation_and_body(client: httpx.AsyncClient) -> None:
    headers = {"Idempotency-Key": "k"}
    first, again = [(await client.post("/v1/keyed", json=GOOD, headers=headers)).json()["result"] for _ in range(2)]
    other = (await client.post("/v1/keyed", json=GOOD | {"count": 2}, headers=headers)).json()["result"]
    assert first == again
    assert first.startswith("clerk-1\nPOST /keyed|")
    assert other != first


AGENCY = {"admdvs": "370100"}


@pytest.mark.parametrize(
    ("claims", "areas", "expected"),
    [
        (AGENCY, ["110100", "370100"], True),
        (AGENCY, ["110100"], False),
        (AGENCY | {"counties": ["370102"]}, ["370102"], True),
        ({"admdvs": "*"}, ["110100"], True),
        ({}, ["110100"], False),
        ({"emp_no": "E1"}, ["110100"], False),
        ({"oversight": "100000"}, ["110100"], True),
        ({"oversight": "370000"}, ["370200"], True),
        ({"oversight": "370000"}, ["380100"], False),
        ({"oversight": "370100"}, ["370199"], True),
        ({"oversight": "370100"}, ["370200"], False),
        (AGENCY | {"oversight": "100000"}, ["110100"], False),
    ],
)
def test_sees(claims: dict[str, Any], areas: list[str], expected: bool) -> None:
    assert Principal.of_claims({"sub": "s"} | claims).sees(*areas) is expected


@pytest.mark.parametrize(
    ("claims", "expected"),
    [
        ({"admdvs": "*"}, OptChnl.PLATFORM),
        (AGENCY, OptChnl.PLATFORM),
        (AGENCY | {"optins_no": "37010001"}, OptChnl.OUTBOUND_WINDOW),
        ({"admdvs": "110100", "optins_no": "11010001"}, OptChnl.INBOUND_WINDOW),
        ({"admdvs": "440300", "optins_no": "44030001"}, None),
    ],
)
def test_channel_comes_from_the_token(claims: dict[str, Any], expected: OptChnl | None) -> None:
    assert Principal.of_claims({"sub": "s"} | claims).channel("370100", "110100") is expected


def test_platform_wide_caller_is_no_agency() -> None:
    caller = Principal.of_claims({"sub": "s", "admdvs": "*"})
    assert caller.admdvs is None
    with pytest.raises(Forbidden):
        caller.agency()


def test_certificate_number_is_not_shown() -> None:
    assert "11010519491231002X" not in repr(Principal.of_claims({"sub": "s", "certno": "11010519491231002X"}))
