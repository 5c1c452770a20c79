"""What would come of dates that the caller names."""

from typing import Annotated

from fastapi import Query

from inbound.api.callers import CasePath, Platform, Reader
from inbound.context import Context
from inbound.repository.cases import find_case
from inbound.schemas.benefits import BenefitsShown, preview_told
from inbound.use_cases.outcomes import CaseNotFound
from inbound.use_cases.preview_benefits import BenefitsUndecided, preview
from shared.agency.api.context import served_agency
from shared.contracts.benefits_preview import Assumed, AssumedDay, AssumedYear, PreviewAnswer, PreviewQuery
from shared.web.routing import Router

PayOn = Annotated[AssumedDay | None, Query(description="假设在这一天足额补缴；没有首次缴费的，也在这一天首次缴费")]
CompleteOn = Annotated[AssumedDay | None, Query(description="假设转移在这一天完成")]
InsuredYear = Annotated[AssumedYear | None, Query(description="转入居民医保、尚未缴费的：假设缴纳哪一年度的居民医保费")]

router = Router(tags=["转入办件"])


@router.get("/cases/{rlts_traf_id}/benefits-preview", summary="按假设的日期预看待遇衔接")
async def get_benefits_preview(
    caller: Reader,
    context: Context,
    rlts_traf_id: CasePath,
    pay_on: PayOn = None,
    complete_on: CompleteOn = None,
    insured_year: InsuredYear = None,
) -> BenefitsShown:
    """When benefits would begin if the interruption were paid for on that day; nothing is stored."""
    admdvs = served_agency(caller, context)
    async with context.database.connection() as connection:
        case = await find_case(connection, rlts_traf_id, trafin_admdvs=admdvs)
        if case is None:
            raise CaseNotFound("没有这个办件。")
        assumed = Assumed(pay_on=pay_on, complete_on=complete_on, insured_year=insured_year)
        found = await preview(connection, case, context.office, assumed)
    return BenefitsShown.of(found)


@router.post("/benefits-previews", summary="平台代查：按假设的日期预看待遇衔接")
async def post_benefits_preview(_caller: Platform, context: Context, query: PreviewQuery) -> PreviewAnswer:
    """The same decision for whoever the platform lets read the case; nothing is stored."""
    async with context.database.connection() as connection:
        case = await find_case(connection, query.rlts_traf_id, trafin_admdvs=query.trafin_admdvs)
        if case is None:
            return PreviewAnswer(preview=None)
        try:
            found = await preview(connection, case, context.office, query)
        except BenefitsUndecided:
            return PreviewAnswer(preview=None)
    return PreviewAnswer(preview=preview_told(found))
