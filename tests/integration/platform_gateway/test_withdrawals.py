"""A withdrawal before, beside and after a sheet."""

import asyncio

import pytest

from shared.contracts.events import (
    SheetAccepted,
    SheetRefused,
    TransferWithdrawn,
)
from tests.integration.platform_gateway.gateway import (
    CHANNEL,
    Gateway,
)


async def test_a_sheet_after_a_withdrawal_is_refused_as_withdrawn(gateway: Gateway) -> None:
    number = await gateway.accepted()
    body = {"reason": "不转了"}
    withdrawal = await gateway.call("POST", f"/transfers/{number}/withdrawal", CHANNEL, json=body)
    assert (withdrawal.status_code, withdrawal.json()["state"]) == (200, "withdrawn")
    told = [(to, type(event)) for to, event in (await gateway.sent(number))[2:]]
    assert told == [("outbound.370100", TransferWithdrawn), ("inbound.510100", TransferWithdrawn)]
    await gateway.issue(number)
    refused = (await gateway.sent(number))[-1][1]
    assert isinstance(refused, SheetRefused)
    assert refused.code == "withdrawn"
    assert (await gateway.history(number))[-1] == ("take_sheet", "withdrawn", False)
    await gateway.accepted()


async def test_a_withdrawal_after_a_sheet_is_409_and_leaves_a_trace(gateway: Gateway) -> None:
    number = await gateway.accepted()
    await gateway.issue(number)
    response = await gateway.call("POST", f"/transfers/{number}/withdrawal", CHANNEL, json={"reason": "不转了"})
    assert response.status_code == 409
    assert (await gateway.history(number))[-1] == ("withdraw", "inbound_processing", False)


@pytest.mark.parametrize("attempt", range(5))
async def test_of_a_withdrawal_and_a_sheet_at_the_same_moment_one_holds(gateway: Gateway, attempt: int) -> None:
    number = await gateway.accepted()
    issued = await gateway.issued(number)
    path, body = f"/transfers/{number}/withdrawal", {"reason": "不转了"}
    withdrawal, _ = await asyncio.gather(gateway.call("POST", path, CHANNEL, json=body), gateway.receive(issued))
    answers = {type(event) for _, event in await gateway.sent(number)}
    if withdrawal.status_code == 200:
        assert (await gateway.shown(number))["state"] == "withdrawn"
        assert {SheetRefused, TransferWithdrawn} <= answers
        assert SheetAccepted not in answers
    else:
        assert withdrawal.status_code == 409
        assert (await gateway.shown(number))["state"] == "inbound_processing"
        assert SheetAccepted in answers
        assert TransferWithdrawn not in answers


async def test_a_withdrawal_holds_once_and_against_the_version_read(gateway: Gateway) -> None:
    number = await gateway.accepted()
    path, body = f"/transfers/{number}/withdrawal", {"reason": "不转了"}
    stale = await gateway.call("POST", path, CHANNEL, json=body, headers={"If-Match": '"99"'})
    assert stale.status_code == 412
    headers = {"Idempotency-Key": "same"}
    answers = [await gateway.call("POST", path, CHANNEL, json=body, headers=headers) for _ in range(2)]
    assert [answer.status_code for answer in answers] == [200, 200]
    assert [command for command, _, _ in await gateway.history(number)].count("withdraw") == 1
