"""The example registry is what its readers need, and a mistake in a file is told with its name."""

from datetime import date
from pathlib import Path

import pytest

from shared.registry.models import AccountUse
from stack.areas import read_areas
from stack.errors import StackError

AREAS = {area.admdvs: area for area in read_areas()}


def test_four_areas_take_part_two_of_them_in_shandong() -> None:
    connected = [area for area in AREAS.values() if area.is_connected]
    assert {area.admdvs for area in connected} >= {"370100", "370200", "320100", "510100"}
    assert len([area for area in connected if area.province == "370000"]) == 2


def test_an_abolished_code_has_a_successor_and_an_unconnected_area_has_windows() -> None:
    assert AREAS["371200"].successor == "370100"
    assert AREAS["371200"].valid_to == date(2018, 12, 31)
    assert AREAS["410100"].windows
    assert not AREAS["410100"].is_connected


@pytest.mark.parametrize("admdvs", ["370100", "370200", "320100", "510100"])
def test_every_connected_area_pays_and_is_paid(admdvs: str) -> None:
    assert {account.use for account in AREAS[admdvs].bank_accounts} == set(AccountUse)


def test_a_misspelt_field_is_told_with_the_file(tmp_path: Path) -> None:
    (tmp_path / "999900.toml").write_text('admdvs = "999900"\nnaem = "x"\n')
    with pytest.raises(StackError, match=r"999900\.toml"):
        read_areas(tmp_path)
