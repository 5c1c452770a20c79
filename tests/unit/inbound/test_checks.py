"""The inbound's verdict (A02, A09, A10)."""

from datetime import timedelta
from typing import Any

import pytest

from inbound.domain.checks import CheckRules, check, facts
from shared.agency.known_person import Looked
from shared.contracts.application import Application
from shared.contracts.facts import Relation
from tests.people import relation
from tests.unit.inbound.builders import NOW, application, by_employer, looked

RULES = CheckRules(frozenset({"1"}), timedelta(hours=24))
NOBODY = Looked(None, NOW)
RESIDENT = {"insutype": "390", "psn_insu_rlts_id": "R2", "emp_no": None, "emp_mgt_type": None, "has_account": False}


def with_relations(*changes: dict[str, Any], **facts_changes: Any) -> Looked:
    found = tuple(Relation.model_validate(relation(**each)) for each in changes)
    return looked(relations=found, **facts_changes)


@pytest.mark.parametrize(
    ("applied", "found", "codes"),
    [
        (application(), looked(), []),
        (application(), NOBODY, ["A09"]),
        (application(), looked(is_same_name=False), ["A09"]),
        # A02: no relation of the target scheme, not active, registered but unpaid, paid only under an older one
        (application(trafin_insutype="390"), looked(), ["A02"]),
        (application(), with_relations({"psn_insu_stas": "2"}), ["A02"]),
        (application(), with_relations({"psn_insu_stas": "4"}), ["A02"]),
        (application(), looked(last_paid={}), ["A02"]),
        (application(), with_relations({"crt_insu_date": "2026-02-01"}, last_paid={"310": "202512"}), ["A02"]),
        (application(), with_relations({"crt_insu_date": "2026-02-27"}, last_paid={"310": "202602"}), []),
        (application(trafin_insutype="390"), with_relations(RESIDENT, last_paid={"390": "202612"}), []),
        # A10: only for its own people, real employers, into 310
        (application(applicant=by_employer()), looked(), []),
        (application(applicant=by_employer("E999")), looked(), ["A10"]),
        (application(applicant=by_employer()), with_relations({"emp_mgt_type": "9"}), ["A10"]),
        (application(applicant=by_employer()), with_relations({"emp_mgt_type": None}), ["A10"]),
        (application(applicant=by_employer()), with_relations({"psn_insu_stas": "2"}), ["A02", "A10"]),
        (application(applicant=by_employer()), NOBODY, ["A09", "A10"]),
        (
            application(applicant=by_employer(), trafin_insutype="390"),
            with_relations({}, RESIDENT, last_paid={"310": "202602", "390": "202612"}),
            ["A10"],
        ),
    ],
)
def test_every_obstacle_at_once(applied: Application, found: Looked, codes: list[str]) -> None:
    findings = check(applied, found, RULES, NOW)
    assert [each.code for each in findings] == codes
    assert not any(each.is_unknown for each in findings)


@pytest.mark.parametrize("as_of", [None, NOW - timedelta(hours=24, seconds=1)])
def test_old_facts_never_refuse(as_of: Any) -> None:
    [finding] = check(application(), Looked(None, as_of), RULES, NOW)
    assert finding.is_unknown


def test_facts_of_a_day_still_refuse() -> None:
    [finding] = check(application(), Looked(None, NOW - timedelta(hours=24)), RULES, NOW)
    assert not finding.is_unknown


@pytest.mark.parametrize(
    ("applied", "is_on_roll"),
    [
        (application(), None),
        (application(applicant=by_employer()), True),
        (application(applicant=by_employer("E9")), False),
    ],
)
def test_roll_is_a_fact_only_where_an_employer_applies(applied: Application, is_on_roll: bool | None) -> None:
    assert facts(applied, looked(), RULES).is_on_employer_roll is is_on_roll


def test_account_is_that_of_the_target_relation() -> None:
    both = with_relations(RESIDENT, {"psn_insu_rlts_id": "R1"})
    assert facts(application(), both, RULES).has_account is True
    assert facts(application(trafin_insutype="390"), both, RULES).has_account is False
    assert facts(application(trafin_insutype="390"), looked(), RULES).has_account is None
