"""An assessment of contribution years as it is answered and kept."""

from datetime import datetime

from pydantic import BaseModel, ConfigDict

from inbound.domain.years.assess import Assessment, Way
from inbound.domain.years.explaining import explain, why_local
from inbound.domain.years.requirement import YearsQuestion
from inbound.schemas.readings import ReadingShown


class YearsShown(BaseModel):
    """Months: ``accumulated`` of 310, of those ``actual`` and ``deemed``; ``local_actual`` paid in the area itself;
    ``resident`` ones stand apart. ``null``: the region has not said. ``ways`` make up what is ``short``.
    """

    accumulated_months: int
    actual_months: int
    deemed_months: int
    not_recognised_months: int
    local_actual_months: int
    resident_months: int
    required_months: int | None
    local_actual_required: int | None
    short_months: int | None
    local_short_months: int | None
    is_reached: bool | None
    ways: tuple[Way, ...]
    articles: tuple[str, ...]
    questions: tuple[YearsQuestion, ...]
    needs_local_decision: bool
    local_decision_reasons: tuple[str, ...]
    readings: tuple[ReadingShown, ...]
    explanation: tuple[str, ...]
    policy_version: str

    @classmethod
    def of(cls, found: Assessment) -> "YearsShown":
        """The assessment explained."""
        counted = found.counted
        return cls(
            accumulated_months=found.accumulated_months,
            actual_months=counted.actual,
            deemed_months=counted.deemed,
            not_recognised_months=counted.not_recognised,
            local_actual_months=counted.local_actual,
            resident_months=counted.residents,
            required_months=found.required_months,
            local_actual_required=found.local_actual_required,
            short_months=found.short_months,
            local_short_months=found.local_short_months,
            is_reached=found.is_reached,
            ways=found.ways,
            articles=found.articles,
            questions=found.questions,
            needs_local_decision=found.needs_local_decision,
            local_decision_reasons=why_local(found),
            readings=tuple(map(ReadingShown.of, found.readings)),
            explanation=explain(found),
            policy_version=found.policy_version,
        )


class YearsVersionShown(BaseModel):
    """One version of a case's assessment."""

    model_config = ConfigDict(from_attributes=True)

    rlts_traf_id: str
    version: int
    sheet_version: int
    assessment: YearsShown
    decided_at: datetime
