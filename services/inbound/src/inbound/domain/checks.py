"""The inbound's own verdict about an application (N7): A02, A09, A10."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta

from shared.agency.known_person import KnownPerson, Looked, side_facts
from shared.contracts.application import ApplicantKind, Application
from shared.contracts.codes import Insutype, PsnInsuStas
from shared.contracts.facts import Finding, Relation, SideFacts
from shared.months import month_of


@dataclass(frozen=True, slots=True)
class CheckRules:
    """Local settings: which ``emp_mgt_type`` are real employers, and how old facts may be to refuse on."""

    real_emp_mgt_types: frozenset[str]
    facts_max_age: timedelta


def check(application: Application, looked: Looked, rules: CheckRules, now: datetime) -> list[Finding]:
    """Every obstacle on this side. On facts that are too old each is only unknown, never a refusal."""
    found = list(_obstacles(application, looked.person, rules))
    if _is_stale(looked.facts_as_of, rules, now):
        return [each.model_copy(update={"is_unknown": True, "note": "本地数据未及时更新"}) for each in found]
    return found


def facts(application: Application, looked: Looked, rules: CheckRules) -> SideFacts:
    """The facts that the verdict rests on, about the scheme transferred into."""
    found = side_facts(looked, application.trafin_insutype)
    if application.applicant.kind is not ApplicantKind.EMPLOYER:
        return found
    is_on_roll = looked.person is not None and _is_on_roll(application, looked.person, rules)
    return found.model_copy(update={"is_on_employer_roll": is_on_roll})


def _obstacles(application: Application, person: KnownPerson | None, rules: CheckRules) -> Iterator[Finding]:
    if person is None or not person.is_same_name:
        yield Finding(code="A09")
        # Somebody else's enrolment says nothing about this person.
        person = None
    if person is not None and not is_enrolled(person, application.trafin_insutype):
        yield Finding(code="A02")
    is_employer = application.applicant.kind is ApplicantKind.EMPLOYER
    if is_employer and (person is None or not _is_on_roll(application, person, rules)):
        yield Finding(code="A10", readings=("employer-roll",))


def is_enrolled(person: KnownPerson, insutype: str) -> bool:
    """Enrolled means registered **and** paid under the present registration (N5, N7)."""
    relation = person.relation(insutype)
    if relation is None or relation.psn_insu_stas != PsnInsuStas.ACTIVE:
        return False
    return person.last_paid.get(insutype, "") >= month_of(relation.crt_insu_date)


def _is_on_roll(application: Application, person: KnownPerson, rules: CheckRules) -> bool:
    if application.trafin_insutype != Insutype.EMPLOYEE or application.applicant.emp_no is None:
        return False
    return any(_employs(relation, application.applicant.emp_no, rules) for relation in person.relations)


def _employs(relation: Relation, emp_no: str, rules: CheckRules) -> bool:
    return (
        relation.insutype == Insutype.EMPLOYEE
        and relation.psn_insu_stas == PsnInsuStas.ACTIVE
        and relation.emp_no == emp_no
        and relation.emp_mgt_type in rules.real_emp_mgt_types
    )


def _is_stale(as_of: datetime | None, rules: CheckRules, now: datetime) -> bool:
    return as_of is None or now - as_of > rules.facts_max_age
