"""A service and the development issuer as processes: start, work, stop."""

import asyncio
import json
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import AsyncIterator, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

import httpx
import pytest
from sqlalchemy import text

from shared.clock import SystemClock
from shared.database import Database
from shared.web.client_credentials import ClientCredentials
from tests.conftest import NewDatabase
from tests.databases import FreshDatabase, Postgres
from tests.plain_http import plain_client

HERE = Path(__file__).parent
CERTNO = "11010519491231002X"
CLIENT_ID, CLIENT_SECRET = "tester", "s:e c+r%et"
CLAIMS = {"scope": "things:write", "admdvs": "370100"}


def free_port() -> int:
    with socket.socket() as found:
        found.bind(("127.0.0.1", 0))
        return int(found.getsockname()[1])


def environment(**changes: str) -> dict[str, str]:
    path = os.pathsep.join([str(HERE), *sys.path])
    return {"PATH": os.environ["PATH"], "PYTHONPATH": path, "ENVIRONMENT": "development"} | changes


@contextmanager
def process(log: Path, arguments: list[str], env: Mapping[str, str]) -> Iterator["subprocess.Popen[bytes]"]:
    with log.open("wb") as output:
        started = subprocess.Popen([sys.executable, "-m", *arguments], env=env, stdout=output, stderr=output)
    try:
        yield started
    finally:
        started.kill()
        started.wait()


async def until_ok(url: str, running: "subprocess.Popen[bytes]", log: Path) -> None:
    deadline = time.monotonic() + 30
    async with plain_client() as client:
        while running.poll() is None and time.monotonic() < deadline:
            if await answers_well(client, url):
                return
            await asyncio.sleep(0.05)
    fail_with(log, f"{url} is not ready")


async def answers_well(client: httpx.AsyncClient, url: str) -> bool:
    try:
        return (await client.get(url)).status_code == 200
    except httpx.TransportError:
        return False


def fail_with(log: Path, message: str) -> None:
    pytest.fail(f"{message}: {log.read_text()}")


@pytest.fixture
async def issuer(tmp_path: Path) -> AsyncIterator[str]:
    """A running development issuer; its address."""
    port = free_port()
    clients = tmp_path / "clients.json"
    clients.write_text(json.dumps([{"client_id": CLIENT_ID, "client_secret": CLIENT_SECRET, "claims": CLAIMS}]))
    url = f"http://127.0.0.1:{port}"
    env = environment(
        AUTH_ISSUER=url,
        AUTH_AUDIENCE="transfer",
        ISSUER_KEY_FILE=str(tmp_path / "keys" / "issuer.pem"),
        ISSUER_CLIENTS_FILE=str(clients),
        PORT=str(port),
    )
    log = tmp_path / "issuer.log"
    with process(log, ["shared.web.development_issuer"], env) as running:
        await until_ok(f"{url}/healthz", running, log)
        yield url


def service_environment(database: FreshDatabase, issuer: str, port: int) -> dict[str, str]:
    return environment(
        DATABASE_URL=database.app_url,
        AUTH_ISSUER=issuer,
        AUTH_AUDIENCE="transfer",
        AUTH_JWKS_URL=f"{issuer}/jwks",
        AGENCIES="370100, 370200",
        PORT=str(port),
    )


async def test_runs_and_stops_with_nothing_lost(new_database: NewDatabase, issuer: str, tmp_path: Path) -> None:
    fresh = await new_database(HERE / "sample_service" / "migrations")
    port = free_port()
    url = f"http://127.0.0.1:{port}"
    log = tmp_path / "service.log"
    auth = ClientCredentials(f"{issuer}/token", CLIENT_ID, CLIENT_SECRET, SystemClock())
    env = service_environment(fresh, issuer, port)
    with process(log, ["sample_service", "all"], env) as running:
        await until_ok(f"{url}/readyz", running, log)
        async with plain_client(base_url=url, auth=auth) as client:
            answers = [
                await client.post("/v1/things", json={"certno": CERTNO}, headers={"Idempotency-Key": "one"})
                for _ in range(2)
            ]
            missing = await client.post("/v1/things", json={"certno": CERTNO})
            alive = await client.get("/healthz")
            metrics = await client.get("/metrics")
        resident = resident_mebibytes(running.pid)
        running.send_signal(signal.SIGTERM)
        began = time.monotonic()
        status = await asyncio.to_thread(running.wait, 15)
        took = time.monotonic() - began
    assert [answer.status_code for answer in answers] == [201, 201]
    assert answers[0].json() == answers[1].json()
    assert answers[0].headers["location"] == answers[1].headers["location"]
    assert missing.json()["type"].endswith("/idempotency-key-missing")
    assert alive.json() == {"status": "ok", "loops": []}
    assert 'transfer_http_request_seconds_count{method="POST",route="/v1/things",status="201"} 2.0' in metrics.text
    assert (status, took < 10) == (0, True), log.read_text()
    assert resident < 150
    await assert_turns_are_whole(fresh)
    assert_log_is_clean(log)


