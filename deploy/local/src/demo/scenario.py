"""A scenario as its file says it: who, from where to where, what is done, what must come out."""

import tomllib
from collections.abc import Sequence
from datetime import date
from enum import StrEnum
from pathlib import Path
from typing import Annotated

from jinja2 import TemplateError
from pydantic import BaseModel, ConfigDict, Field, ValidationError

from demo.errors import ScenarioFaulty
from demo.templates import relative_dates, render
from shared.contracts.codes import AreaCode, PsnInsuStas
from shared.contracts.events.relation import ReturnReason
from shared.money import NonNegativeFen
from shared.months import YearMonth
from stack.paths import LOCAL

SCENARIOS = LOCAL / "demo" / "scenarios"


class _Part(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class Channel(StrEnum):
    """Where the application is made."""

    ONLINE = "online"
    OUTBOUND_WINDOW = "outbound_window"
    INBOUND_WINDOW = "inbound_window"
    EMPLOYER = "employer"


class Person(_Part):
    """A made-up person; the certificate number's check digit is right."""

    psn_name: str
    certno: str
    psn_cert_type: str = "01"


class Wish(_Part):
    """What is applied for; ``simultaneous_clients`` send the same at the same moment, each with its own key."""

    channel: Channel
    trafout_admdvs: AreaCode
    trafin_admdvs: AreaCode
    trafout_insutype: str
    trafin_insutype: str
    emp_no: str | None = None
    emp_name: str | None = None
    simultaneous_clients: Annotated[int, Field(ge=1, le=10)] = 1


class SideRecord(_Part):
    """What one agency's core knows of the person, in short; ``paid`` are stretches of months, both ends counted."""

    psn_insu_stas: PsnInsuStas
    has_account: bool
    paus_insu_date: date | None = None
    balc: NonNegativeFen = 0
    emp_no: str | None = None
    emp_name: str | None = None
    paid: tuple[tuple[YearMonth, YearMonth], ...] = ()


class Correction(_Part):
    """How the outbound corrects the returned sheet: a memo in one row, with the reason that is kept."""

    row: Annotated[int, Field(ge=1)]
    memo: str
    reason: str


class Course(_Part):
    """What is out of the ordinary on the way."""

    is_withdrawn: bool = False
    money_arrives_first: bool = False
    arriving_differs_by_fen: int = 0
    inbound_returns: ReturnReason | None = None
    outbound_corrects: Correction | None = None


class Expectation(_Part):
    """What must have come out at the end; ``None`` and empty lists are not looked at.

    ``benefits_rule`` and ``is_years_reached`` are of the decisions at completion; where they are expected the demo
    shows the decision in full.
    """

    outcome: str
    reasons: tuple[str, ...] = ()
    relation: str | None = None
    money: str | None = None
    is_closed: bool | None = None
    sheet_versions: int | None = None
    refused_beside: tuple[str, ...] = ()
    benefits_rule: str | None = None
    is_years_reached: bool | None = None
    suspense_code: str | None = None


class Scenario(_Part):
    """One transfer of the demo; ``letter`` names it, in person numbers too."""

    letter: Annotated[str, Field(pattern=r"^[a-z][0-9]{0,6}$")]
    title: str
    person: Person
    application: Wish
    outbound: SideRecord | None = None
    inbound: SideRecord | None = None
    course: Course = Course()
    expect: Expectation


def load_scenarios(today: date, folder: Path = SCENARIOS) -> tuple[Scenario, ...]:
    """Every scenario of the folder in the order of letters, dates relative to ``today`` (Asia/Shanghai).

    Raises ``ScenarioFaulty`` naming the file that is wrong, or two that have the same letter.
    """
    scenarios = sorted((_load(path, today) for path in folder.glob("*.toml")), key=lambda each: each.letter)
    _require_distinct(scenarios)
    return tuple(scenarios)


def _load(path: Path, today: date) -> Scenario:
    try:
        return Scenario.model_validate(tomllib.loads(render(path, **relative_dates(today))))
    except (TemplateError, tomllib.TOMLDecodeError, ValidationError) as error:
        raise ScenarioFaulty(f"{path}: {error}") from error


def _require_distinct(scenarios: Sequence[Scenario]) -> None:
    letters = [each.letter for each in scenarios]
    people = [each.person.certno for each in scenarios]
    if len(set(letters)) != len(letters) or len(set(people)) != len(people):
        raise ScenarioFaulty("two scenarios have the same letter or the same person")
