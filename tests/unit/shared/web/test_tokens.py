"""Which tokens hold."""

import base64
import hashlib
import hmac
import json
from collections.abc import Callable

import httpx
import jwt
import pytest
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import ec
from fastapi import FastAPI

from shared.web.authentication import scopes_by_route
from shared.web.problems import TYPE_PREFIX
from tests.clocks import AdvancingClock
from tests.unit.shared.web.conftest import KID, Issuer


def encoded(part: dict[str, object]) -> str:
    return base64.urlsafe_b64encode(json.dumps(part).encode()).rstrip(b"=").decode()


def unsigned(issuer: Issuer) -> str:
    return f"{encoded({'alg': 'none', 'kid': KID})}.{encoded(issuer.claims())}."


def signed_with_public_key(issuer: Issuer) -> str:
    public = issuer.keys[KID].public_key()
    pem = public.public_bytes(serialization.Encoding.PEM, serialization.PublicFormat.SubjectPublicKeyInfo)
    signed = f"{encoded({'alg': 'HS256', 'kid': KID})}.{encoded(issuer.claims())}"
    signature = hmac.new(pem, signed.encode(), hashlib.sha256).digest()
    return f"{signed}.{base64.urlsafe_b64encode(signature).rstrip(b'=').decode()}"


def signed_by_another(issuer: Issuer) -> str:
    return jwt.encode(issuer.claims(), ec.generate_private_key(ec.SECP256R1()), algorithm="ES256", headers={"kid": KID})


def of_unknown_key(issuer: Issuer) -> str:
    return jwt.encode(
        issuer.claims(), ec.generate_private_key(ec.SECP256R1()), algorithm="ES256", headers={"kid": "other"}
    )


def changed_after_signing(issuer: Issuer) -> str:
    head, _, signature = issuer.token().split(".")
    return f"{head}.{encoded(issuer.claims(admdvs='110100'))}.{signature}"


BAD: dict[str, Callable[[Issuer], str]] = {
    "expired": lambda issuer: issuer.token(exp=int(issuer.clock.now().timestamp()) - 31),
    "issued in the future": lambda issuer: issuer.token(iat=int(issuer.clock.now().timestamp()) + 60),
    "not valid yet": lambda issuer: issuer.token(nbf=int(issuer.clock.now().timestamp()) + 60),
    "wrong audience": lambda issuer: issuer.token(aud="other"),
    "wrong issuer": lambda issuer: issuer.token(iss="https://other.example"),
    "no subject": lambda issuer: issuer.token(sub=None),
    "no expiry": lambda issuer: issuer.token(exp=None),
    "no issue time": lambda issuer: issuer.token(iat=None),
    "no audience": lambda issuer: issuer.token(aud=None),
    "expiry is no number": lambda issuer: issuer.token(exp="tomorrow"),
    "expiry is infinite": lambda issuer: issuer.token(exp=10**30),
    "admdvs is no text": lambda issuer: issuer.token(admdvs=370100),
    "counties are no list": lambda issuer: issuer.token(counties="370102"),
    "alg none": unsigned,
    "HS256 with the public key": signed_with_public_key,
    "signed by another": signed_by_another,
    "unknown kid": of_unknown_key,
    "changed after signing": changed_after_signing,
    "no kid": lambda issuer: jwt.encode(issuer.claims(), issuer.keys[KID], algorithm="ES256"),
    "garbage": lambda _: "abc",
    "dots": lambda _: "..",
    "very long": lambda _: "a" * 9000,
}


@pytest.mark.parametrize("make", BAD.values(), ids=BAD)
async def test_refuses_token(stranger: httpx.AsyncClient, issuer: Issuer, make: Callable[[Issuer], str]) -> None:
    answer = await stranger.get("/v1/me", headers={"Authorization": f"Bearer {make(issuer)}"})
    assert answer.status_code == 401, answer.text
    assert answer.json()["type"] == TYPE_PREFIX + "unauthenticated"
    assert answer.headers["www-authenticate"].startswith("Bearer")


@pytest.mark.parametrize("header", [None, "", "Basic abc", "Bearer", "Bearer  "])
async def test_refuses_missing_token(stranger: httpx.AsyncClient, header: str | None) -> None:
    answer = await stranger.get("/v1/me", headers={} if header is None else {"Authorization": header})
    assert answer.status_code == 401
    assert answer.headers["www-authenticate"] == "Bearer"


