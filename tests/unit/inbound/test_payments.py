"""What the records say of payments, for a benefits decision."""

from datetime import date

import pytest

from inbound.domain.benefits.facts import BackPayment
from inbound.domain.benefits.from_records import CaseRecords, benefit_facts
from inbound.domain.benefits.payments import Repaid, continuous_months, first_payment, gap_of, repaid
from shared.agency.known_person import HeldRecord
from shared.contracts.facts import Contribution, SideFacts
from shared.contracts.info_sheet import SheetRow
from shared.months import month_index
from tests.people import contribution, person_record, relation


def paid(begin: str, end: str, **changes: object) -> Contribution:
    return Contribution.model_validate(contribution(begin, end, **changes))


@pytest.mark.law("N11-1", "N11-2")
def test_months_paid_for_before_the_registration_are_no_first_payment() -> None:
    payments = [paid("202605", "202607", cashym="202609"), paid("202608", "202608", cashym="202608")]
    first = first_payment(payments, "310", "202608", "202604")
    assert first is not None
    assert (first.first_paid_ym, first.paid_on) == ("202608", date(2026, 8, 1))
    assert first_payment([], "310", "202608", "202604") is None


@pytest.mark.law("N11-2", "S54-4")
def test_a_resident_is_insured_no_earlier_than_paid() -> None:
    first = first_payment([paid("202601", "202612", insutype="390", cashym="202608")], "390", "202608", "202604")
    assert first is not None
    assert (first.first_paid_ym, first.paid_on, first.insured_year) == ("202608", date(2026, 8, 1), 2026)


@pytest.mark.law("N11-1", "N11-2")
@pytest.mark.parametrize(
    ("payments", "found"),
    [
        ([], Repaid(BackPayment.NONE)),
        ([("202605", "202606", "202609")], Repaid(BackPayment.PARTIAL, date(2026, 9, 1))),
        ([("202605", "202606", "202609"), ("202607", "202607", "202610")], Repaid(BackPayment.FULL, date(2026, 10, 1))),
        ([("202608", "202608", "202608")], Repaid(BackPayment.NONE)),
    ],
)
def test_an_interruption_is_paid_for_when_every_month_is(payments: list[tuple[str, str, str]], found: Repaid) -> None:
    given = [paid(begin, end, cashym=on, rid=begin) for begin, end, on in payments]
    assert repaid(given, gap_of("202604", "202608")) == found


@pytest.mark.law("N11-2")
@pytest.mark.parametrize(("begins", "months"), [("202401", 24), ("202402", 23)])
def test_counts_months_without_a_break_up_to_the_new_scheme(begins: str, months: int) -> None:
    covered = range(month_index(begins), month_index("202612") + 1)
    assert continuous_months(covered, "202612", "202601") == months


@pytest.mark.law("N11-2", "J4")
@pytest.mark.parametrize(("begins", "months"), [("202504", 24), ("202505", 23)])
def test_who_comes_back_was_insured_here_before_without_a_break(begins: str, months: int) -> None:
    here = [contribution(begins, "202506"), contribution("202704", "202704")]
    record = person_record(relations=[relation(crt_insu_date="2027-04-01")], contributions=here)
    row = SheetRow(
        row_no=1,
        accrym_begn="202507",
        accrym_end="202703",
        row_type="2",
        months=21,
        agency_name="某地",
        admdvs="110000",
    )
    records = CaseRecords(
        trafout_insutype="390",
        trafin_insutype="310",
        trafin_rlts_id="R1",
        is_within_province=False,
        outbound=SideFacts(facts_as_of=None),
        rows=(row,),
        held=HeldRecord("370100", record),
        paid_clct_flags=frozenset({"1"}),
        real_emp_mgt_types=frozenset({"1"}),
    )
    facts = benefit_facts(records, as_of=date(2027, 5, 1), completed_on=date(2027, 5, 1))
    assert (facts.continuous_months, facts.was_employee_before) == (months, True)
