"""NDJSON of persons: good lines are kept, each bad one is named by number and code, and none is kept by half."""

import json
from typing import Any

import pytest

from tests.integration.bad_input.conftest import UnderWay
from tests.integration.bad_input.test_requests import code_of
from tests.people import person_document
from tests.registry import JINAN

NDJSON = {"Content-Type": "application/x-ndjson"}


def line(psn_no: str, **changes: Any) -> bytes:
    return json.dumps(person_document(psn_no) | changes).encode()


LINES: list[tuple[bytes, str | None]] = [
    (line("N1"), None),
    (b"{", "malformed-body"),
    (b"[]", "model-type"),
    (b'{"psn_no":"\xff"}', "malformed-body"),
    (b'{"psn_no":"N2","psn_no":"N2"}', "malformed-body"),
    (line("N3", brdy="2026-02-30"), "date-from-datetime-parsing"),
    (line("N4", psn_name="a\0"), "forbidden-character"),
    (line("N5", surprise=1), "extra-forbidden"),
    (line("N6", account={"balc": 1.5}), "value-error"),
    (line("N7", updt_time="2036-01-01T00:00:00Z"), "updt-time-implausible"),
    (line("N8") + b" " * (2 * 1024 * 1024), "line-too-long"),
    (b"<html></html>", "malformed-body"),
    (line("N9"), None),
]


@pytest.mark.parametrize("package", ["outbound", "inbound"])
async def test_bad_lines_are_reported_and_left_out(under_way: UnderWay, package: str) -> None:
    content = b"\n".join(each for each, _ in LINES)
    headers = NDJSON | {"Idempotency-Key": "bad-lines"}
    answer = await under_way.system.call(
        package, "POST", "/persons/imports", claims={"admdvs": JINAN}, content=content, headers=headers
    )
    assert answer.status_code == 201, answer.text
    told = {each["line"]: each["code"] for each in answer.json()["errors"]}
    assert told == {number: code for number, (_, code) in enumerate(LINES, 1) if code is not None}
    rows = await under_way.system[package].rows("SELECT psn_no FROM person WHERE psn_no LIKE 'N%' ORDER BY psn_no")
    assert [row["psn_no"] for row in rows] == ["N1", "N9"]


@pytest.mark.parametrize("package", ["outbound", "inbound"])
@pytest.mark.parametrize(
    ("headers", "status", "code"),
    [
        ({"Content-Type": "application/json", "Idempotency-Key": "k"}, 415, "unsupported-media-type"),
        ({**NDJSON, "Idempotency-Key": "a/b"}, 422, "invalid-input"),
        ({**NDJSON, "Idempotency-Key": "a%00"}, 422, "invalid-input"),
    ],
)
async def test_import_of_the_wrong_kind_is_refused(
    under_way: UnderWay, package: str, headers: dict[str, str], status: int, code: str
) -> None:
    before = await under_way.system[package].counts()
    answer = await under_way.system.call(
        package, "POST", "/persons/imports", claims={"admdvs": JINAN}, content=line("N1"), headers=headers
    )
    assert (answer.status_code, code_of(answer)) == (status, code)
    assert await under_way.system[package].counts() == before
