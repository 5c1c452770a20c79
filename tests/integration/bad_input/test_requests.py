"""Whatever is sent, the answer is a problem with a stable code, and nothing is stored by half."""

from collections.abc import AsyncIterator

import httpx
import pytest

from tests.integration.bad_input.conftest import UnderWay
from tests.integration.bad_input.requests import BAD_REQUESTS, JSON, MEBIBYTE, TARGETS, Bad
from tests.registry import JINAN

PROBLEM = "application/problem+json"
COUNTED_AS_NOT_TAKEN = "answer_without_case"
"""What an application without a case was answered is kept for the statistics, and nothing else of it."""


@pytest.mark.parametrize("bad", BAD_REQUESTS, ids=str)
async def test_bad_request_is_answered_by_its_code_and_changes_nothing(under_way: UnderWay, bad: Bad) -> None:
    service = under_way.system[bad.package]
    before = await service.counts(COUNTED_AS_NOT_TAKEN)
    answer = await under_way.system.call(bad.package, bad.method, bad.path, claims={"admdvs": bad.area}, **bad.options)
    assert (answer.status_code, code_of(answer)) == bad.answer, answer.text
    if bad.at is not None:
        pointer, code = bad.at
        assert (pointer, code) in {(each["pointer"], code and each["code"]) for each in answer.json()["errors"]}
    assert await service.counts(COUNTED_AS_NOT_TAKEN) == before


@pytest.mark.parametrize(("package", "method", "path", "area"), TARGETS)
async def test_body_of_unknown_length_is_stopped_at_the_limit(
    under_way: UnderWay, package: str, method: str, path: str, area: str
) -> None:
    async def more_than_allowed() -> AsyncIterator[bytes]:
        for _ in range(20):
            yield b" " * (MEBIBYTE // 16)

    before = await under_way.system[package].counts()
    answer = await under_way.system.call(
        package, method, path, claims={"admdvs": area}, content=more_than_allowed(), headers=JSON
    )
    assert (answer.status_code, code_of(answer)) == (413, "body-too-large")
    assert await under_way.system[package].counts() == before


@pytest.mark.parametrize(
    ("package", "path", "area"), [("platform_gateway", "/transfers", "*"), ("ledger", "/payment-batches", JINAN)]
)
async def test_creation_without_a_key_is_refused(under_way: UnderWay, package: str, path: str, area: str) -> None:
    token = under_way.system.token(package, admdvs=area)
    url = f"{under_way.system[package].url}/v1{path}"
    answer = await under_way.system.http.post(url, json={}, headers={"Authorization": f"Bearer {token}"})
    assert (answer.status_code, code_of(answer)) == (400, "idempotency-key-missing")


async def test_nothing_of_what_was_sent_is_repeated(under_way: UnderWay) -> None:
    secret = "11010119900307849X"
    body = {"psn_name": [secret], secret: secret, "psn_cert_type": secret, "applicant": {"kind": secret}}
    answer = await under_way.system.call("platform_gateway", "POST", "/transfers", json=body)
    assert answer.status_code == 422
    assert secret not in answer.text


def code_of(answer: httpx.Response) -> str:
    assert answer.headers["Content-Type"] == PROBLEM, answer.text
    return str(answer.json()["type"]).rsplit("/", 1)[-1]
