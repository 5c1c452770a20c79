"""Registers the areas of the local stack through the platform's public REST API, as its people would."""

import asyncio
import time
import uuid
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from typing import Any

import httpx

from shared.contracts.party import PLATFORM, Party
from shared.registry.models import BankAccount
from shared.signing import json_text, jws
from shared.signing.jws import DocumentType
from shared.signing.key_pair import PrivateKey
from shared.signing.keys import Purpose
from stack.areas import SeedArea
from stack.errors import StackError
from stack.keys import KeyFolder
from stack.tokens import PLATFORM_OPERATOR, Tokens

_KEYS_VALID_FROM = datetime(2020, 1, 1, tzinfo=UTC).isoformat()
_TIMEOUT_SECONDS = 20.0
_AGAIN_SECONDS = 0.2
_REGISTRY_SCOPES = "registry:read registry:write registry:approve"


class RegistryRefused(StackError):
    """The platform did not take what the files say; carries its answer."""


async def load_registry(areas: Sequence[SeedArea], urls: Mapping[str, str], keys: KeyFolder, tokens: Tokens) -> None:
    """Register areas, their windows, end points and keys, and bank accounts that are not registered yet.

    Repeatable. ``urls`` are the services' base URLs by package. Raises ``RegistryRefused``.
    """
    operator = tokens.role(PLATFORM_OPERATOR, scope=_REGISTRY_SCOPES)
    async with _client(urls["platform_gateway"], operator) as http:
        document = {"areas": [_area(area, urls) for area in areas], "keys": _keys(areas, keys)}
        keyed = {"Idempotency-Key": str(uuid.uuid4())}
        imported = await _send(http, "POST", "/v1/registry/imports", json=document, headers=keyed)
        version: int = imported.json()["version"]
        connected = [area for area in areas if area.is_connected]
        approved = await asyncio.gather(*(_load_accounts(http, area, keys, tokens) for area in connected))
        await _wait_for_version(http, version + sum(approved))


async def _load_accounts(operator: httpx.AsyncClient, area: SeedArea, keys: KeyFolder, tokens: Tokens) -> int:
    """The agency proposes and signs each missing account, the platform's operator approves it; how many."""
    held = (await _send(operator, "GET", f"/v1/agencies/{area.admdvs}/bank-accounts")).json()
    missing = [account for account in area.bank_accounts if _account(account) not in [_known(each) for each in held]]
    claims = {"sub": f"finance-{area.admdvs}", "scope": "registry:propose registry:read", "admdvs": area.admdvs}
    async with _client(str(operator.base_url), tokens.mint(claims)) as finance:
        for account in missing:
            await _register(operator, finance, area, account, keys.private_key(_outbound(area), Purpose.SEAL))
    return len(missing)


async def _wait_for_version(http: httpx.AsyncClient, version: int) -> None:
    """Until the platform serves this version: it looks for newer ones only so often, and copies are made from it."""
    deadline = time.monotonic() + _TIMEOUT_SECONDS
    while int((await _send(http, "GET", "/v1/registry")).headers["ETag"].strip('"')) < version:
        if time.monotonic() > deadline:
            raise RegistryRefused(f"the platform does not serve version {version} of the registry")
        await asyncio.sleep(_AGAIN_SECONDS)


async def _register(
    operator: httpx.AsyncClient, finance: httpx.AsyncClient, area: SeedArea, account: BankAccount, seal: PrivateKey
) -> None:
    change_no = f"{account.use}-{account.valid_from:%Y%m%d}"
    payload = json_text.canonical({"admdvs": area.admdvs, "change_no": change_no, **_account(account)})
    signature = jws.sign(payload, seal, DocumentType.BANK_ACCOUNT_CHANGE)
    proposal = {"jws": jws.write(jws.Envelope(payload, (signature,)))}
    changes = f"/v1/agencies/{area.admdvs}/bank-accounts/changes"
    proposed = await _send(finance, "POST", changes, json=proposal, headers={"Idempotency-Key": str(uuid.uuid4())})
    approval = f"{changes}/{proposed.json()['change_id']}/approval"
    approved = {"reason": "本地环境初始化"}
    await _send(operator, "POST", approval, json=approved, headers={"If-Match": proposed.headers["ETag"]})


def _area(area: SeedArea, urls: Mapping[str, str]) -> dict[str, Any]:
    document = area.model_dump(mode="json", exclude={"keys", "bank_accounts", "endpoints", "signature_algorithm"})
    if not area.is_connected:
        return document
    return {**document, "endpoints": {"outbound": urls["outbound"], "inbound": urls["inbound"]}}


def _keys(areas: Sequence[SeedArea], keys: KeyFolder) -> list[dict[str, Any]]:
    agencies = [entry for area in areas if area.is_connected for entry in keys.own_keys(area.admdvs)]
    platform = [(PLATFORM, purpose, keys.private_key(PLATFORM, purpose)) for purpose in Purpose]
    return [
        {
            "owner": str(party),
            "purpose": purpose.value,
            "public_key": key.public_key,
            "valid_from": _KEYS_VALID_FROM,
        }
        for party, purpose, key in (*platform, *agencies)
    ]


def _account(account: BankAccount) -> dict[str, Any]:
    return account.model_dump(mode="json")


def _known(shown: Mapping[str, Any]) -> dict[str, Any]:
    """An account as the platform shows it, with the fields of the files only."""
    return {name: shown.get(name) for name in BankAccount.model_fields}


def _outbound(area: SeedArea) -> Party:
    return Party.parse(f"outbound.{area.admdvs}")


def _client(url: str, token: str) -> httpx.AsyncClient:
    return httpx.AsyncClient(
        base_url=url, headers={"Authorization": f"Bearer {token}"}, timeout=_TIMEOUT_SECONDS, trust_env=False
    )


async def _send(http: httpx.AsyncClient, method: str, url: str, **request: Any) -> httpx.Response:
    """The platform's answer; a 503 means unknown and is asked again, which every call here allows.

    Raises ``RegistryRefused`` for any other error, and when there is none but 503 in time.
    """
    deadline = time.monotonic() + _TIMEOUT_SECONDS
    while True:
        response = await http.request(method, url, **request)
        if response.is_success:
            return response
        if response.status_code != httpx.codes.SERVICE_UNAVAILABLE or time.monotonic() > deadline:
            raise RegistryRefused(f"{method} {response.request.url}: {response.text[:2000]}")
        await asyncio.sleep(_AGAIN_SECONDS)
