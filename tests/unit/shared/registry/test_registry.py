"""Look-ups in the registry."""

from collections.abc import Callable, MutableMapping
from datetime import date
from typing import Any, cast

import pytest
from pydantic import ValidationError

from shared.contracts.facts import Side
from shared.registry.models import AccountUse, Area, BankAccount, RegistrySnapshot
from shared.registry.registry import Registry
from shared.signing.key_pair import PrivateKey
from shared.signing.keys import VerificationKey

MakeSnapshot = Callable[..., RegistrySnapshot]
TODAY = date(2026, 3, 2)

ACCOUNT = {
    "bankacct": "3700001",
    "acctname": "济南市医疗保险事业中心",
    "bankcode": "102451000013",
    "bank_name": "某银行济南分行",
    "use": "payer",
    "valid_from": "2020-01-01",
}


def area(admdvs: str, **changes: Any) -> dict[str, Any]:
    fields = {
        "admdvs": admdvs,
        "name": f"{admdvs}医疗保险事业中心",
        "province": f"{admdvs[:2]}0000",
        "city": admdvs,
        "valid_from": "2000-01-01",
        "state": "connected",
    }
    return fields | changes


def key_entry(private: PrivateKey, owner: str) -> dict[str, Any]:
    return {
        "kid": private.kid,
        "owner": owner,
        "purpose": "seal",
        "algorithm": private.algorithm,
        "public_key": private.public_key,
        "valid_from": "2026-01-01T00:00:00Z",
    }


def code_of(found: Area | None) -> str | None:
    return found.admdvs if found else None


def number_of(account: BankAccount | None) -> str | None:
    return account.bankacct if account else None


@pytest.fixture
def merged(make_snapshot: MakeSnapshot) -> Registry:
    """371200 莱芜 went up in 370100 济南 after 2019-01-08, with its county 371202."""
    return Registry(
        make_snapshot(
            area("370100", counties=["370102", "371202"], former_names=["济南市医保中心"], valid_from="2000-01-01"),
            area("371200", counties=["371202"], valid_to="2019-01-08", successor="370100", valid_from="2001-01-01"),
        )
    )


def test_county_belongs_to_the_area_that_the_registry_says(merged: Registry) -> None:
    assert code_of(merged.resolve("370102", TODAY)) == "370100"
    assert code_of(merged.resolve("370102")) == "370100"
    assert merged.area("370102") is None


def test_code_that_is_no_pooling_area_is_unknown_even_if_it_looks_like_one(merged: Registry) -> None:
    assert merged.resolve("370000", TODAY) is None
    assert merged.area("370200") is None
    assert merged.province_of("370200") is None


def test_abolished_area_gives_way_to_its_successor_from_the_day_after(merged: Registry) -> None:
    assert code_of(merged.resolve("371200", date(2019, 1, 8))) == "371200"
    assert code_of(merged.resolve("371200", date(2019, 1, 9))) == "370100"
    assert code_of(merged.resolve("371200")) == "371200"


def test_county_of_an_abolished_area_follows_too(merged: Registry) -> None:
    assert code_of(merged.resolve("371202", TODAY)) == "370100"


def test_abolished_area_without_successor_and_future_area_are_not_found(make_snapshot: MakeSnapshot) -> None:
    registry = Registry(
        make_snapshot(
            area("139900", valid_to="2020-12-31"), area("440399", valid_from="2027-01-01", counties=["440301"])
        )
    )

    assert registry.resolve("139900", TODAY) is None
    assert registry.resolve("440399", TODAY) is None
    assert registry.resolve("440301", TODAY) is None
    assert code_of(registry.resolve("440399", date(2027, 1, 1))) == "440399"


def test_successors_in_a_circle_end(make_snapshot: MakeSnapshot) -> None:
    registry = Registry(
        make_snapshot(
            area("370100", valid_to="2020-01-01", successor="370200"),
            area("370200", valid_to="2020-01-01", successor="370100"),
        )
    )

    assert registry.resolve("370100", TODAY) is None


def test_area_keeps_its_former_names(merged: Registry) -> None:
    kept = merged.area("370100")
    assert kept is not None
    assert kept.names == ("370100医疗保险事业中心", "济南市医保中心")