async def assert_turns_are_whole(fresh: FreshDatabase) -> None:
    database = Database(fresh.app_url, pool_size=1)
    async with database.connection() as connection:
        found = await connection.execute(text("SELECT state, count(*) AS number FROM turn GROUP BY state"))
        states = {row.state: int(row.number) for row in found}
        things = await connection.scalar(text("SELECT count(*) FROM thing"))
    await database.dispose()
    assert states["begun"] == states["ended"] > 0
    assert states["closed"] == 1
    assert things == 1


def assert_log_is_clean(log: Path) -> None:
    written = log.read_text()
    lines = [json.loads(line) for line in written.splitlines()]
    asked = next(line for line in lines if line["event"] == "asked")
    assert (asked["certno"], asked["rlts_traf_id"]) == ("[masked]", "T1")
    assert len(asked["trace_id"]) == 32
    assert CERTNO not in written
    assert lines[-1]["event"] == "stopped"
    assert not [line for line in lines if line["level"] == "error"]


def resident_mebibytes(pid: int) -> float:
    shown = subprocess.run(["ps", "-o", "rss=", "-p", str(pid)], capture_output=True, text=True, check=True)
    return int(shown.stdout) / 1024


async def test_stops_in_time_when_the_collector_is_down(new_database: NewDatabase, issuer: str, tmp_path: Path) -> None:
    fresh = await new_database(HERE / "sample_service" / "migrations")
    port = free_port()
    log = tmp_path / "service.log"
    env = service_environment(fresh, issuer, port) | {"OTLP_ENDPOINT": f"http://127.0.0.1:{free_port()}"}
    with process(log, ["sample_service", "all"], env) as running:
        await until_ok(f"http://127.0.0.1:{port}/readyz", running, log)
        resident = resident_mebibytes(running.pid)
        running.send_signal(signal.SIGTERM)
        began = time.monotonic()
        status = await asyncio.to_thread(running.wait, 15)
        took = time.monotonic() - began
    assert (status, took < 10) == (0, True), log.read_text()
    assert resident < 150


async def test_worker_answers_probes_only(new_database: NewDatabase, issuer: str, tmp_path: Path) -> None:
    fresh = await new_database(HERE / "sample_service" / "migrations")
    port = free_port()
    url = f"http://127.0.0.1:{port}"
    log = tmp_path / "worker.log"
    with process(log, ["sample_service", "worker"], service_environment(fresh, issuer, port)) as running:
        await until_ok(f"{url}/readyz", running, log)
        async with plain_client(base_url=url) as client:
            statuses = [(await client.get(path)).status_code for path in ("/healthz", "/metrics", "/v1/things")]
    assert statuses == [200, 200, 404]


async def test_unready_while_its_database_is_gone(
    new_database: NewDatabase, postgres: Postgres, issuer: str, tmp_path: Path
) -> None:
    fresh = await new_database(HERE / "sample_service" / "migrations")
    port = free_port()
    url = f"http://127.0.0.1:{port}"
    log = tmp_path / "service.log"
    with process(log, ["sample_service", "api"], service_environment(fresh, issuer, port)) as running:
        await until_ok(f"{url}/readyz", running, log)
        await postgres.drop(fresh)
        async with plain_client(base_url=url) as client:
            ready = await client.get("/readyz")
            alive = await client.get("/healthz")
    assert (ready.status_code, ready.json()["failing"]) == (503, ["database"])
    assert alive.status_code == 200


async def test_refuses_to_start_behind_the_revision(postgres: Postgres, issuer: str, tmp_path: Path) -> None:
    fresh = await postgres.empty("behind")
    log = tmp_path / "service.log"
    with process(log, ["sample_service", "api"], service_environment(fresh, issuer, free_port())) as running:
        status = await asyncio.to_thread(running.wait, 30)
    await postgres.drop(fresh)
    assert status == 1
    assert "needs 0001" in log.read_text()


async def test_migrate_needs_only_the_database(postgres: Postgres, tmp_path: Path) -> None:
    fresh = await postgres.empty("sample_service")
    log = tmp_path / "migrate.log"
    env = environment(DATABASE_URL=fresh.app_url, MIGRATION_DATABASE_URL=fresh.owner_url)
    with process(log, ["sample_service", "migrate"], env) as running:
        status = await asyncio.to_thread(running.wait, 30)
    await postgres.drop(fresh)
    assert status == 0, log.read_text()


@pytest.mark.parametrize(
    ("arguments", "env", "status", "says"),
    [
        (["sample_service", "openapi"], {}, 0, '"openapi": "3.'),
        (["sample_service", "api"], {}, 2, "database_url"),
        (["sample_service", "nonsense"], {}, 2, "invalid choice"),
        (["shared.web.development_issuer"], {"ENVIRONMENT": "production"}, 2, "development"),
    ],
)
async def test_command_line(arguments: list[str], env: dict[str, str], status: int, says: str, tmp_path: Path) -> None:
    log = tmp_path / "command.log"
    with process(log, arguments, environment(**env)) as running:
        ended = await asyncio.to_thread(running.wait, 30)
    assert ended == status
    assert says in log.read_text()
