"""Areas and policies for the table of eligibility: the shipped files, and a city that has set every reading."""

from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import platform_gateway
from shared.registry.models import Area, RegistrySnapshot
from shared.registry.policy.region_file import RegionFile, read_toml
from shared.registry.registry import Registry

_FOLDER = Path(platform_gateway.__file__).parent / "policies"
_CHENGDU = {
    "region": "510100",
    "name": "成都",
    "inherits": "000000",
    "versions": [
        {
            "valid_from": "2022-01-01",
            "sources": ["成都的通知"],
            "eligibility": {"facts_max_age_hours": 48},
            "readings": {
                "arrears-without-suspension": "suspended",
                "same-year-residents": "no-exception",
                "employer-roll": "either-roll",
            },
        }
    ],
}


def registry() -> Registry:
    """济南 and 南京 (two areas each), 青岛 and 北京 as shipped; 成都 with readings of its own; two not connected."""
    areas = (
        _area("370100", "济南", "370000", counties=["370102"]),
        _area("370199", "济南某区", "370000", city="370100"),
        _area("370200", "青岛", "370000"),
        _area("110000", "北京", "110000"),
        _area("320100", "南京", "320000"),
        _area("320199", "南京某区", "320000", city="320100"),
        _area("510100", "成都", "510000"),
        _area("320500", "苏州", "320000", state="not_connected"),
        _area("320600", "南通", "320000", state="suspended"),
    )
    shipped = [RegionFile.model_validate(read_toml(file.read_text("utf-8"))) for file in sorted(_FOLDER.glob("*.toml"))]
    policies = (*shipped, RegionFile.model_validate(_CHENGDU))
    at = datetime(2026, 1, 1, tzinfo=UTC)
    return Registry(RegistrySnapshot(version=1, issued_at=at, areas=areas, platform_keys=(), policies=policies))


def _area(admdvs: str, name: str, province: str, **changes: Any) -> Area:
    window = {"optins_no": f"{admdvs}01", "name": f"{name}大厅", "address": "某路1号", "tel": "12345678"}
    given = {"admdvs": admdvs, "name": name, "province": province, "city": admdvs, "valid_from": "2000-01-01"}
    return Area.model_validate(given | {"state": "connected", "windows": [window]} | changes)
