"""The effective policy of an area on a day."""

from datetime import date
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shared.registry.policy.effective import (
    DIGEST_LENGTH,
    PolicyBook,
    PolicyMissing,
    PolicyNotInForce,
    files_named,
)
from shared.registry.policy.layers import Origin, Value, merge
from shared.registry.policy.readings import READINGS
from shared.registry.policy.region_file import RegionFile
from shared.registry.registry import AreaUnknown, Registry
from tests.unit.shared.registry.policy.shipped import DAY, SHIPPED, registry_with


def _jinan(**sections: object) -> dict[str, Any]:
    later = {"valid_from": "2026-01-01", "sources": ["某通知"], **sections}
    city = next(file for file in SHIPPED if file.region == "370100").model_dump(mode="json")
    return city | {"versions": [*city["versions"], later]}


@pytest.mark.law("N8", "N9-1", "S54-9")
@pytest.mark.parametrize(
    ("admdvs", "on", "within", "across"),
    [
        ("370102", DAY, (6, 3, 9), (10, 5, 15)),
        ("370200", DAY, (6, 3, 9), (10, 5, 15)),
        ("370000", DAY, (6, 3, 9), (10, 5, 15)),
        ("370100", date(2022, 3, 31), (10, 5, None), (10, 5, None)),
        ("510100", DAY, (10, 5, None), (10, 5, None)),
    ],
)
def test_city_inherits_from_province_and_nation(
    admdvs: str, on: date, within: tuple[int, int, int | None], across: tuple[int, int, int | None]
) -> None:
    limits = registry_with(*SHIPPED).policy(admdvs, on).sections.deadlines
    found = [
        (stage.outbound_days, stage.inbound_days, stage.total_days)
        for stage in (limits.within_province, limits.across_provinces)
    ]
    assert found == [within, across]


def test_every_value_knows_its_origin() -> None:
    policy = registry_with(*SHIPPED).policy("370100", DAY)
    total = policy.origins["deadlines.across_provinces.total_days"]
    assert total == Origin("370000", "山东省", date(2022, 4, 1), ("S54-9",))
    assert policy.origins["deadlines.across_provinces.outbound_days"].region == "000000"
    assert policy.origins["account.moves_balance"].articles == ("N8",)


def test_version_names_each_file_and_changes_with_its_content() -> None:
    shipped = registry_with(*SHIPPED).policy("370100", DAY).version
    changed = registry_with(*SHIPPED).trying(_jinan(account={"moves_balance": False})).policy("370100", DAY)
    assert [part.split("#")[0] for part in shipped.split("+")] == [
        "000000@2021-12-01",
        "370000@2022-04-01",
        "370100@2022-04-01",
    ]
    assert changed.version.split("+")[:2] == shipped.split("+")[:2]
    assert "370100@2026-01-01#" in changed.version
    assert not changed.sections.account.moves_balance


@pytest.mark.law("N17")
def test_what_a_version_names_gives_the_same_policy_again_though_a_file_was_not_in_force_yet() -> None:
    nation, province, city = (file.model_dump(mode="json") for file in SHIPPED)
    begun_late = province | {"versions": [province["versions"][-1] | {"valid_from": "2026-06-01"}]}
    files = [RegionFile.model_validate(each) for each in (nation, begun_late, city)]
    registry, on = registry_with(*files), date(2026, 3, 2)
    then = registry.policy("370100", on)
    assert "370000@-#" in then.version
    named = files_named(then.version)
    kept = PolicyBook([file for file in files if (file.region, file.digest[:DIGEST_LENGTH]) in named])
    again = registry.under(kept).policy("370100", on)
    assert (again.version, again.sections) == (then.version, then.sections)
    # A version that reaches back changes what is in force now, and not what was decided under.
    reaching = province | {"versions": [province["versions"][-1] | {"valid_from": "2026-01-01"}]}
    present = registry.trying(reaching).policy("370100", on)
    assert files_named(present.version) != named


