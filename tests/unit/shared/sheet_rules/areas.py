"""Pooling areas as the registry holds them: one abolished, one renamed, one young, with counties."""

from shared.registry.models import RegistrySnapshot
from shared.registry.registry import Registry

CODES = {"JN": "370100", "LW": "371200", "QD": "370200", "NJ": "320100", "XA": "139900", "NX": "370199"}
"""Short names for the tables of cases; NX was never registered."""

_AREAS: list[dict[str, object]] = [
    {
        "admdvs": "370100",
        "name": "济南市医疗保险事业中心",
        "province": "370000",
        "city": "370100",
        "counties": ["370102", "371202"],
        "valid_from": "2000-01-01",
        "former_names": ["济南市社会保险事业局"],
    },
    {
        "admdvs": "371200",
        "name": "莱芜市医疗保险事业处",
        "province": "370000",
        "city": "371200",
        "valid_from": "2000-01-01",
        "valid_to": "2018-12-31",
        "successor": "370100",
    },
    {
        "admdvs": "370200",
        "name": "青岛市医疗保险事业中心",
        "province": "370000",
        "city": "370200",
        "valid_from": "2000-01-01",
    },
    {
        "admdvs": "320100",
        "name": "南京市医疗保障管理中心",
        "province": "320000",
        "city": "320100",
        "valid_from": "2000-01-01",
    },
    {
        "admdvs": "139900",
        "name": "雄安新区医疗保障中心",
        "province": "130000",
        "city": "139900",
        "valid_from": "2018-07-01",
    },
]


def registry() -> Registry:
    """The registry of these areas."""
    areas = [area | {"state": "connected"} for area in _AREAS]
    document = {"version": 1, "issued_at": "2024-01-01T00:00:00Z", "areas": areas, "platform_keys": []}
    return Registry(RegistrySnapshot.model_validate(document))


REGISTRY = registry()
NAMES = {area.admdvs: area.name for area in REGISTRY.snapshot.areas}
