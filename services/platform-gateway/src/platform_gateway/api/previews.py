"""What would come of dates that the caller names: for applicants, both sides and oversight (N10, N11)."""

from typing import Annotated, Any

from fastapi import Query

from platform_gateway.api.callers import CaseNumberPath, Context, ProgressReader, TransferReader
from platform_gateway.api.progress import present_case
from platform_gateway.api.visible_case import visible_case
from platform_gateway.schemas.transfers import PreviewAsked
from platform_gateway.use_cases.preview_benefits import preview_benefits
from platform_gateway.visibility import Viewer
from shared.contracts.benefits_preview import Assumed, AssumedDay, AssumedYear, BenefitsPreview
from shared.telemetry.trace import bind_case
from shared.web.routing import Router

router = Router(tags=["进度"])

NOTHING_TO_PREVIEW: dict[int | str, dict[str, Any]] = {409: {"description": "办件不在办理中，或转入地不能预看"}}

PayOn = Annotated[AssumedDay | None, Query(description="假设在这一天足额补缴；没有首次缴费的，也在这一天首次缴费")]
CompleteOn = Annotated[AssumedDay | None, Query(description="假设转移在这一天完成")]
InsuredYear = Annotated[AssumedYear | None, Query(description="转入居民医保、尚未缴费的：假设缴纳哪一年度的居民医保费")]


@router.get(
    "/transfers/{rlts_traf_id}/benefits-preview",
    summary="按假设的日期预看待遇衔接",
    responses=NOTHING_TO_PREVIEW,
)
async def get_benefits_preview(
    rlts_traf_id: CaseNumberPath,
    caller: TransferReader,
    context: Context,
    pay_on: PayOn = None,
    complete_on: CompleteOn = None,
    insured_year: InsuredYear = None,
) -> BenefitsPreview:
    """The inbound decides as it would if the interruption were paid for on that day; nothing is stored."""
    bind_case(rlts_traf_id)
    case = await visible_case(context, Viewer(caller), rlts_traf_id)
    return await preview_benefits(
        context, case, Assumed(pay_on=pay_on, complete_on=complete_on, insured_year=insured_year)
    )


@router.post(
    "/progress/benefits-preview",
    summary="凭办件编号和证件号码，按假设的日期预看待遇衔接",
    responses=NOTHING_TO_PREVIEW,
)
async def post_benefits_preview(asked: PreviewAsked, caller: ProgressReader, context: Context) -> BenefitsPreview:
    """The same for who knows both numbers; a wrong pair looks like an unknown case, and guessing is bounded."""
    case = await present_case(context, caller, asked)
    return await preview_benefits(context, case, asked)
