"""The whole stack comes up, lets nobody in without a token, survives a kill, and keeps its data."""

from collections.abc import AsyncIterator
from pathlib import Path

import httpx
import pytest

from stack.child import end_leftovers
from stack.errors import StackInUse
from stack.local_stack import SERVICES, LocalStack
from stack.options import Options

pytestmark = pytest.mark.stack


@pytest.fixture(scope="module")
async def stack(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[LocalStack]:
    async with LocalStack(Options(state=tmp_path_factory.mktemp("stack"))) as stack:
        yield stack


async def read(stack: LocalStack, package: str, path: str, token: str | None = None) -> httpx.Response:
    headers = {} if token is None else {"Authorization": f"Bearer {token}"}
    async with httpx.AsyncClient(base_url=stack.urls[package], headers=headers, trust_env=False) as http:
        return await http.get(path)


async def accounts_of(stack: LocalStack, admdvs: str) -> set[str]:
    token = stack.tokens.role("platform-operator")
    answer = await read(stack, "platform_gateway", f"/v1/agencies/{admdvs}/bank-accounts", token)
    return {account["bankacct"] for account in answer.json()}


@pytest.mark.parametrize("package", SERVICES)
async def test_every_service_is_ready_and_describes_itself(stack: LocalStack, package: str) -> None:
    assert (await read(stack, package, "/readyz")).status_code == 200
    assert (await read(stack, package, "/openapi.json")).json()["paths"]
    assert 0 < stack.memory_bytes()[package] < 150 * 1024 * 1024


async def test_accounts_of_every_connected_area_are_registered_once(stack: LocalStack) -> None:
    for area in stack.areas:
        assert await accounts_of(stack, area.admdvs) == {account.bankacct for account in area.bank_accounts}


async def test_tokens_open_what_their_role_may_and_nothing_else(stack: LocalStack) -> None:
    online = stack.tokens.role("online-channel")
    assert (await read(stack, "platform_gateway", "/v1/transfers", online)).status_code == 200
    assert (await read(stack, "platform_gateway", "/v1/agencies", online)).status_code == 403
    assert (await read(stack, "platform_gateway", "/v1/transfers")).status_code == 401


async def test_a_killed_service_comes_back_on_its_address(stack: LocalStack) -> None:
    stack.kill("outbound")
    with pytest.raises(httpx.TransportError):
        await read(stack, "outbound", "/readyz")
    await stack.start("outbound")
    assert (await read(stack, "outbound", "/readyz")).status_code == 200


async def test_a_service_stops_cleanly_in_time(stack: LocalStack) -> None:
    assert await stack.stop("inbound") == 0
    await stack.start("inbound")


async def test_a_second_stack_on_the_same_state_is_refused(stack: LocalStack) -> None:
    with pytest.raises(StackInUse):
        await LocalStack(stack.options).__aenter__()


async def test_data_and_addresses_survive_a_restart(tmp_path: Path) -> None:
    options = Options(state=tmp_path)
    async with LocalStack(options) as first:
        urls, kid = first.urls, first.keys.own_keys("370100")[0][2].kid
    async with LocalStack(options) as second:
        assert second.urls == urls
        assert second.keys.own_keys("370100")[0][2].kid == kid
        assert len(await accounts_of(second, "370100")) == 2
    assert end_leftovers(tmp_path / "logs") == []
