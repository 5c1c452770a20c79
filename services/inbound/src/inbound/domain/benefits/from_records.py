"""The facts of a benefits decision, out of the sheet, both sides' records and the case."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date

from inbound.domain.benefits.facts import BackPayment, BenefitFacts
from inbound.domain.benefits.payments import (
    FirstPayment,
    Repaid,
    continuous_months,
    first_payment,
    gap_of,
    paid,
    repaid,
)
from shared.agency.known_person import HeldRecord
from shared.contracts.codes import Insutype
from shared.contracts.facts import Contribution, Relation, SideFacts
from shared.contracts.info_sheet import SheetRow
from shared.months import month_index, month_of

_SCHEME_OF_ROW = {"1": Insutype.EMPLOYEE.value, "2": Insutype.RESIDENT.value}


@dataclass(frozen=True, slots=True)
class CaseRecords:
    """What is known of a case: its schemes, ``outbound`` facts at acceptance, the present sheet's ``rows`` (empty
    before one has come), our own record, and which settings read it.
    """

    trafout_insutype: str
    trafin_insutype: str
    trafin_rlts_id: str | None
    is_within_province: bool
    outbound: SideFacts
    rows: tuple[SheetRow, ...]
    held: HeldRecord | None
    paid_clct_flags: frozenset[str]
    real_emp_mgt_types: frozenset[str]


def benefit_facts(
    records: CaseRecords, *, as_of: date, completed_on: date, reported: Repaid | None = None
) -> BenefitFacts:
    """The facts on ``as_of``. ``reported``: what the core says of the back-payment, over what the records show."""
    own = _relation(records)
    last_paid_ym = _last_paid(records)
    payments = _payments(records)
    first = _first(records, own, payments, last_paid_ym)
    first_paid_ym = first.first_paid_ym if first else None
    found = reported or repaid(payments, gap_of(last_paid_ym, first_paid_ym))
    outbound = _outbound_relation(records)
    return BenefitFacts(
        trafin_insutype=records.trafin_insutype,
        trafout_insutype=records.trafout_insutype,
        is_transfer=True,
        is_within_province=records.is_within_province,
        as_of=as_of,
        paid_on=first.paid_on if first else None,
        first_paid_ym=first_paid_ym,
        last_paid_ym=last_paid_ym,
        paus_insu_ym=month_of(outbound.paus_insu_date) if outbound and outbound.paus_insu_date else None,
        completed_on=completed_on,
        back_payment=found.back_payment,
        back_paid_on=found.back_paid_on if found.back_payment is not BackPayment.NONE else None,
        continuous_months=_continuous(records, last_paid_ym, first_paid_ym),
        is_flexible=_is_flexible(own, records.real_emp_mgt_types),
        was_employee_before=_was_employee_before(records, own),
        insured_year=first.insured_year if first and records.trafin_insutype == Insutype.RESIDENT else None,
        brdy=records.held.record.brdy if records.held else None,
        registered_on=own.crt_insu_date if own else None,
        is_low_income=own is not None and own.is_low_income,
        cover_ends_on=outbound.cover_ends_on if outbound else None,
    )


def _relation(records: CaseRecords) -> Relation | None:
    relations = records.held.record.relations if records.held else ()
    of_scheme = [each for each in relations if each.insutype == records.trafin_insutype]
    named = (each for each in of_scheme if each.psn_insu_rlts_id == records.trafin_rlts_id)
    return next(named, of_scheme[0] if of_scheme else None)


def _outbound_relation(records: CaseRecords) -> Relation | None:
    return next((each for each in records.outbound.relations if each.insutype == records.trafout_insutype), None)


def _last_paid(records: CaseRecords) -> str | None:
    ends = [row.accrym_end for row in records.rows if _SCHEME_OF_ROW.get(row.row_type) == records.trafout_insutype]
    return max(ends, default=records.outbound.last_paid_ym)


def _payments(records: CaseRecords) -> list[Contribution]:
    own = records.held.record.contributions if records.held else ()
    return paid(own, records.trafin_insutype, records.paid_clct_flags)


def _first(
    records: CaseRecords, own: Relation | None, payments: Sequence[Contribution], last_paid_ym: str | None
) -> FirstPayment | None:
    if own is None:
        return None
    return first_payment(payments, records.trafin_insutype, month_of(own.crt_insu_date), last_paid_ym)


def _continuous(records: CaseRecords, last_paid_ym: str | None, first_paid_ym: str | None) -> int | None:
    if not records.rows or last_paid_ym is None:
        return None
    return continuous_months(_insured_months(records), last_paid_ym, first_paid_ym)


def _insured_months(records: CaseRecords) -> Collection[int]:
    """In either scheme, anywhere: who comes back was insured here before, which the sheet need not say."""
    spans = [(row.accrym_begn, row.accrym_end) for row in records.rows if row.row_type in _SCHEME_OF_ROW]
    spans += [(each.accrym_begn, each.accrym_end) for scheme in Insutype for each in _paid_here(records, scheme)]
    return {month for begin, end in spans for month in range(month_index(begin), month_index(end) + 1)}


def _paid_here(records: CaseRecords, insutype: str) -> list[Contribution]:
    """Here, and elsewhere before as earlier transfers have told."""
    return paid(records.held.contributions() if records.held else (), insutype, records.paid_clct_flags)


def _is_flexible(own: Relation | None, real_emp_mgt_types: frozenset[str]) -> bool:
    return own is not None and own.emp_mgt_type is not None and own.emp_mgt_type not in real_emp_mgt_types


def _was_employee_before(records: CaseRecords, own: Relation | None) -> bool | None:
    """In 310 anywhere before the present registration; not known before the sheet has come, unless here."""
    since = month_of(own.crt_insu_date) if own else "999999"
    here = any(each.accrym_begn < since for each in _paid_here(records, Insutype.EMPLOYEE))
    if here or any(_SCHEME_OF_ROW.get(row.row_type) == Insutype.EMPLOYEE for row in records.rows):
        return True
    return False if records.rows else None
