"""The policies that ship with the platform, and a registry of areas to try them on."""

from datetime import UTC, date, datetime
from pathlib import Path

import platform_gateway
from shared.registry.models import Area, RegistrySnapshot
from shared.registry.policy.region_file import RegionFile, read_toml
from shared.registry.registry import Registry

TEXTS = {
    file.stem: file.read_text(encoding="utf-8")
    for file in sorted((Path(platform_gateway.__file__).parent / "policies").glob("*.toml"))
}
SHIPPED = tuple(RegionFile.model_validate(read_toml(text)) for text in TEXTS.values())
DAY = date(2026, 11, 28)


def registry_with(*files: RegionFile) -> Registry:
    """A registry of 济南 and 青岛, 成都 and 自贡, 北京 that went through its JSON."""
    area = {"province": "370000", "valid_from": "2000-01-01", "state": "connected"}
    areas = (
        Area.model_validate(area | {"admdvs": "370100", "name": "济南", "city": "370100", "counties": ["370102"]}),
        Area.model_validate(area | {"admdvs": "370200", "name": "青岛", "city": "370200"}),
        Area.model_validate(area | {"admdvs": "510100", "name": "成都", "city": "510100", "province": "510000"}),
        Area.model_validate(area | {"admdvs": "510300", "name": "自贡", "city": "510300", "province": "510000"}),
        Area.model_validate(area | {"admdvs": "110000", "name": "北京", "city": "110000", "province": "110000"}),
    )
    snapshot = RegistrySnapshot(
        version=1, issued_at=datetime(2026, 1, 1, tzinfo=UTC), areas=areas, platform_keys=(), policies=files
    )
    return Registry(RegistrySnapshot.model_validate_json(snapshot.model_dump_json()))
