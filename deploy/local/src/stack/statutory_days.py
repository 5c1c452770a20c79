"""``python -m stack.statutory_days``: write the statutory days off that ``shared.calendar`` reads."""

from datetime import date
from importlib.resources import files
from pathlib import Path

import holidays

TABLE = Path(str(files("shared"))) / "statutory_days.txt"

_YEARS = range(1950, 2101)
"""As far as the library knows the lunar calendar."""
_EXCHANGED = "Day off"
"""How the library names what is off only by a year's arrangement (调休)."""


def statutory_days() -> str:
    """A line a year: the year, then its days as ``MM-DD`` (国务院《全国年节及纪念日放假办法》)."""
    return "".join(f"{' '.join((str(year), *(f'{day:%m-%d}' for day in _days_of(year))))}\n" for year in _YEARS)


def _days_of(year: int) -> list[date]:
    named = holidays.country_holidays("CN", years=year, observed=False, language="en_US")
    return sorted(day for day, name in named.items() if not name.startswith(_EXCHANGED))


if __name__ == "__main__":
    TABLE.write_text(statutory_days(), encoding="ascii")
