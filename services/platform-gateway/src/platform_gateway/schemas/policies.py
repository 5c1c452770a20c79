"""Policies of regions and calendar years, as the API takes and shows them."""

from datetime import date, datetime
from typing import Annotated, Any

from pydantic import BaseModel, Field

from shared.contracts.codes import AreaCode
from shared.contracts.model import Document
from shared.registry.policy.differences import Difference
from shared.registry.policy.effective import EffectivePolicy
from shared.registry.policy.layers import Value
from shared.registry.policy.readings import READINGS
from shared.toml_text import MAX_BYTES


class PolicyText(Document):
    """A region's file as it is written: TOML."""

    text: Annotated[str, Field(min_length=1, max_length=MAX_BYTES)]


class PolicyRevision(BaseModel):
    """One loading of a region's file: who, when, what."""

    revision: int
    digest: str
    loaded_at: datetime
    loaded_by: str


class PolicySummary(PolicyRevision):
    """A region's policy that counts now, and from which days its versions hold."""

    region: AreaCode
    name: str
    inherits: AreaCode | None
    valid_from: list[date]


class PolicyShown(PolicySummary):
    """With the text, and every loading."""

    text: str
    revisions: list[PolicyRevision]


class SetValue(BaseModel):
    """A value and who set it: region, first day of its version, articles or documents."""

    value: Any
    region: AreaCode
    region_name: str
    valid_from: date
    articles: list[str]

    @classmethod
    def of(cls, value: Value) -> "SetValue":
        """As a policy holds it."""
        origin = value.origin
        return cls(
            value=value.value,
            region=origin.region,
            region_name=origin.name,
            valid_from=origin.valid_from,
            articles=list(origin.articles),
        )


class PolicyValue(SetValue):
    """A value by its dotted path."""

    path: str


class PolicyReading(BaseModel):
    """A reading of the texts: the value by which decisions are made here, and whether a region has set it."""

    name: str
    question: str
    value: str
    meaning: str
    is_set: bool
    articles: list[str]


class EffectiveShown(BaseModel):
    """What holds in an area on a day, each value with its origin."""

    admdvs: AreaCode
    on: date
    version: str
    values: list[PolicyValue]
    readings: list[PolicyReading]

    @classmethod
    def of(cls, admdvs: str, on: date, policy: EffectivePolicy) -> "EffectiveShown":
        """As the registry has it."""
        values = [
            PolicyValue(path=".".join(path), **SetValue.of(value).model_dump())
            for path, value in sorted(policy.layer.items())
            if path[0] != "readings"
        ]
        return cls(
            admdvs=admdvs,
            on=on,
            version=policy.version,
            values=values,
            readings=[_reading(policy, n) for n in READINGS],
        )


class DifferenceShown(BaseModel):
    """A value before and after; ``null`` where nobody sets it."""

    path: str
    before: SetValue | None
    after: SetValue | None

    @classmethod
    def of(cls, difference: Difference) -> "DifferenceShown":
        """As two policies differ."""
        before, after = (value and SetValue.of(value) for value in (difference.before, difference.after))
        return cls(path=difference.path, before=before, after=after)


class CalendarYearShown(BaseModel):
    """A loaded year: days off beside weekends, weekend days worked."""

    year: int
    holidays: list[date]
    workdays: list[date]
    revision: int
    loaded_at: datetime
    loaded_by: str


def _reading(policy: EffectivePolicy, name: str) -> PolicyReading:
    reading, choice = READINGS[name], policy.reading(name)
    return PolicyReading(
        name=name,
        question=reading.question,
        value=choice.value,
        meaning=reading.meanings[choice.value],
        is_set=choice.is_set,
        articles=list(reading.articles),
    )
