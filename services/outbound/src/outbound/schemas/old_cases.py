"""Old open cases as they are brought in at cut-over."""

from typing import Annotated

from pydantic import Field

from outbound.schemas.paper import PaperApplication
from shared.contracts.application import Application, CaseReference
from shared.days import Day
from shared.web.line_imports import LineReport


class OldCaseRow(PaperApplication):
    """An application that was accepted in the system used before and whose sheet has not left.

    ``applied_on``: when it was accepted; the days count from there. ``refs``: its old numbers.
    """

    applied_on: Day
    refs: Annotated[tuple[CaseReference, ...], Field(min_length=1, max_length=10)]

    def application(self, admdvs: str) -> Application:
        """The application from the agency ``admdvs``."""
        named = self.model_dump(exclude={"acct_disposition", "applied_on"})
        return Application.model_validate({**named, "trafout_admdvs": admdvs})


class OldCaseImport(LineReport):
    """What came of an import, with the numbers of the cases that are open now."""

    cases: list[str] = Field(default_factory=list)
