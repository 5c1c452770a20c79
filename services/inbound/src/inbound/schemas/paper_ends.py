"""Notes that a case on paper ends, as clerks send and see them."""

from datetime import datetime
from typing import Literal
from uuid import UUID

from pydantic import BaseModel, ConfigDict

from inbound.domain.decisions import Clerk
from inbound.domain.paper_end import EndState, PaperEnd
from inbound.schemas.paper import Reason
from shared.contracts.codes import MoneyPath, TerminationCause
from shared.contracts.model import Document
from shared.contracts.paper import ScanDigest


class PaperEndNote(Document):
    """What both sides agreed in writing: why the case ends, what becomes of the money, the scan of the letter."""

    cause: TerminationCause
    money_path: MoneyPath
    note: Reason
    scan_digest: ScanDigest

    def end(self, end_id: UUID, rlts_traf_id: str, clerk: Clerk, at: datetime) -> PaperEnd:
        """What is kept of it."""
        return PaperEnd(
            end_id=end_id,
            rlts_traf_id=rlts_traf_id,
            cause=self.cause,
            money_path=self.money_path,
            note=self.note,
            scan_digest=self.scan_digest,
            entered_by=clerk.opter_id,
            entered_name=clerk.opter_name,
            entered_at=at,
        )


class PaperEndApproval(Document):
    """What the second clerk says after comparing the note with the letter."""

    decision: Literal["approve", "reject"]
    reason: Reason | None = None


class PaperEndShown(BaseModel):
    """A note and what became of it."""

    model_config = ConfigDict(from_attributes=True)

    end_id: UUID
    rlts_traf_id: str
    cause: TerminationCause
    money_path: MoneyPath
    note: str
    scan_digest: str
    state: EndState
    entered_by: str
    entered_name: str
    entered_at: datetime
    decided_by: str | None
    decided_name: str | None
    decided_at: datetime | None
    reason: str | None


class PaperEnds(BaseModel):
    """All notes of a case, oldest first."""

    items: list[PaperEndShown]
