"""Cases on paper, told to the platform by the one agency of them that is connected (*design*; decision 0014)."""

from datetime import datetime
from typing import ClassVar

from shared.contracts.application import LodgedApplication
from shared.contracts.codes import AcctDisposition
from shared.contracts.events.event import Event
from shared.contracts.party import Role


class PaperCaseOpened(Event):
    """A case with an area that is not connected, or a further sheet of it.

    The outbound tells of an application taken at its own window (no sheet yet); the inbound of a sheet that came on
    paper: ``paper_sheet`` is its signed statement (JWS text) of version ``sheet_version``.
    """

    routes: ClassVar = frozenset({(Role.OUTBOUND, Role.PLATFORM), (Role.INBOUND, Role.PLATFORM)})

    lodged: LodgedApplication
    trafout_admdvs: str
    trafin_admdvs: str
    accepted_at: datetime
    acct_disposition: AcctDisposition
    sheet_version: int = 0
    paper_sheet: str | None = None
