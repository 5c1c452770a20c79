"""The operators' routes and the feed over HTTP."""

from collections.abc import AsyncIterator
from types import SimpleNamespace
from typing import Any

import httpx
import pytest

from shared.contracts.party import PLATFORM
from shared.messaging import feed
from shared.messaging.api import router
from shared.messaging.exchange import Exchange
from shared.messaging.feed import FeedEntry
from shared.web.app import create_app
from shared.web.health import Health
from shared.web.jwks import KeySet
from shared.web.tokens import TokenVerifier
from tests.clocks import AdvancingClock
from tests.integration.shared.messaging.parts import CASE, JINAN, OTHER_CASE, Service, World, accepted, to_jinan
from tests.unit.shared.web.conftest import AUDIENCE, ISSUER, Issuer

OPERATOR = "operations:read operations:write events:read"


@pytest.fixture
def issuer(clock: AdvancingClock) -> Issuer:
    return Issuer(clock)


@pytest.fixture
async def client(
    jinan: Service, world: World, clock: AdvancingClock, issuer: Issuer
) -> AsyncIterator[httpx.AsyncClient]:
    settings = SimpleNamespace(
        deployment="test",
        replica="0",
        kafka_bootstrap_servers="127.0.0.1:1",
        resend_first_seconds=10.0,
        resend_last_seconds=600.0,
        feed_days=400,
        quarantine_days=400,
        max_body_bytes=100_000,
    )
    exchange = Exchange.build(
        "outbound",
        settings,
        served=[JINAN],
        database=jinan.database,
        signers=jinan.signers,
        keys=world.keys,
        handlers=jinan.handlers,
        clock=clock,
    )
    http = httpx.AsyncClient(transport=httpx.MockTransport(issuer.answer))
    tokens = TokenVerifier(KeySet("http://issuer/jwks", http, clock), issuer=ISSUER, audience=AUDIENCE, clock=clock)
    context: Any = SimpleNamespace(settings=settings, tokens=tokens, health=Health(), exchange=exchange)
    app = create_app("测试服务", "1.0", [router], context)
    async with httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url="http://test") as client:
        client.headers["Authorization"] = f"Bearer {issuer.token(scope=OPERATOR, admdvs='370100')}"
        yield client


@pytest.fixture
async def stuck(platform: Service, jinan: Service) -> None:
    jinan.noter.refuses.update({CASE, OTHER_CASE})
    await platform.send(to_jinan(accepted(1)), to_jinan(accepted(2)), to_jinan(accepted(1), OTHER_CASE))
    await jinan.intake.take(await platform.outgoing())


@pytest.mark.usefixtures("stuck")
async def test_operator_pages_through_quarantine_without_contents(client: httpx.AsyncClient) -> None:
    first = (await client.get("/v1/quarantine", params={"limit": 1})).json()
    rest = (await client.get("/v1/quarantine", params={"cursor": first["next_cursor"]})).json()
    found = [*first["items"], *rest["items"]]
    assert rest["next_cursor"] is None
    assert {(entry["rlts_traf_id"], entry["reason"], entry["sequence"]) for entry in found} == {
        (CASE, "not-yet", 1),
        (OTHER_CASE, "not-yet", 1),
    }
    assert not {"value", "signature"} & found[0].keys()


@pytest.mark.usefixtures("stuck")
async def test_operator_tries_dry_and_then_for_real(client: httpx.AsyncClient, jinan: Service) -> None:
    items = (await client.get("/v1/quarantine")).json()["items"]
    [entry] = [item for item in items if item["rlts_traf_id"] == CASE]
    path = f"/v1/quarantine/{entry['quarantine_id']}/replay"
    dry = (await client.post(path, params={"dry_run": "true"})).json()
    assert dry == {"outcome": "quarantined", "reason": "not-yet", "applied": 0, "is_dry_run": True}
    jinan.noter.refuses.clear()
    real = (await client.post(path)).json()
    assert real == {"outcome": "applied", "reason": None, "applied": 2, "is_dry_run": False}
    assert (await client.post(path)).status_code == 404


