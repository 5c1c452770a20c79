"""Areas and policies for the tables of benefits and years: the shipped files, and some that cities might publish."""

from datetime import UTC, datetime
from typing import Any

from shared.registry.models import Area, RegistrySnapshot
from shared.registry.policy.region_file import RegionFile
from shared.registry.registry import Registry
from tests.unit.shared.registry.policy.shipped import SHIPPED

_AREA = {"valid_from": "2000-01-01", "state": "connected"}
_MONTH_AFTER = {"first_month": "month_after_payment"}

# A city of another province that has said everything that N11 and N12 leave to it.
_CHENGDU: dict[str, Any] = {
    "benefits": {
        "back_payment_months": 1,
        "long_gap_across_provinces": {"first_month": "month_of_payment", "waiting_months": 6},
        "long_gap_within_province": {"first_month": "month_after_payment", "waiting_months": 2},
        "switch_into_employees": {"first_month": "month_of_payment", "waiting_months": 4},
        "switch_into_residents": _MONTH_AFTER | {"waiting_months": 1},
        "pays_until_last_paid_month_across_provinces": True,
        "first_enrolment": _MONTH_AFTER,
        "residents": {
            "window_first_month": 11,
            "window_last_month": 2,
            "late": {"first_month": "month_after_payment", "waiting_months": 2},
        },
    },
    "years": {
        "men_months": 300,
        "women_months": 240,
        "do_deemed_months_count": True,
        "local_actual_months": {"within_province": 60, "across_provinces": 120},
        "may_pay_rest_at_once": True,
        "may_go_on_monthly": False,
    },
}
# A city of Shandong that kept its own way with residents for one more year (S54-4), and had its own years till 2025.
_ZIBO_2022: dict[str, Any] = {
    "benefits": {
        "residents": {
            "window_first_month": 10,
            "window_last_month": 12,
            "late": {"first_month": "month_after_payment", "waiting_months": 0},
        }
    },
    "years": {"men_months": 300, "women_months": 240},
}
_ZIBO_2023: dict[str, Any] = {"years": _ZIBO_2022["years"] | {"local_actual_months": {"across_provinces": 180}}}
_ZIBO_2026: dict[str, Any] = {"years": {"local_actual_months": {"across_provinces": 180}}}

# A city of Shandong that has set the readings: nothing is left open.
_YANTAI: dict[str, Any] = {
    "readings": {
        "short-gap-not-back-paid": "no-waiting",
        "back-payment-last-day": "no-last-day",
        "gap-count": "from-suspension",
        "switch-into-employees": "as-interrupted",
        "switch-into-residents": "no-waiting",
        "low-income-first-day": "month-after-payment",
        "resident-months": "counted",
    }
}


def registry() -> Registry:
    """济南 and 青岛 as shipped; 淄博, 烟台 and 成都 with files of their own (above); 自贡 and 北京 without any."""
    areas = (
        _area("370100", "济南", "370000", "370102"),
        _area("370200", "青岛", "370000"),
        _area("370600", "烟台", "370000"),
        _area("370300", "淄博", "370000", "370302"),
        _area("510100", "成都", "510000"),
        _area("510300", "自贡", "510000"),
        _area("110000", "北京", "110000"),
    )
    files = (
        *SHIPPED,
        _file(
            "370300", "淄博", "370000", {"2022-01-01": _ZIBO_2022, "2023-01-01": _ZIBO_2023, "2026-01-01": _ZIBO_2026}
        ),
        _file("370600", "烟台", "370000", {"2026-01-01": _YANTAI}),
        _file("510100", "成都", "000000", {"2022-01-01": _CHENGDU}),
    )
    at = datetime(2026, 1, 1, tzinfo=UTC)
    return Registry(RegistrySnapshot(version=1, issued_at=at, areas=areas, platform_keys=(), policies=files))


def _area(admdvs: str, name: str, province: str, *counties: str) -> Area:
    place = {"admdvs": admdvs, "name": name, "city": admdvs, "province": province, "counties": counties}
    return Area.model_validate(_AREA | place)


def _file(region: str, name: str, inherits: str, versions: dict[str, Any]) -> RegionFile:
    stated = [{"valid_from": on, "sources": [f"{name}的通知"], **sections} for on, sections in versions.items()]
    return RegionFile.model_validate({"region": region, "name": name, "inherits": inherits, "versions": stated})
