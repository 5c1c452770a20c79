"""The scenario files and what is made of them."""

from collections.abc import Callable
from datetime import UTC, date, datetime
from pathlib import Path
from random import Random

import pytest

from demo.errors import ScenarioFaulty
from demo.generator import generate
from demo.records import psn_no_of, records_of
from demo.scenario import Scenario, load_scenarios
from shared.certno import problems
from stack.areas import read_areas

TODAY = date(2026, 3, 31)
NOW = datetime(2026, 3, 31, 1, tzinfo=UTC)
COUNTIES = {area.admdvs: area.counties[0] for area in read_areas() if area.counties}
LETTERS = ["a", "b", "c", "d", "e", "f", "g", "h", "i", "i2", "j", "k", "l", "m", "n", "o"]

_MINIMAL = """
letter = "a"
title = "t"
[person]
psn_name = "林晓峰"
certno = "320102199003077112"
[application]
channel = "online"
trafout_admdvs = "320100"
trafin_admdvs = "370100"
trafout_insutype = "310"
trafin_insutype = "310"
[expect]
outcome = "accepted"
"""


@pytest.fixture
def scenarios() -> tuple[Scenario, ...]:
    return load_scenarios(TODAY)


def test_every_scenario_of_the_demo_is_there(scenarios: tuple[Scenario, ...]) -> None:
    assert [each.letter for each in scenarios] == LETTERS


@pytest.mark.parametrize("today", [date(2026, 1, 1), date(2026, 3, 31), date(2027, 12, 31), date(2028, 2, 29)])
def test_scenarios_hold_on_any_day(today: date) -> None:
    for scenario in load_scenarios(today):
        assert problems("01", scenario.person.certno) == []
        if scenario.outbound is not None and scenario.outbound.paus_insu_date is not None:
            assert scenario.outbound.paus_insu_date < today


def test_months_are_relative_to_the_clock(scenarios: tuple[Scenario, ...]) -> None:
    first = scenarios[0]
    assert first.inbound is not None
    assert first.inbound.paid == (("202602", "202603"),)


def test_people_of_at_least_four_areas_take_part(scenarios: tuple[Scenario, ...]) -> None:
    areas = {code for each in scenarios for code in (each.application.trafout_admdvs, each.application.trafin_admdvs)}
    assert {"370100", "370200", "320100", "510100"} <= areas


@pytest.mark.parametrize(
    ("spoil", "said"),
    [
        (lambda text: text.replace('title = "t"', 'titel = "t"'), "titel"),
        (lambda text: text.replace('"320100"', '"{{ mouth(1) }}"'), "mouth"),
        (lambda text: text.replace('"online"', "online"), "a.toml"),
        (lambda text: text.replace('"online"', '"fax"'), "fax"),
    ],
)
def test_names_the_file_and_what_is_wrong(tmp_path: Path, spoil: Callable[[str], str], said: str) -> None:
    (tmp_path / "a.toml").write_text(spoil(_MINIMAL), encoding="utf-8")
    with pytest.raises(ScenarioFaulty, match=said):
        load_scenarios(TODAY, tmp_path)


def test_refuses_two_scenarios_of_one_person(tmp_path: Path) -> None:
    (tmp_path / "a.toml").write_text(_MINIMAL, encoding="utf-8")
    (tmp_path / "b.toml").write_text(_MINIMAL.replace('"a"', '"b"'), encoding="utf-8")
    with pytest.raises(ScenarioFaulty, match="same person"):
        load_scenarios(TODAY, tmp_path)


def test_records_say_what_the_compact_facts_say(scenarios: tuple[Scenario, ...]) -> None:
    first = scenarios[0]
    outbound, inbound = records_of([first], COUNTIES, NOW)
    [record] = outbound["320100"]
    assert record.psn_no == psn_no_of(first) == inbound["370100"][0].psn_no
    assert (record.gend, record.brdy) == ("1", date(1990, 3, 7))
    [relation] = record.relations
    assert (relation.insutype, relation.psn_insu_stas, relation.insu_admdvs) == ("310", "2", "320102")
    assert relation.crt_insu_date == date(2022, 11, 1)
    assert [(paid.accrym_begn, paid.accrym_end) for paid in record.contributions] == [
        ("202211", "202407"),
        ("202409", "202601"),
    ]
    assert record.account is not None
    assert record.account.balc == sum(entry.amount for entry in record.account.entries) == 325_678


def test_only_a_real_employer_has_a_roll(scenarios: tuple[Scenario, ...]) -> None:
    _, inbound = records_of(scenarios, COUNTIES, NOW)
    types = {record.psn_no: record.relations[0].emp_mgt_type for record in inbound["370100"]}
    assert types["P-i"] == "1"
    assert types["P-a"] is None


def test_generator_repeats_itself_for_a_seed_and_never_repeats_a_person(scenarios: tuple[Scenario, ...]) -> None:
    one, again = (generate(scenarios, 50, Random(3), counties=COUNTIES) for _ in range(2))
    other = generate(scenarios, 50, Random(4), counties=COUNTIES, first=50)
    assert one == again
    everybody = [*one, *other]
    assert len({each.person.certno for each in everybody}) == len({each.letter for each in everybody}) == 100


def test_generator_keeps_the_mix_and_its_people_are_valid(scenarios: tuple[Scenario, ...]) -> None:
    made = generate(scenarios, 2 * len(LETTERS), Random(1), counties=COUNTIES)
    assert [each.letter[0] for each in made[: len(LETTERS)]] == [letter[0] for letter in LETTERS]
    assert [each.expect for each in made[len(LETTERS) :]] == [each.expect for each in scenarios]
    for each in made:
        assert problems("01", each.person.certno) == []
        assert (each.outbound is None) or (each.outbound.balc > 0) == each.outbound.has_account
    records_of(made, COUNTIES, NOW)
