"""What would come of dates that somebody names: the platform asks, the inbound that owns the rule answers (N11)."""

from datetime import date
from typing import Annotated

from pydantic import Field

from shared.contracts.codes import AreaCode, CaseNumber
from shared.contracts.model import Document, Message

AssumedDay = Annotated[date, Field(ge=date(1900, 1, 1), le=date(2199, 12, 31))]
"""A day in Asia/Shanghai; what is counted from it has to be a day as well."""


AssumedYear = Annotated[int, Field(ge=1990, le=2200)]
"""The residents' year that would be paid for: nobody can tell it from the day (S54-4)."""


class Assumed(Document):
    """If the interruption were paid for on ``pay_on`` and the case came on ``complete_on``.

    Who has not paid at all yet would pay for the first time on ``pay_on``; a resident for ``insured_year``.
    """

    pay_on: AssumedDay | None = None
    complete_on: AssumedDay | None = None
    insured_year: AssumedYear | None = None


class PreviewQuery(Assumed):
    """What would come of it for a case of ``trafin_admdvs``."""

    rlts_traf_id: CaseNumber
    trafin_admdvs: AreaCode


class BenefitsPreview(Message):
    """The decision for those dates, explained; days in Asia/Shanghai, ``None`` where it cannot be said.

    Nothing of the person but what follows from the case: not which group the inbound's records count them to.
    """

    first_benefit_date: date | None
    waiting_months: int | None
    is_gap_reimbursed: bool
    reimbursed_from: date | None
    reimbursed_until: date | None
    gap_months: int | None
    back_pay_until: date | None
    first_benefit_date_if_back_paid: date | None
    outbound_pays_until: date | None
    articles: tuple[str, ...]
    needs_local_decision: bool
    local_decision_reasons: tuple[str, ...]
    explanation: tuple[str, ...]
    policy_version: str


class PreviewAnswer(Message):
    """``None`` where the inbound has no such case, or no policy that it could be decided by."""

    preview: BenefitsPreview | None