@pytest.mark.usefixtures("stuck")
async def test_operator_dismisses_with_a_reason_only(client: httpx.AsyncClient, jinan: Service, issuer: Issuer) -> None:
    jinan.noter.refuses.clear()
    items = (await client.get("/v1/quarantine")).json()["items"]
    [entry] = [item for item in items if item["rlts_traf_id"] == CASE]
    path = f"/v1/quarantine/{entry['quarantine_id']}/dismissal"
    for body in ({}, {"reason": " "}, {"reason": "x" * 201}, {"reason": "误", "more": 1}):
        assert (await client.post(path, json=body)).status_code == 422, body
    own = client.headers["Authorization"]
    client.headers["Authorization"] = f"Bearer {issuer.token(scope=OPERATOR, admdvs='370200')}"
    assert (await client.post(path, json={"reason": "误"})).status_code == 404
    client.headers["Authorization"] = own
    answer = await client.post(path, json={"reason": "对方已另行更正"})
    assert (answer.status_code, answer.json()) == (200, {"applied": 1})
    assert (await client.post(path, json={"reason": "误"})).status_code == 404


@pytest.mark.usefixtures("stuck")
async def test_another_agencys_operator_learns_nothing(client: httpx.AsyncClient, issuer: Issuer) -> None:
    items = (await client.get("/v1/quarantine")).json()["items"]
    client.headers["Authorization"] = f"Bearer {issuer.token(scope=OPERATOR, admdvs='370200')}"
    assert (await client.get("/v1/quarantine")).json()["items"] == []
    assert (await client.post(f"/v1/quarantine/{items[0]['quarantine_id']}/replay")).status_code == 404
    body = {"party": str(JINAN), "senders": ["platform"], "since": "2026-03-01T00:00:00Z"}
    answer = await client.post("/v1/resend-requests", json=body, headers={"Idempotency-Key": "k"})
    assert answer.status_code == 404


async def test_resend_is_asked_for_once_per_key(client: httpx.AsyncClient, jinan: Service) -> None:
    body = {"party": str(JINAN), "senders": ["platform", "platform"], "since": "2026-03-01T00:00:00Z"}
    first = await client.post("/v1/resend-requests", json=body, headers={"Idempotency-Key": "k"})
    again = await client.post("/v1/resend-requests", json=body, headers={"Idempotency-Key": "k"})
    assert (first.status_code, again.status_code) == (202, 202)
    assert first.json() == again.json()
    assert await jinan.rows("SELECT type, recipient, rlts_traf_id, sequence FROM message_log") == [
        ("cn.hsa.transfer.ResendRequested.v1", str(PLATFORM), None, None)
    ]


async def test_resend_with_a_time_without_zone_or_a_wrong_party_is_refused(client: httpx.AsyncClient) -> None:
    changes: list[dict[str, Any]] = [
        {"since": "2026-03-01T00:00:00"},
        {"senders": []},
        {"senders": ["outbound"]},
        {"senders": ["platform", "outbound.999999"]},
        {"more": 1},
    ]
    for change in changes:
        body = {"party": str(JINAN), "senders": ["platform"], "since": "2026-03-01T00:00:00Z"} | change
        answer = await client.post("/v1/resend-requests", json=body, headers={"Idempotency-Key": "k"})
        assert answer.status_code == 422, change


async def test_feed_gives_an_agency_its_own_events(client: httpx.AsyncClient, jinan: Service) -> None:
    entries = [FeedEntry(admdvs, CASE, "case.accepted", {"n": n}) for n, admdvs in enumerate(("370100", "370200"))]
    async with jinan.database.transaction() as connection:
        await feed.append(connection, entries, now=jinan.clock.now())
        await feed.number(connection)
    found = (await client.get("/v1/events")).json()
    assert [(item["position"], item["data"]) for item in found["items"]] == [(1, {"n": 0})]
    assert found["next_after"] == 1
    assert (await client.get("/v1/events", params={"after": 1})).json() == {"items": [], "next_after": 1}


async def test_each_call_needs_its_scope(client: httpx.AsyncClient, issuer: Issuer) -> None:
    client.headers["Authorization"] = f"Bearer {issuer.token(scope='cases:read', admdvs='370100')}"
    assert (await client.get("/v1/quarantine")).status_code == 403
    assert (await client.get("/v1/events")).status_code == 403
    assert (await client.post(f"/v1/quarantine/{CASE}/replay")).status_code == 403
    assert (await client.post("/v1/resend-requests", json={})).status_code == 403
