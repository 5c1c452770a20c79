"""What came of one item of a set."""

from dataclasses import replace

from inbound.domain.case import InboundCase
from inbound.domain.decisions import Clerk
from inbound.repository.history import Happened
from shared.errors import DomainError, NotFound

Outcome = InboundCase | DomainError
"""The case as it was saved, or the reason why nothing was."""


class CaseNotFound(NotFound):
    """The agency has no such case, or it is another agency's."""

    code = "case-not-found"


def saved(case: InboundCase) -> InboundCase:
    """The case as others see it after the save, which counts its version up."""
    return replace(case, version=case.version + 1)


def refused(case: InboundCase, what: str, clerk: Clerk, error: DomainError) -> Happened:
    """The trace that a refused command leaves."""
    return Happened(case, f"{what}_refused", case.state, clerk, error.code)