@pytest.mark.law("N17")
def test_a_later_version_does_not_change_earlier_days() -> None:
    registry = registry_with(*SHIPPED)
    tried = registry.trying(_jinan(account={"moves_balance": False}))
    before = date(2025, 12, 31)
    assert tried.policy("370100", before).sections == registry.policy("370100", before).sections
    assert registry.policy("370100", DAY).sections.account.moves_balance


def test_reading_says_whether_the_region_has_set_it() -> None:
    registry = registry_with(*SHIPPED)
    name = "balance-into-residents"
    default = registry.policy("370100", DAY).reading(name)
    assert (default.value, default.is_set, default.origin) == ("refunded_to_person", False, None)
    chosen = registry.trying(_jinan(readings={name: "retained_at_outbound"})).policy("370100", DAY).reading(name)
    assert (chosen.value, chosen.is_set) == ("retained_at_outbound", True)
    assert chosen.origin is not None
    assert chosen.origin.articles == ("某通知",)


def test_a_meaning_that_is_not_known_here_leaves_the_default() -> None:
    newer = RegionFile.model_validate(_jinan(readings={"gap-count": "some-newer-meaning"}))
    nation, province, _ = SHIPPED
    choice = registry_with(nation, province, newer).policy("370100", DAY).reading("gap-count")
    assert (choice.value, choice.is_set) == ("unpaid-months", False)


def test_shipped_files_set_no_reading() -> None:
    policy = registry_with(*SHIPPED).policy("370100", DAY)
    assert [name for name in READINGS if policy.reading(name).is_set] == []


def test_is_looked_up_once_for_a_registry_version() -> None:
    registry = registry_with(*SHIPPED)
    policy = registry.policy("370100", DAY)
    assert registry.policy("370100", DAY) is policy
    assert registry.policy("370102", date(2026, 11, 27)) is policy


@pytest.mark.law("N17")
def test_says_when_there_is_no_policy() -> None:
    with pytest.raises(PolicyMissing):
        registry_with().policy("370100", DAY)
    with pytest.raises(PolicyNotInForce):
        registry_with(*SHIPPED).policy("370100", date(2021, 11, 30))


_PATHS = st.lists(st.sampled_from("abc"), min_size=1, max_size=3).map(tuple)
_ORIGIN = Origin("000000", "国家", DAY, ("N8",))


@st.composite
def _layers(draw: st.DrawFn) -> dict[tuple[str, ...], Value]:
    layer: dict[tuple[str, ...], Value] = {}
    for path in draw(st.lists(_PATHS, max_size=6)):
        fits = all(path[: len(other)] != other and other[: len(path)] != path for other in layer)
        if fits:
            layer[path] = Value(draw(st.integers(0, 9)), _ORIGIN)
    return layer


@given(_layers(), _layers())
def test_merge_is_idempotent(parent: dict[tuple[str, ...], Value], child: dict[tuple[str, ...], Value]) -> None:
    merged = merge(parent, child)
    assert merge(parent, parent) == parent
    assert merge(merged, child) == merged
    assert all(merged[path] == value for path, value in child.items())


@pytest.mark.parametrize("code", ["999999", "370199", "440000", "370900"])
def test_an_unknown_code_has_no_policy(code: str) -> None:
    with pytest.raises(AreaUnknown, match=code):
        registry_with(*SHIPPED).policy(code, DAY)


def test_a_city_and_a_province_without_a_file_stand_under_those_above() -> None:
    held = registry_with(*SHIPPED)
    village = held.snapshot.areas[0].model_copy(update={"admdvs": "370901", "city": "370900", "counties": ()})
    registry = Registry(held.snapshot.model_copy(update={"areas": (*held.snapshot.areas, village)}))
    shandong, nation = (registry.policy(code, DAY) for code in ("370000", "000000"))
    assert registry.policy("370900", DAY) is registry.policy("370901", DAY) is shandong
    assert registry.policy("510000", DAY) is nation
    assert shandong is not nation
