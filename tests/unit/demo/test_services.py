"""Calls that are lost are made again with the same key; refusals are not."""

import httpx
import pytest

from demo.errors import NotInTime, Unexpected
from demo.services import Call, Services, until

CALL = Call("token", "ledger", "POST", "/things", json={"a": 1}, key="k1")


def services(answers: list[httpx.Response | Exception], seen: list[httpx.Request], patience: float = 5) -> Services:
    def answer(request: httpx.Request) -> httpx.Response:
        seen.append(request)
        found = answers.pop(0) if len(answers) > 1 else answers[0]
        if isinstance(found, Exception):
            raise found
        return found

    http = httpx.AsyncClient(transport=httpx.MockTransport(answer))
    return Services({"ledger": "http://ledger"}, http, patience_seconds=patience)


def problem(status: int, code: str, *errors: str) -> httpx.Response:
    body = {"type": f"https://transfer.hsa.example/problems/{code}", "detail": "细节"}
    found = [{"code": each, "message": each, "pointer": ""} for each in errors]
    return httpx.Response(status, json=body | {"errors": found})


@pytest.mark.parametrize(
    "lost",
    [
        httpx.ConnectError("down"),
        httpx.ReadError("cut"),
        httpx.Response(503),
        problem(409, "idempotency-key-in-use"),
    ],
)
async def test_sends_again_with_the_same_key(lost: httpx.Response | Exception) -> None:
    seen: list[httpx.Request] = []
    answer = await services([lost, httpx.Response(201, json={"id": 7})], seen).json(CALL)
    assert answer == {"id": 7}
    assert [request.headers["Idempotency-Key"] for request in seen] == ["k1", "k1"]
    assert seen[0].content == seen[1].content


async def test_a_refusal_is_told_at_once_with_its_codes() -> None:
    seen: list[httpx.Request] = []
    with pytest.raises(Unexpected) as refused:
        await services([problem(422, "invalid", "A06", "A14")], seen).send(CALL)
    assert (refused.value.status, refused.value.problem, refused.value.codes) == (422, "invalid", ("A06", "A14"))
    assert len(seen) == 1


async def test_patience_ends() -> None:
    with pytest.raises(NotInTime, match="ConnectError"):
        await services([httpx.ConnectError("down")], [], patience=0.2).send(CALL)


async def test_waiting_ends_and_says_for_what() -> None:
    async def fetch() -> int:
        return 1

    with pytest.raises(NotInTime, match="两"):
        await until(fetch, lambda found: found == 2, what="两", within_seconds=0.2)
