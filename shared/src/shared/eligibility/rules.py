"""What a region has laid down about applications, and which readings a check has used (pure)."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta

from shared.contracts.application import ApplicantKind, Application
from shared.contracts.facts import Finding, OtherMeaning, ReadingUsed, Relation, SideFacts
from shared.law import design

ARREARS = "arrears-without-suspension"
SAME_YEAR = "same-year-residents"
EMPLOYER_ROLL = "employer-roll"


@dataclass(frozen=True, slots=True)
class Choice:
    """A reading's value in a region; ``others`` are the values that it could have had."""

    value: str
    is_set: bool
    others: tuple[str, ...]


_DEFAULTS: Mapping[str, Choice] = {
    ARREARS: Choice("not-suspended", False, ("suspended",)),
    SAME_YEAR: Choice("clerk-exception", False, ("no-exception",)),
    EMPLOYER_ROLL: Choice("inbound-roll", False, ("either-roll",)),
}


@dataclass(frozen=True, slots=True)
class EligibilityRules:
    """One region's rules on one day. Facts older than ``facts_max_age`` decide nothing (*design*)."""

    version: str = "default"
    facts_max_age: timedelta = timedelta(hours=24)
    is_same_city_not_needed: bool = False
    settle_after_days: int = 3
    choices: Mapping[str, Choice] = field(default_factory=lambda: _DEFAULTS)

    def under(self, reading: str, value: str) -> "EligibilityRules":
        """The same rules with one reading decided otherwise."""
        return replace(self, choices={**self.choices, reading: replace(self.choices[reading], value=value)})

    @design("facts older than the limit never refuse")
    def is_fresh(self, facts: SideFacts, at: datetime) -> bool:
        """Whether ``facts`` may decide something at ``at`` (UTC)."""
        return facts.facts_as_of is not None and at - facts.facts_as_of <= self.facts_max_age


@dataclass(frozen=True, slots=True)
class Asked:
    """What of an application the rules ask about; ``is_inside_area``: both sides are one pooling area (N14)."""

    trafout_insutype: str
    trafin_insutype: str
    is_by_employer: bool = False
    is_inside_area: bool = False

    @classmethod
    def of(cls, application: Application) -> "Asked":
        """Of an application whose areas have been resolved to pooling areas."""
        return cls(
            application.trafout_insutype,
            application.trafin_insutype,
            application.applicant.kind is ApplicantKind.EMPLOYER,
            application.trafout_admdvs == application.trafin_admdvs,
        )


class Reads:
    """Tells a check the value of a reading, and remembers that it was asked."""

    def __init__(self, rules: EligibilityRules) -> None:
        self._rules = rules
        self._asked: list[str] = []

    def value(self, name: str) -> str:
        """The value of the reading that is called ``name``."""
        if name not in self._asked:
            self._asked.append(name)
        return self._rules.choices[name].value

    @property
    def asked(self) -> Sequence[tuple[str, Choice]]:
        """The readings asked so far, in order."""
        return [(name, self._rules.choices[name]) for name in self._asked]


@dataclass(frozen=True, slots=True)
class SideVerdict:
    """What one side finds, and the readings that this rests on."""

    findings: tuple[Finding, ...]
    readings: tuple[ReadingUsed, ...] = ()


Check = Callable[[EligibilityRules, Reads], tuple[Finding, ...]]


def judge(check: Check, rules: EligibilityRules) -> SideVerdict:
    """The findings of ``check``; where they rest on a reading that nobody has set, also what else they could be."""
    reads = Reads(rules)
    findings = check(rules, reads)
    return SideVerdict(findings, tuple(_used(check, rules, findings, *asked) for asked in reads.asked))


def _used(
    check: Check, rules: EligibilityRules, findings: tuple[Finding, ...], name: str, choice: Choice
) -> ReadingUsed:
    otherwise: tuple[OtherMeaning, ...] = ()
    if not choice.is_set:
        found = ((value, check(other := rules.under(name, value), Reads(other))) for value in choice.others)
        otherwise = tuple(OtherMeaning(value=value, findings=each) for value, each in found if each != findings)
    return ReadingUsed(name=name, value=choice.value, is_set=choice.is_set, otherwise=otherwise)


def relation_of(facts: SideFacts, insutype: str) -> Relation | None:
    """The relation of a scheme that counts, as the side has ordered them."""
    return next((each for each in facts.relations if each.insutype == insutype), None)


@design("an unknown person and another name are answered alike")
def not_that_person(facts: SideFacts) -> tuple[Finding, ...]:
    """A09: nobody there has the certificate, or whoever has it is called otherwise."""
    if facts.psn_no is not None and facts.is_same_name is not False:
        return ()
    note = "姓名与证件不一致" if facts.is_same_name is False else "未查到该参保人"
    return (Finding(code="A09", note=note),)
