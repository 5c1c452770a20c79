"""What screening makes of an application."""

from dataclasses import dataclass
from enum import StrEnum

from platform_gateway.domain.case import Case
from platform_gateway.domain.reasons import StatedReason
from shared.contracts.application import Application


class OutcomeWithoutCase(StrEnum):
    """``not_taken`` is no refusal (N7 speaks of those): the application itself, or the platform, was not ready."""

    NOT_NEEDED = "not_needed"
    NOT_TAKEN = "not_taken"


@dataclass(frozen=True, slots=True)
class Screened:
    """An application after screening: reasons against it, or nothing to do, or a case to be checked."""

    application: Application
    reasons: tuple[StatedReason, ...] = ()
    is_not_needed: bool = False
    case: Case | None = None


def outcome_of(screened: Screened) -> OutcomeWithoutCase:
    """What an application without a case has come to."""
    return OutcomeWithoutCase.NOT_NEEDED if screened.is_not_needed else OutcomeWithoutCase.NOT_TAKEN
