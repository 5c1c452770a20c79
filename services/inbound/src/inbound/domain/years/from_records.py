"""The facts of an assessment of years, out of the sheet and our own record."""

from collections.abc import Callable, Collection, Iterator
from dataclasses import replace
from datetime import date

from inbound.domain.years.facts import DeemedPeriod, PaidPeriod, YearsFacts
from shared.agency.known_person import HeldRecord
from shared.contracts.facts import Contribution
from shared.contracts.info_sheet import SheetRow

_SCHEME_OF_ROW = {"1": "310", "2": "390"}


def years_facts(
    held: HeldRecord,
    rows: tuple[SheetRow, ...],
    *,
    is_within_province: bool,
    as_of: date,
    paid_clct_flags: Collection[str],
    area_of: Callable[[str], str],
) -> YearsFacts:
    """Own paid months, those of earlier transfers, and the ``rows`` of this one; each counts once in the end.

    ``area_of`` says which pooling area a code belongs to: records name counties, and areas merged since.
    """
    admdvs = held.admdvs
    own = (each for each in held.record.contributions if each.clct_flag in paid_clct_flags and not each.revs_flag)
    periods = [
        *(_of_contribution(each, admdvs) for each in own),
        *(_of_contribution(each, admdvs) for each in held.taken_over_contributions()),
        *_of_rows(rows),
    ]
    deemed = (each for relation in held.record.relations for each in relation.deemed_months)
    return YearsFacts(
        gend=held.record.gend,
        trafin_admdvs=admdvs,
        is_within_province=is_within_province,
        as_of=as_of,
        paid=tuple(replace(each, admdvs=area_of(each.admdvs)) for each in periods),
        deemed=tuple(DeemedPeriod(each.accrym_begn, each.accrym_end, each.is_recognised) for each in deemed),
    )


def _of_contribution(each: Contribution, admdvs: str) -> PaidPeriod:
    return PaidPeriod(each.insutype, each.accrym_begn, each.accrym_end, each.poolarea_no or admdvs)


def _of_rows(rows: tuple[SheetRow, ...]) -> Iterator[PaidPeriod]:
    for row in rows:
        scheme = _SCHEME_OF_ROW.get(row.row_type)
        if scheme is not None:
            yield PaidPeriod(scheme, row.accrym_begn, row.accrym_end, row.admdvs)
