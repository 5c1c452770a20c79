"""What people do with a statement that the bank has corrected."""

from typing import Any

import httpx

from tests.integration.ledger.areas import JINAN
from tests.integration.ledger.bank import Bank

WHY = {"reason": "银行 3 月 2 日函：更正当日对账单"}


async def bring(
    bank: Bank, content: bytes, media_type: str = "text/xml", *, area: str = JINAN, **request: Any
) -> httpx.Response:
    """Upload a corrected statement, and look at what differs; the upload's answer where it is refused."""
    headers, path, scope = {"Content-Type": media_type}, "/statement-restatements", "statements:write"
    found = await bank.call("POST", path, area=area, scope=scope, content=content, headers=headers, **request)
    if found.status_code != 201:
        return found
    assert "gone" not in found.json(), "who uploads need not be who may read what the lines say"
    shown = await bank.call("GET", found.headers["Location"].removeprefix("/v1"), area=area)
    assert {**shown.json(), **found.json()} == shown.json()
    return shown


async def step(
    bank: Bank, seen: httpx.Response, what: str, body: dict[str, Any], clerk: str = "zhang", area: str = JINAN
) -> httpx.Response:
    """One person's step with a corrected statement as it was seen."""
    path, headers = f"/statement-restatements/{seen.json()['id']}/{what}", {"If-Match": seen.headers["ETag"]}
    return await bank.call("POST", path, area=area, clerk=clerk, json=body, headers=headers)


async def correct(
    bank: Bank, content: bytes, media_type: str = "text/xml", *, area: str = JINAN, **request: Any
) -> dict[str, Any]:
    """Two people take a corrected statement in."""
    found = await bring(bank, content, media_type, area=area, **request)
    assert found.status_code == 200, found.text
    proposed = await step(bank, found, "proposal", WHY, area=area)
    assert proposed.status_code == 200, proposed.text
    taken = await step(bank, proposed, "approval", {"decision": "approve"}, clerk="li", area=area)
    assert (taken.status_code, taken.json()["state"]) == (200, "approved"), taken.text
    shown: dict[str, Any] = taken.json()
    return shown


def code(answer: httpx.Response) -> tuple[int, str]:
    """How a call was refused."""
    return answer.status_code, answer.json()["type"].rpartition("/")[2]
