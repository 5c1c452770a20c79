"""A benefits decision as it is answered and kept."""

from datetime import date, datetime

from pydantic import BaseModel, ConfigDict

from inbound.domain.benefits.decide import Decision
from inbound.domain.benefits.explaining import explain, explain_to_others, why_local, why_local_to_others
from inbound.domain.benefits.outcome import BackPaymentGives, LocalQuestion, Outcome, Rule
from inbound.domain.benefits.versions import Cause, Stage
from inbound.schemas.readings import ReadingShown
from shared.contracts.benefits_preview import BenefitsPreview


class OutcomeShown(BaseModel):
    """When benefits begin, by one rule; days in Asia/Shanghai, ``null`` where it cannot be said."""

    rule: Rule
    articles: tuple[str, ...]
    first_benefit_date: date | None
    waiting_months: int | None
    is_gap_reimbursed: bool
    reimbursed_from: date | None
    reimbursed_until: date | None
    back_payment_gives: BackPaymentGives
    paused_from: date | None
    does_outrun_year: bool
    questions: tuple[LocalQuestion, ...]
    missing: tuple[str, ...]

    @classmethod
    def of(cls, outcome: Outcome) -> "OutcomeShown":
        """The outcome without what a back-payment would change."""
        return cls(**{name: getattr(outcome, name) for name in cls.model_fields})


class OtherMeaningShown(BaseModel):
    """What would come out under another meaning of a reading that the region has not set."""

    reading: str
    value: str
    outcome: OutcomeShown


class BenefitsShown(BaseModel):
    """The whole decision with what it rests on. ``may_back_pay``: paying for the interruption still brings benefits,
    until ``back_pay_until``, and would give ``if_back_paid``.
    """

    outcome: OutcomeShown
    gap_months: int | None
    may_back_pay: bool
    back_pay_until: date | None
    if_back_paid: OutcomeShown | None
    outbound_pays_until: date | None
    needs_local_decision: bool
    local_decision_reasons: tuple[str, ...]
    readings: tuple[ReadingShown, ...]
    others: tuple[OtherMeaningShown, ...]
    explanation: tuple[str, ...]
    policy_version: str

    @classmethod
    def of(cls, decision: Decision) -> "BenefitsShown":
        """The decision explained."""
        outcome = decision.outcome
        others = (
            OtherMeaningShown(reading=each.reading, value=each.value, outcome=OutcomeShown.of(each.outcome))
            for each in decision.others
        )
        return cls(
            outcome=OutcomeShown.of(outcome),
            gap_months=decision.gap_months,
            may_back_pay=outcome.may_back_pay,
            back_pay_until=outcome.back_pay_until,
            if_back_paid=OutcomeShown.of(outcome.if_back_paid) if outcome.if_back_paid else None,
            outbound_pays_until=decision.outbound_pays_until,
            needs_local_decision=decision.needs_local_decision,
            local_decision_reasons=why_local(decision),
            readings=tuple(map(ReadingShown.of, decision.readings)),
            others=tuple(others),
            explanation=explain(decision),
            policy_version=decision.policy_version,
        )


def preview_told(decision: Decision) -> BenefitsPreview:
    """What the platform passes on of a decision on dates that somebody named."""
    outcome = decision.outcome
    same = ("first_benefit_date", "waiting_months", "is_gap_reimbursed", "reimbursed_from", "reimbursed_until")
    return BenefitsPreview(
        **{name: getattr(outcome, name) for name in same},
        gap_months=decision.gap_months,
        back_pay_until=outcome.back_pay_until,
        first_benefit_date_if_back_paid=outcome.if_back_paid.first_benefit_date if outcome.if_back_paid else None,
        outbound_pays_until=decision.outbound_pays_until,
        articles=outcome.articles,
        needs_local_decision=decision.needs_local_decision,
        local_decision_reasons=why_local_to_others(decision),
        explanation=explain_to_others(decision),
        policy_version=decision.policy_version,
    )


class BenefitsVersionShown(BaseModel):
    """One version of a case's decision: ``provisional`` while paying for the interruption, or facts that the core has
    not told yet, would still change it.
    """

    model_config = ConfigDict(from_attributes=True)

    rlts_traf_id: str
    version: int
    stage: Stage
    cause: Cause
    sheet_version: int
    decision: BenefitsShown
    decided_at: datetime
