"""What would come of dates that somebody names: the inbound decides, for whoever may read the case (N11)."""

from platform_gateway.context import GatewayContext
from platform_gateway.domain.case import Case
from platform_gateway.domain.states import CaseState
from shared.contracts.benefits_preview import Assumed, BenefitsPreview, PreviewQuery
from shared.contracts.facts import Side
from shared.errors import Conflict
from shared.law import law

_AT_THE_INBOUND = frozenset(CaseState) - {
    CaseState.CHECKING,
    CaseState.REFUSED,
    CaseState.WITHDRAWN,
    CaseState.TERMINATED,
}


class NothingToPreview(Conflict):
    """The case is not on its way, or the inbound cannot say anything of it by this system."""

    code = "nothing-to-preview"


@law("N10", "N11-1", "N11-2")
async def preview_benefits(context: GatewayContext, case: Case, assumed: Assumed) -> BenefitsPreview:
    """The decision for those dates; raises ``NothingToPreview``, and ``SideSilent`` when the inbound is not there."""
    if case.state not in _AT_THE_INBOUND:
        raise NothingToPreview("办件在受理之后、终止之前才能预看待遇衔接。")
    endpoint = (await context.registry.fresh()).endpoint(case.trafin_admdvs, Side.INBOUND)
    if endpoint is None:
        raise NothingToPreview("转入地没有接入平台，请向转入地经办机构咨询待遇衔接。")
    dates = {name: getattr(assumed, name) for name in Assumed.model_fields}
    query = PreviewQuery(rlts_traf_id=case.rlts_traf_id, trafin_admdvs=case.trafin_admdvs, **dates)
    found = await context.sides.preview(endpoint, query)
    if found is None:
        raise NothingToPreview("转入地还不能预看这个办件的待遇衔接，请稍后再试或者向转入地经办机构咨询。")
    return found
