"""Versions of a case's benefits decision."""

from dataclasses import dataclass
from enum import StrEnum

from inbound.domain.benefits.decide import Decision
from inbound.domain.benefits.facts import BenefitFacts
from shared.law import design, law


class Stage(StrEnum):
    """``preview`` before the completion, ``provisional`` while what is still to come would change it."""

    PREVIEW = "preview"
    PROVISIONAL = "provisional"
    FINAL = "final"


class Cause(StrEnum):
    """Why a version was made."""

    ACCEPTED = "accepted"
    COMPLETED = "completed"
    CORRECTED = "corrected"
    CORE_REPORTED = "core_reported"
    RECORDS_CHANGED = "records_changed"
    DAY_PASSED = "day_passed"


@dataclass(frozen=True, slots=True)
class DecidedBenefits:
    """A decision of a case with the facts that it rests on."""

    rlts_traf_id: str
    stage: Stage
    cause: Cause
    admdvs: str
    psn_no: str | None
    sheet_version: int
    facts: BenefitFacts
    decision: Decision


@law("N11-1", "N11-2")
@design("what was decided without a fact is decided again when the fact has come")
def stage_after_completion(decision: Decision) -> Stage:
    """Final unless paying for the interruption still brings benefits, or the core has not told enough yet."""
    return Stage.PROVISIONAL if decision.outcome.is_open else Stage.FINAL
