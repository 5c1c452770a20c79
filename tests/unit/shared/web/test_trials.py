"""试算 for many: a line in, a line out, whatever stands in it."""

import json
from collections.abc import AsyncIterator

import httpx

GOOD = '{"name":"甲","day":"2026-03-02","count":1}'
NDJSON = {"Content-Type": "application/x-ndjson"}


async def answers(client: httpx.AsyncClient, body: str) -> list[dict[str, object]]:
    answer = await client.post("/v1/trials/things/batch", content=body.encode(), headers=NDJSON)
    assert (answer.status_code, answer.headers["content-type"]) == (200, "application/x-ndjson")
    return [json.loads(line) for line in answer.text.splitlines()]


async def test_each_line_has_its_answer_or_its_errors(client: httpx.AsyncClient) -> None:
    lines = [GOOD, "", "{", GOOD.replace("1}", "13}"), GOOD.replace("2026-03-02", "2026-02-30"), GOOD]
    found = await answers(client, "\n".join(lines))
    assert [each["line"] for each in found] == [1, 3, 4, 5, 6]
    assert found[0]["answer"] == found[-1]["answer"] == {"result": "甲"}
    codes = [(error["pointer"], error["code"]) for each in found[1:4] for error in each["errors"]]  # type: ignore[attr-defined]
    assert codes == [("", "malformed-body"), ("", "conflict"), ("/day", "date-from-datetime-parsing")]


async def test_a_line_that_is_too_long_is_that_lines_error(client: httpx.AsyncClient) -> None:
    found = await answers(client, f"{'x' * 300_000}\n{GOOD}\n")
    assert [list(each) for each in found] == [["line", "errors"], ["line", "answer"]]


async def test_a_batch_that_is_too_long_says_so_in_its_last_line(client: httpx.AsyncClient) -> None:
    async def chunks() -> AsyncIterator[bytes]:
        for _ in range(5):
            yield f"{GOOD}\n{' ' * 100_000}\n".encode()

    answer = await client.post("/v1/trials/things/batch", content=chunks(), headers=NDJSON)
    *decided, last = [json.loads(line) for line in answer.text.splitlines()]
    assert [each["line"] for each in decided] == [1, 3, 5]
    assert last["errors"][0]["code"] == "body-too-large"


async def test_other_content_is_refused(client: httpx.AsyncClient) -> None:
    answer = await client.post("/v1/trials/things/batch", json={})
    assert answer.status_code == 415
