"""What a case's verdict rests on beside the answers, as the registry has it on a day."""

from datetime import datetime

from platform_gateway.domain.case import Case
from platform_gateway.domain.verdict import Terms
from shared.clock import local_date
from shared.contracts.application import ApplicantKind
from shared.eligibility import Asked
from shared.eligibility.policy import rules_for
from shared.registry.registry import Registry


def terms_of(registry: Registry, case: Case, at: datetime, *, has_open_case: bool = False) -> Terms:
    """The terms of ``case`` for a verdict at ``at`` (UTC)."""
    on = local_date(at)
    asked = Asked(
        case.trafout_insutype,
        case.trafin_insutype,
        is_by_employer=case.lodged["application"]["applicant"]["kind"] == ApplicantKind.EMPLOYER,
        is_inside_area=case.trafout_admdvs == case.trafin_admdvs,
    )
    return Terms(
        asked,
        rules_for(registry, case.trafout_admdvs, on),
        rules_for(registry, case.trafin_admdvs, on),
        has_open_case=has_open_case,
        has_exception=bool((case.decision or {}).get("exception")),
    )
