"""The registry of the tests that run all four services: four areas with keys, windows and bank accounts."""

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from shared.contracts.party import Party, Role
from shared.signing import json_text, jws
from shared.signing.jws import DocumentType
from shared.signing.key_pair import PrivateKey
from shared.signing.keys import Purpose

if TYPE_CHECKING:
    from tests.four_services import FourServices

JINAN, QINGDAO, CHENGDU, BEIJING = "370100", "370200", "510100", "110000"
AREAS = {
    JINAN: ("济南市医疗保险事业中心", "370000", "370100"),
    QINGDAO: ("青岛市医疗保险事业中心", "370000", "370200"),
    CHENGDU: ("成都市医疗保障事务中心", "510000", "510100"),
    BEIJING: ("北京市医疗保险事务管理中心", "110000", "110000"),
}
Pairs = Mapping[tuple[Party, Purpose], PrivateKey]


def bank_account(admdvs: str, use: str) -> str:
    """The number of an agency's account; ``use`` is ``payer`` or ``receiver``."""
    return f"62{admdvs}{'01' if use == 'payer' else '02'}"


async def register(system: "FourServices", pairs: Pairs, urls: Mapping[str, str]) -> None:
    """Areas and keys by the operator; each bank account signed by its agency and approved by another person."""
    areas = [_area(code, *names, urls) for code, names in AREAS.items()]
    body = {"areas": areas, "keys": [_key(party, purpose, pair) for (party, purpose), pair in pairs.items()]}
    await system.done("platform_gateway", "POST", "/registry/imports", json=body)
    for code in AREAS:
        for use in ("payer", "receiver"):
            await _add_account(system, code, use, pairs[Party(Role.OUTBOUND, code), Purpose.SEAL])


async def _add_account(system: "FourServices", code: str, use: str, seal: PrivateKey) -> None:
    document = {
        "admdvs": code,
        "change_no": f"{use}-1",
        "bankacct": bank_account(code, use),
        "acctname": AREAS[code][0],
        "bankcode": "102451000018",
        "bank_name": "某某银行",
        "use": use,
        "valid_from": "2020-01-01",
    }
    payload = json_text.canonical(document)
    text = jws.write(jws.Envelope(payload, (jws.sign(payload, seal, DocumentType.BANK_ACCOUNT_CHANGE),)))
    changes = f"/agencies/{code}/bank-accounts/changes"
    made = await system.done("platform_gateway", "POST", changes, json={"jws": text}, claims={"sub": "finance"})
    path = f"{changes}/{made['change_id']}/approval"
    await system.done("platform_gateway", "POST", path, json={}, headers={"If-Match": "*"})


def _area(code: str, name: str, province: str, city: str, urls: Mapping[str, str]) -> dict[str, Any]:
    return {
        "admdvs": code,
        "name": name,
        "province": province,
        "city": city,
        "counties": [f"{code[:4]}02"],
        "valid_from": "2020-01-01",
        "state": "connected",
        "windows": [{"optins_no": f"{code}01", "name": "大厅", "address": "某路1号", "tel": "0531-12345678"}],
        "endpoints": {side: urls[side] for side in ("outbound", "inbound")},
    }


def _key(party: Party, purpose: Purpose, pair: PrivateKey) -> dict[str, Any]:
    return {
        "owner": str(party),
        "purpose": purpose.value,
        "public_key": pair.public_key,
        "valid_from": "2020-01-01T00:00:00Z",
    }


def snapshot_keys(owner: Party, pairs: Pairs) -> list[dict[str, Any]]:
    """A party's keys of every purpose, as a snapshot of the registry holds them."""
    return [
        _key(owner, purpose, pairs[owner, purpose])
        | {"kid": pairs[owner, purpose].kid, "algorithm": pairs[owner, purpose].algorithm}
        for purpose in Purpose
    ]