async def test_takes_good_token(client: httpx.AsyncClient) -> None:
    answer = await client.get("/v1/me")
    assert answer.json() == {"result": "370100"}


async def test_refuses_missing_scope(stranger: httpx.AsyncClient, issuer: Issuer) -> None:
    headers = {"Authorization": f"Bearer {issuer.token(scope='things:read')}"}
    answer = await stranger.post("/v1/things", json={}, headers=headers)
    assert answer.status_code == 403
    assert 'error="insufficient_scope", scope="things:write"' in answer.headers["www-authenticate"]


async def test_strangers_learn_nothing_of_the_body_rules(stranger: httpx.AsyncClient) -> None:
    answer = await stranger.post("/v1/things", content=b"{" * 5000, headers={"Content-Type": "text/plain"})
    assert answer.status_code == 401


async def test_refuses_agency_work_without_agency(stranger: httpx.AsyncClient, issuer: Issuer) -> None:
    answer = await stranger.get("/v1/me", headers={"Authorization": f"Bearer {issuer.token(admdvs=None)}"})
    assert (answer.status_code, answer.json()["type"]) == (403, TYPE_PREFIX + "agency-missing")


async def test_remembered_token_still_expires(client: httpx.AsyncClient, issuer: Issuer, clock: AdvancingClock) -> None:
    assert (await client.get("/v1/me")).status_code == 200
    clock.advance(seconds=631)
    assert (await client.get("/v1/me")).status_code == 401


async def test_finds_a_new_key_of_the_issuer(
    stranger: httpx.AsyncClient, issuer: Issuer, clock: AdvancingClock
) -> None:
    await stranger.get("/v1/me", headers={"Authorization": f"Bearer {issuer.token()}"})
    issuer.keys["key-2"] = ec.generate_private_key(ec.SECP256R1())
    headers = {"Authorization": f"Bearer {issuer.token('key-2')}"}
    assert (await stranger.get("/v1/me", headers=headers)).status_code == 401  # asked a moment ago
    clock.advance(seconds=10)
    assert (await stranger.get("/v1/me", headers=headers)).status_code == 200


async def test_asks_for_unknown_keys_at_most_once_in_ten_seconds(
    stranger: httpx.AsyncClient, issuer: Issuer, clock: AdvancingClock
) -> None:
    for _ in range(20):
        await stranger.get("/v1/me", headers={"Authorization": f"Bearer {of_unknown_key(issuer)}"})
    assert issuer.requests == 1


async def test_withdrawn_key_stops_counting(stranger: httpx.AsyncClient, issuer: Issuer, clock: AdvancingClock) -> None:
    headers = {"Authorization": f"Bearer {issuer.token(exp=int(clock.now().timestamp()) + 7200)}"}
    assert (await stranger.get("/v1/me", headers=headers)).status_code == 200
    issuer.keys = {"key-2": ec.generate_private_key(ec.SECP256R1())}
    clock.advance(minutes=11)
    assert (await stranger.get("/v1/me", headers=headers)).status_code == 401


async def test_unreachable_issuer_is_unavailable_not_a_refusal(client: httpx.AsyncClient, issuer: Issuer) -> None:
    issuer.is_down = True
    answer = await client.get("/v1/me")
    assert answer.status_code == 503


async def test_known_keys_outlive_an_unreachable_issuer(
    stranger: httpx.AsyncClient, issuer: Issuer, clock: AdvancingClock
) -> None:
    await stranger.get("/v1/me", headers={"Authorization": f"Bearer {issuer.token()}"})
    issuer.is_down = True
    clock.advance(minutes=11)
    answer = await stranger.get("/v1/me", headers={"Authorization": f"Bearer {issuer.token()}"})
    assert answer.status_code == 200


def test_lists_the_scopes_of_every_route(app: FastAPI) -> None:
    scopes = scopes_by_route(app)
    assert scopes["POST", "/v1/things"] == ["things:write"]
    assert scopes["GET", "/v1/me"] == ["things:read"]
    assert {path for (_, path), found in scopes.items() if not found} == {
        "/healthz",
        "/readyz",
        "/metrics",
        "/openapi.json",
        "/docs",
    }
