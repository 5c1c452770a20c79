"""Jinan and Beijing as the registry holds them, with everybody's keys, and a sheet between them."""

from collections.abc import Sequence
from typing import Any

from shared.contracts.info_sheet import InfoSheet
from shared.contracts.party import PLATFORM, Party
from shared.money import format_yuan
from shared.money_cn import to_capital
from shared.registry.models import RegistrySnapshot
from shared.signing.key_pair import PrivateKey
from shared.signing.keys import Purpose
from shared.signing.signers import Signers
from tests.registry import snapshot_keys

JINAN, BEIJING = "370100", "110000"
JINAN_IN, JINAN_IN_2, JINAN_OUT = "62010001", "62010003", "62010002"
BEIJING_IN, BEIJING_OUT = "62020001", "62020002"
_ACCOUNTS = {
    JINAN: ((JINAN_IN, "receiver"), (JINAN_IN_2, "receiver"), (JINAN_OUT, "payer")),
    BEIJING: ((BEIJING_IN, "receiver"), (BEIJING_OUT, "payer")),
}
_PARTIES = (
    PLATFORM,
    *(Party.parse(f"{role}.{area}") for area in (JINAN, BEIJING) for role in ("outbound", "inbound", "ledger")),
)
ROOT = PrivateKey.generate("ES256")
KEYS = {(party, purpose): PrivateKey.generate("ES256") for party in _PARTIES for purpose in Purpose}
EVERYBODY = Signers(KEYS)


def snapshot() -> RegistrySnapshot:
    """Two areas with their keys and accounts."""
    platform_keys = snapshot_keys(PLATFORM, KEYS)
    areas = [_area(JINAN, "济南"), _area(BEIJING, "北京")]
    return RegistrySnapshot.model_validate(
        {"version": 1, "issued_at": "2026-01-01T00:00:00Z", "areas": areas, "platform_keys": platform_keys}
    )


def info_sheet(case: str, fen: int, name: str, version: int) -> InfoSheet:
    """A sheet from Beijing to Jinan whose foot states ``fen``."""
    amount = format_yuan(fen)
    return InfoSheet.model_validate(
        {
            "rlts_traf_id": case,
            "version": version,
            "trafout_admdvs": BEIJING,
            "trafin_admdvs": JINAN,
            "trafout_insutype": "310",
            "trafin_insutype": "310",
            "head": {"psn_name": name, "psn_cert_type": "01", "certno": "110101199003078494", "gend": "1"},
            "rows": [],
            "foot": {
                "acctfund_traf_amt_cn": to_capital(fen),
                "acctfund_traf_amt": amount,
                "opter_name": "王经办",
                "tel": "010-12345678",
                "agency_name": "北京",
                "issued_on": "2026-03-02",
            },
            "acct_disposition": "transfer",
            "has_account": True,
            "attachment": {"psn_no": "B1", "account": {"balc": amount}},
        }
    )


def verification_keys() -> dict[str, Any]:
    """Everybody's keys by number, as the registry holds them."""
    held = snapshot()
    keys: Sequence[Any] = [*held.platform_keys, *(key for area in held.areas for key in area.keys)]
    return {key.kid: key for key in keys}


def _area(admdvs: str, name: str) -> dict[str, Any]:
    accounts = [
        {
            "bankacct": bankacct,
            "acctname": f"{name}医保中心",
            "bankcode": "102451000018",
            "bank_name": "某某银行",
            "use": use,
            "valid_from": "2020-01-01",
        }
        for bankacct, use in _ACCOUNTS[admdvs]
    ]
    return {
        "admdvs": admdvs,
        "name": name,
        "province": admdvs[:2] + "0000",
        "city": admdvs,
        "valid_from": "2000-01-01",
        "state": "connected",
        "keys": [key for party in _PARTIES if party.admdvs == admdvs for key in snapshot_keys(party, KEYS)],
        "bank_accounts": accounts,
    }
