"""No call without a token but health, metrics and documents; no call without the scope that it names."""

import re
from collections.abc import Callable, Iterator
from datetime import timedelta
from typing import Any

import httpx
import jwt
import pytest
from cryptography.hazmat.primitives.asymmetric import ec
from fastapi import FastAPI
from starlette.routing import Route

import inbound.app
import ledger.app
import outbound.app
import platform_gateway.app
from shared.web.authentication import scopes_by_route
from shared.web.development_issuer.app import create_issuer
from shared.web.development_issuer.clients import Clients
from shared.web.development_issuer.roles import claims_of
from shared.web.development_issuer.signing_key import SigningKey
from tests.clocks import FixedClock
from tests.contract.conftest import Settled

BUILDERS: dict[str, Callable[[None], FastAPI]] = {
    "platform_gateway": platform_gateway.app.build_app,
    "outbound": outbound.app.build_app,
    "inbound": inbound.app.build_app,
    "ledger": ledger.app.build_app,
}
OPEN = {("GET", path) for path in ("/healthz", "/readyz", "/metrics", "/openapi.json", "/docs")}
ROUTES = [
    (package, method, path, scopes)
    for package, build in BUILDERS.items()
    for (method, path), scopes in scopes_by_route(build(None)).items()
]
GUARDED = [route for route in ROUTES if route[1:3] not in OPEN]
SAMPLES = {"version": "1", "sheet_version": "1", "account_id": "1", "admdvs": "370100", "day": "2026-03-02"}
UUIDS = ("statement_id", "batch_id", "change_id", "task_id", "quarantine_id", "entry_id", "step_id")


def name_of(route: tuple[str, str, str, list[str]]) -> str:
    return " ".join(route[:3])


@pytest.mark.parametrize("route", GUARDED, ids=name_of)
def test_route_asks_for_a_scope(route: tuple[str, str, str, list[str]]) -> None:
    *_, path, scopes = route
    assert scopes, "anybody may call it"
    assert path.startswith("/v1/")


@pytest.mark.parametrize("package", BUILDERS)
def test_only_health_metrics_and_documents_are_open(package: str) -> None:
    found = {(method, path) for name, method, path, scopes in ROUTES if name == package and not scopes}
    assert found == OPEN


@pytest.mark.parametrize("package", BUILDERS)
def test_nothing_is_mounted_that_the_list_of_routes_does_not_show(package: str) -> None:
    app = BUILDERS[package](None)
    kinds = {type(route).__name__ for route in app.routes}
    assert not {kind for kind in kinds if "Mount" in kind or "Host" in kind or "WebSocket" in kind}


def test_issuer_has_nothing_but_keys_tokens_and_health(tmp_path: Any) -> None:
    key = SigningKey.load_or_make(tmp_path / "key.pem", issuer="i", audience="a")
    app = create_issuer(key, Clients([]), FixedClock(), lifetime=timedelta(hours=1))
    found = {(route.path, *sorted(route.methods or ())) for route in app.routes if isinstance(route, Route)}
    assert len(found) == len(app.routes)
    assert found == {("/jwks", "GET", "HEAD"), ("/healthz", "GET", "HEAD"), ("/token", "POST")}


def test_ready_made_roles_ask_only_for_scopes_that_exist() -> None:
    existing = {scope for *_, scopes in ROUTES for scope in scopes}
    platform = {role: claims_of(role) for role in ("online-channel", "platform-operator")}
    agency = {
        role: claims_of(role, "370100") for role in ("window", "clerk", "checker", "core", "bank-desk", "operator")
    }
    for role, claims in (platform | agency).items():
        assert set(claims["scope"].split()) <= existing, role


@pytest.mark.parametrize("route", GUARDED, ids=name_of)
async def test_call_without_token_or_scope_is_refused(settled: Settled, route: tuple[str, str, str, list[str]]) -> None:
    package, method, path, scopes = route
    stranger = await send(settled, package, method, path, None)
    assert (stranger.status_code, code_of(stranger)) == (401, "unauthenticated")
    assert stranger.headers["WWW-Authenticate"].startswith("Bearer")
    others = " ".join(sorted(set(settled.system[package].scopes.split()) - set(scopes)))
    lacking = await send(settled, package, method, path, settled.system.token(package, scope=others))
    assert (lacking.status_code, code_of(lacking)) == (403, "insufficient-scope")


@pytest.mark.parametrize("package", BUILDERS)
async def test_open_routes_answer_anybody(settled: Settled, package: str) -> None:
    for _, path in sorted(OPEN):
        answer = await send(settled, package, "GET", path, None)
        assert answer.status_code == 200, path


@pytest.mark.parametrize("package", BUILDERS)
async def test_token_that_does_not_hold_is_refused(settled: Settled, package: str) -> None:
    method, path = next((method, path) for name, method, path, _ in GUARDED if name == package and method == "GET")
    for why, token in bad_tokens(settled, package):
        answer = await send(settled, package, method, path, token)
        assert (answer.status_code, code_of(answer)) == (401, "unauthenticated"), why


def bad_tokens(settled: Settled, package: str) -> Iterator[tuple[str, str]]:
    system = settled.system
    good = system.token(package)
    claims = jwt.decode(good, options={"verify_signature": False})
    header = {"kid": system.issuer.kid}
    stranger = ec.generate_private_key(ec.SECP256R1())
    yield "not a token", "abc"
    yield "cut off", good[:-4]
    yield "another key under the known kid", jwt.encode(claims, stranger, algorithm="ES256", headers=header)
    yield "a key nobody knows", jwt.encode(claims, stranger, algorithm="ES256", headers={"kid": "unknown"})
    yield "no signature", jwt.encode(claims, "", algorithm="none", headers=header)
    yield "a shared secret", jwt.encode(claims, "x" * 32, algorithm="HS256", headers=header)
    early, late = system.clock.now() - timedelta(days=2), system.clock.now() + timedelta(days=2)
    yield "expired", system.issuer.mint(claims, now=early, lifetime=timedelta(hours=1))
    yield "not yet issued", system.issuer.mint(claims, now=late, lifetime=timedelta(hours=1))
    for claim, value in (("aud", "another"), ("iss", "https://another.test"), ("admdvs", ["370100"]), ("sub", 7)):
        changed = claims | {claim: value}
        yield f"wrong {claim}", jwt.encode(changed, system.issuer._private_key, algorithm="ES256", headers=header)


async def send(settled: Settled, package: str, method: str, path: str, token: str | None) -> httpx.Response:
    filled = re.sub(r"\{(\w+)\}", lambda found: sample(settled, found[1]), path)
    headers = {} if token is None else {"Authorization": f"Bearer {token}"}
    return await settled.system.http.request(method, settled.system[package].url + filled, headers=headers)


def sample(settled: Settled, name: str) -> str:
    if name == "rlts_traf_id":
        return settled.case
    if name in UUIDS:
        return "018f0000-0000-7000-8000-000000000000"
    return SAMPLES.get(name, "A001")


def code_of(answer: httpx.Response) -> str:
    assert answer.headers["Content-Type"] == "application/problem+json"
    return str(answer.json()["type"]).rsplit("/", 1)[-1]
