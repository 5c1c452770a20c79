"""The parties of the outbound's tests with their keys, and the registry that names them."""

from typing import Any

from shared.contracts.party import PLATFORM, Party
from shared.registry.models import RegistrySnapshot
from shared.signing.key_pair import PrivateKey
from shared.signing.keys import Purpose
from shared.signing.signers import Signers
from tests.registry import snapshot_keys
from tests.unit.shared.registry.policy.shipped import SHIPPED

OUT_AREA, IN_AREA, ON_PAPER = "370100", "320100", "410100"
OUTBOUND = Party.parse(f"outbound.{OUT_AREA}")
LEDGER = Party.parse(f"ledger.{OUT_AREA}")
PARTIES = (PLATFORM, OUTBOUND, LEDGER)
ROOT = PrivateKey.generate("ES256")
KEYS = {(party, purpose): PrivateKey.generate("ES256") for party in PARTIES for purpose in Purpose}
EVERYBODY = Signers(KEYS)


def snapshot(accounts: tuple[str, ...] = ("payer", "receiver")) -> RegistrySnapshot:
    """Two areas with keys; ``accounts`` says which bank accounts are registered."""
    areas = [
        _area(OUT_AREA, "济南市医疗保险事业中心", "payer", (OUTBOUND, LEDGER), accounts),
        _area(IN_AREA, "南京市医疗保障管理中心", "receiver", (), accounts),
        _area(ON_PAPER, "郑州市医疗保障经办机构", "receiver", (), ()) | {"state": "not_connected"},
    ]
    keys = snapshot_keys(PLATFORM, KEYS)
    return RegistrySnapshot.model_validate(
        {
            "version": 1,
            "issued_at": "2026-01-01T00:00:00Z",
            "areas": areas,
            "platform_keys": keys,
            "policies": SHIPPED,
        }
    )


def _area(admdvs: str, name: str, use: str, parties: tuple[Party, ...], accounts: tuple[str, ...]) -> dict[str, Any]:
    account = {
        "bankacct": f"62{admdvs}",
        "acctname": name,
        "bankcode": "102451000018",
        "bank_name": "某某银行",
        "use": use,
        "valid_from": "2020-01-01",
    }
    window = {"optins_no": f"{admdvs}01", "name": "服务大厅", "address": "某某路1号", "tel": "0531-12345678"}
    return {
        "admdvs": admdvs,
        "name": name,
        "province": admdvs[:2] + "0000",
        "city": admdvs,
        "valid_from": "2000-01-01",
        "state": "connected",
        "windows": [window],
        "keys": [key for party in parties for key in snapshot_keys(party, KEYS)],
        "bank_accounts": [account] if use in accounts else [],
    }