def test_same_city_is_the_registry_city_and_not_the_code(make_snapshot: MakeSnapshot) -> None:
    registry = Registry(make_snapshot(area("370100"), area("370199", city="370100"), area("370200")))

    assert registry.same_city("370100", "370199")
    assert not registry.same_city("370100", "370200")
    assert not registry.same_city("999999", "999999")
    assert registry.province_of("370199") == "370000"


def test_endpoints(make_snapshot: MakeSnapshot) -> None:
    endpoints = {"outbound": "http://127.0.0.1:9001"}
    registry = Registry(make_snapshot(area("370100", endpoints=endpoints), area("370200")))

    assert registry.endpoint("370100", Side.OUTBOUND) == "http://127.0.0.1:9001"
    assert registry.endpoint("370100", Side.INBOUND) is None
    assert registry.endpoint("999999", Side.INBOUND) is None


def test_bank_account_is_the_newest_valid_on_the_day_for_the_use(make_snapshot: MakeSnapshot) -> None:
    old = ACCOUNT | {"valid_to": "2026-03-02"}
    new = ACCOUNT | {"bankacct": "3700002", "valid_from": "2026-03-02"}
    registry = Registry(make_snapshot(area("370100", bank_accounts=[old, new])))

    assert number_of(registry.bank_account("370100", "payer", date(2026, 3, 1))) == "3700001"
    assert number_of(registry.bank_account("370100", AccountUse.PAYER, TODAY)) == "3700002"
    assert registry.bank_account("370100", "payer", date(2019, 12, 31)) is None
    assert registry.bank_account("370100", "receiver", TODAY) is None
    assert registry.bank_account("999999", "payer", TODAY) is None


def test_keys_of_agencies_and_platform_stand_in_one_index(make_snapshot: MakeSnapshot) -> None:
    agency, platform = PrivateKey.generate("ES256"), PrivateKey.generate("ES256")
    registry = Registry(
        make_snapshot(
            area("370100", keys=[key_entry(agency, "inbound.370100")]), platform_keys=[key_entry(platform, "platform")]
        )
    )

    entry = registry.key(agency.kid)
    assert entry is not None
    assert str(entry.owner) == "inbound.370100"
    assert set(registry.keys) == {agency.kid, platform.kid}
    assert registry.key("x") is None
    with pytest.raises(TypeError):
        cast("MutableMapping[str, VerificationKey]", registry.keys)["x"] = entry


def test_certificate_types_are_data(make_snapshot: MakeSnapshot) -> None:
    registry = Registry(make_snapshot(cert_types=[{"code": "01", "name": "居民身份证（户口簿）"}]))

    assert registry.cert_types["01"] == "居民身份证（户口簿）"
    assert "97" not in registry.cert_types


def test_refuses_an_area_that_lists_a_key_of_another_area(make_snapshot: MakeSnapshot) -> None:
    with pytest.raises(ValidationError, match="密钥的所有者"):
        make_snapshot(area("370100", keys=[key_entry(PrivateKey.generate("ES256"), "outbound.370200")]))


def test_refuses_a_platform_key_in_an_area_and_an_agency_key_as_the_platforms(make_snapshot: MakeSnapshot) -> None:
    private = PrivateKey.generate("ES256")

    with pytest.raises(ValidationError, match="密钥的所有者"):
        make_snapshot(area("370100", keys=[key_entry(private, "platform")]))
    with pytest.raises(ValidationError, match="平台密钥"):
        make_snapshot(area("370100"), platform_keys=[key_entry(private, "outbound.370100")])


@pytest.mark.parametrize(
    ("areas", "message"),
    [
        ([area("370100"), area("370100")], "统筹地区代码重复"),
        ([area("370100", successor="370200")], "继任统筹地区未登记"),
        (
            [
                area(code, windows=[{"optins_no": "W1", "name": "窗口", "address": "某路", "tel": "1"}])
                for code in ("370100", "370200")
            ],
            "窗口编号重复",
        ),
    ],
)
def test_refuses_a_registry_that_contradicts_itself(
    make_snapshot: MakeSnapshot, areas: list[Any], message: str
) -> None:
    with pytest.raises(ValidationError, match=message):
        make_snapshot(*areas)


def test_fields_of_a_newer_platform_are_left_alone(make_snapshot: MakeSnapshot) -> None:
    key = key_entry(PrivateKey.generate("ES256"), "outbound.370100") | {"hardware": True}
    registry = Registry(make_snapshot(area("370100", colour="red", keys=[key]), policies=[]))

    assert registry.area("370100") is not None
