"""Whose employer may apply for them (N5; the roll is a *reading*): a fact that each side tells of its own area."""

from collections.abc import Collection

from shared.agency.known_person import Looked
from shared.contracts.application import Applicant, ApplicantKind
from shared.contracts.codes import Insutype, PsnInsuStas
from shared.contracts.facts import Relation, SideFacts
from shared.law import law

STILL_THERE = frozenset({PsnInsuStas.ACTIVE})
"""What counts where a person arrives."""
UNTIL_LATELY = frozenset({PsnInsuStas.ACTIVE, PsnInsuStas.SUSPENDED})
"""What counts where a person leaves: the relation has been suspended by then."""


@law("N5")
def with_roll(
    facts: SideFacts,
    looked: Looked,
    applicant: Applicant,
    states: Collection[PsnInsuStas],
    real_emp_mgt_types: Collection[str],
) -> SideFacts:
    """``facts`` with whether the employer that applies has the person on its roll; as they are where none applies.

    A virtual unit (flexible workers, residents) is no employer: ``real_emp_mgt_types`` are those that are.
    """
    if applicant.kind is not ApplicantKind.EMPLOYER:
        return facts
    person = looked.person
    relations = person.relations if person is not None and person.is_same_name else ()
    is_on_roll = any(_employs(each, applicant.emp_no, states, real_emp_mgt_types) for each in relations)
    return facts.model_copy(update={"is_on_employer_roll": is_on_roll})


def _employs(
    relation: Relation, emp_no: str | None, states: Collection[PsnInsuStas], real_emp_mgt_types: Collection[str]
) -> bool:
    return (
        emp_no is not None
        and relation.insutype == Insutype.EMPLOYEE
        and relation.psn_insu_stas in states
        and relation.emp_no == emp_no
        and relation.emp_mgt_type in real_emp_mgt_types
    )
