"""What the core takes over about a person."""

from typing import Annotated

from fastapi import Path, Security

from inbound.context import Context
from inbound.domain.contribution_record import count_months
from inbound.repository.benefits import decisions_of_person
from inbound.repository.years import newest_of_person
from inbound.schemas.benefits import BenefitsVersionShown
from inbound.schemas.contribution_record import ContributionRecord, MonthsShown, TakenOverShown
from inbound.schemas.years import YearsVersionShown
from shared.agency.api.context import served_agency
from shared.agency.repository.records import load_records
from shared.contracts.facts import PsnNo
from shared.errors import NotFound
from shared.web.authentication import Principal, authenticated
from shared.web.routing import Router

Reader = Annotated[Principal, Security(authenticated, scopes=["records:read"])]

router = Router(tags=["参保记录"])


@router.get("/persons/{psn_no}/contribution-record", summary="参保人员的缴费记录（含转入部分）")
async def get_contribution_record(
    caller: Reader, context: Context, psn_no: Annotated[PsnNo, Path()]
) -> ContributionRecord:
    """Periods, plain months by scheme, and account entries with those that transfers made."""
    admdvs = served_agency(caller, context)
    async with context.database.connection() as connection:
        [held] = await load_records(connection, [(admdvs, psn_no)])
        if held is None:
            raise NotFound("没有这名参保人员。")
        benefits = await decisions_of_person(connection, admdvs, psn_no)
        years = await newest_of_person(connection, admdvs, psn_no)
    own, account = held.record.contributions, held.record.account
    months = count_months(own, held.taken_over_contributions(), context.settings.paid_clct_flags)
    return ContributionRecord(
        psn_no=psn_no,
        contributions=list(own),
        taken_over=[TakenOverShown(rlts_traf_id=each.rlts_traf_id, row=each.row) for each in held.taken_over],
        months=[
            MonthsShown(insutype=each.insutype, months=each.months, months_elsewhere=each.months_elsewhere)
            for each in months
        ],
        balc=account.balc if account else None,
        account_entries=[*(account.entries if account else ()), *(moved.entry for moved in held.movements)],
        benefits=[BenefitsVersionShown.model_validate(each) for each in benefits],
        years=YearsVersionShown.model_validate(years) if years else None,
    )
