"""Which agency a drafted month belongs to: the code that was right then, in the registry's writing (N annex 3)."""

from dataclasses import dataclass, field
from datetime import date
from typing import NamedTuple

from shared.law import design, law
from shared.months import month_at
from shared.sheet_rules.context import IssuingArea, IssuingAreas, is_valid_on, may_issue


class Issuer(NamedTuple):
    """Code and name for the boxes of a row; ``note`` is what the memo must say of it."""

    admdvs: str
    agency_name: str
    note: str = ""


@dataclass(slots=True)
class Issuers:
    """Finds issuers for the sheets of ``admdvs``; a code is looked up once, or for each month if not valid today."""

    admdvs: str
    areas: IssuingAreas
    today: date
    _valid: dict[str, Issuer | None] = field(default_factory=dict)
    _found: dict[tuple[str, int], Issuer] = field(default_factory=dict)

    def of(self, code: str | None, month: int) -> Issuer:
        """The issuer of a record with this ``poolarea_no`` for one month (a ``month_index``)."""
        code = code or self.admdvs
        if code not in self._valid:
            area = self.areas.area(code)
            is_valid = area is not None and is_valid_on(area, self.today)
            self._valid[code] = Issuer(area.admdvs, area.name) if area is not None and is_valid else None
        found = self._valid[code] or self._found.get((code, month))
        if found is None:
            found = self._found[code, month] = self._look_up(code, month)
        return found

    @law("N annex 3")
    def _look_up(self, code: str, month: int) -> Issuer:
        """For a code that is not valid today: itself while it was, then its successor; for a county's, its area."""
        month_text = month_at(month)
        area = self.areas.area(code)
        if area is not None and may_issue(area, month_text, month_text, self.today):
            return Issuer(area.admdvs, area.name)
        first_day = date(int(month_text[:4]), int(month_text[4:]), 1)
        for day in (first_day, self.today):
            area = self.areas.resolve(code, day)
            if area is not None and may_issue(area, month_text, month_text, self.today):
                return Issuer(area.admdvs, area.name)
        return self._vouched_for(code)

    @design("a month whose code no registry knows is vouched for by the agency that holds it, and the memo says so")
    def _vouched_for(self, code: str) -> Issuer:
        own: IssuingArea | None = self.areas.area(self.admdvs)
        name = "" if own is None else own.name
        return Issuer(self.admdvs, name, "" if code == self.admdvs else f"原记录统筹区代码{code}")
