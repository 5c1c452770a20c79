"""The whole stack comes up again with its data, lets nobody in without a token, and survives a kill."""

import io
import json
import subprocess
import zipfile
from collections.abc import AsyncIterator
from dataclasses import dataclass
from pathlib import Path

import httpx
import pytest
from rich.console import Console

from bench.measurement import carry
from bench.plan import Mode, Plan
from stack.child import end_leftovers
from stack.errors import StackInUse
from stack.local_stack import SERVICES, LocalStack
from stack.options import Options
from stack.paths import REPOSITORY
from stack.up import announce

pytestmark = pytest.mark.stack


@dataclass(frozen=True)
class Again:
    """A stack that was started, stopped and started again, and how it was the first time."""

    stack: LocalStack
    first_urls: dict[str, str]
    first_kid: str
    left_running: list[int]


@pytest.fixture(scope="module")
async def again(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Again]:
    options = Options(state=tmp_path_factory.mktemp("stack"))
    async with LocalStack(options) as first:
        urls, kid = first.urls, kid_of(first)
    left = end_leftovers(options.state / "logs")
    async with LocalStack(options) as second:
        yield Again(second, urls, kid, left)


@pytest.fixture
def stack(again: Again) -> LocalStack:
    return again.stack


def kid_of(stack: LocalStack) -> str:
    [(_, _, key), *_] = stack.keys.own_keys("370100")
    return key.kid


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


def test_a_stopped_stack_leaves_no_process_behind(again: Again) -> None:
    assert again.left_running == []


def test_addresses_and_keys_survive_a_restart(again: Again) -> None:
    assert again.stack.urls == again.first_urls
    assert kid_of(again.stack) == again.first_kid


async def test_accounts_of_every_connected_area_are_registered_once_over_a_restart(stack: LocalStack) -> None:
    for area in stack.areas:
        assert await accounts_of(stack, area.admdvs) == {account.bankacct for account in area.bank_accounts}
    assert len(await accounts_of(stack, "370100")) == 2


async def test_tokens_open_what_their_role_may_and_nothing_else(stack: LocalStack) -> None:
    online = stack.tokens.role("online-channel")
    assert (await read(stack, "platform_gateway", "/v1/transfers", online)).status_code == 200
    assert (await read(stack, "platform_gateway", "/v1/agencies", online)).status_code == 403
    assert (await read(stack, "platform_gateway", "/v1/transfers")).status_code == 401


async def test_the_bench_carries_its_transfers_through_call_by_call(stack: LocalStack) -> None:
    cases = 10
    plan = Plan(cases={Mode.SINGLE: cases}, seed=1, clients=4, batch=5, warm_up=5, within_seconds=120)
    found = await carry(stack, plan, Mode.SINGLE, lambda _: None)
    assert len(found.closed) == cases
    assert {each.money_state for each in found.closed} == {"credited", "none", "settled_otherwise"}
    assert found.not_accepted == []
    assert found.counts.messages > 10 * cases
    assert found.counts.signatures.total() > found.counts.messages
    assert found.counts.durable > 0


@pytest.fixture
def beside(stack: LocalStack, tmp_path: Path) -> Path:
    """A folder that looks like the repository's to the commands of the documents, beside a stack that is up."""
    announce(stack, Console(file=io.StringIO()), 0)
    (tmp_path / ".state").mkdir()
    (tmp_path / ".state" / "up").symlink_to(stack.options.state)
    for name in ("docs", ".venv"):
        (tmp_path / name).symlink_to(REPOSITORY / name)
    return tmp_path


def commands_of(document: str, language: str = "sh") -> list[str]:
    """The blocks of shell commands, or of another language, in a document, as they stand."""
    _, *blocks = (REPOSITORY / document).read_text(encoding="utf-8").split(f"```{language}\n")
    return [block.partition("```")[0] for block in blocks]


def test_ten_lines_of_the_readme_carry_a_transfer_as_they_stand(beside: Path) -> None:
    [lines] = [block for block in commands_of("README.md") if "PLATFORM_GATEWAY" in block]
    assert len(lines.splitlines()) == 10
    last = lines.splitlines()[-1]
    again = (
        f"for n in $(seq 60); do {last} | tee progress; grep -q '\"is_closed\":true' progress && break; sleep 1; done"
    )
    done = subprocess.run(["bash", "-c", lines + again], cwd=beside, capture_output=True, text=True, timeout=150)
    assert done.returncode == 0, done.stdout + done.stderr
    assert "problems" not in done.stdout
    assert '"is_closed":true' in done.stdout, done.stdout


def test_a_finance_clerks_day_goes_as_its_page_says(beside: Path, stack: LocalStack) -> None:
    commands = "set -eo pipefail\n" + "\n".join(commands_of("docs/finance-day.md"))
    done = subprocess.run(["bash", "-c", commands], cwd=beside, capture_output=True, text=True, timeout=240)
    assert done.returncode == 0, done.stdout + done.stderr
    assert done.stdout.count("已通过") == 3
    assert done.stdout.count("\napproved\n") == 2
    shown = done.stdout.partition("]\n")[2].partition("\n{")[0].splitlines()
    assert len(shown) == 6, shown
    day = stack.options.state / "finance-day"
    report = json.loads((day / "report.json").read_text(encoding="utf-8"))
    assert report["adds_up"], report["accounts"]
    assert zipfile.is_zipfile(day / "report.xlsx")
    [left, *_] = done.stdout.rpartition("\napproved\n")[2].splitlines()
    assert "误付" in left, "given back, but on its way until the bank has debited it"
    waiting = {one["section"]: one["count"] for one in report["sections"] if one["reasons"]}
    assert waiting == {"money_without_business": 1}
    assert len(list(day.glob("payments-*"))) == 1


def test_a_cut_over_goes_as_its_page_says(beside: Path) -> None:
    commands = "set -eo pipefail\n" + "\n".join(commands_of("docs/cut-over.md"))
    done = subprocess.run(["bash", "-c", commands], cwd=beside, capture_output=True, text=True, timeout=120)
    assert done.returncode == 0, done.stdout + done.stderr
    answers = [json.loads(line) for line in done.stdout.splitlines() if line.startswith("{")]
    imports = [(each["lines"], each["entered"], each["errors"]) for each in answers if "lines" in each]
    assert imports == [(1, 1, []), (1, 1, []), (3, 3, [])]
    confirmed, booked, *_, at_outbound, at_inbound, old = [each["items"] for each in answers if "items" in each]
    assert [each["state"] for each in (*confirmed, *booked)] == ["confirmed", "booked", "booked", "booked"]
    assert ("蒋文博", "paper") in [(each["psn_name"], each["origin"]) for each in at_outbound]
    assert [(each["psn_name"], each["error_count"]) for each in at_inbound if each["origin"] == "paper"] == [
        ("邓佳", 0)
    ]
    assert [each["obligation_state"] for each in old] == ["open", "open", None]


def test_the_page_on_policies_names_an_environment_in_which_its_commands_run(beside: Path) -> None:
    """What they do is shown with the platform's tests; here only that a new terminal finds program and database."""
    city, _year = commands_of("docs/policy.md", "toml")
    (beside / "370200.toml").write_text(city, encoding="utf-8")
    environment, check, *_ = commands_of("docs/policy.md")
    done = subprocess.run(["bash", "-c", environment + check], cwd=beside, capture_output=True, text=True, timeout=60)
    assert done.returncode == 0, done.stdout + done.stderr
    assert "可以载入" in done.stdout


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
