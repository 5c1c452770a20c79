"""Addenda on paper, as clerks type and see them."""

from datetime import date, datetime
from typing import Annotated
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field, StringConstraints

from inbound.domain.decisions import Clerk
from inbound.domain.paper import EntryState
from inbound.domain.paper_addendum import AddendumEntry
from inbound.schemas.paper import Reason
from shared.contracts.addendum import AddendumCause, AddendumNo
from shared.contracts.model import Document
from shared.contracts.paper import PaperNumber, ScanDigest, StatedAccount
from shared.days import Day
from shared.money import Fen
from shared.money_cn import MAX_FEN


class PaperAddendumBody(Document):
    """An addendum as it stands on the paper, with the digest of its scan."""

    addendum_no: AddendumNo
    cause: AddendumCause
    reason: Reason
    amount: Annotated[Fen, Field(gt=0, le=MAX_FEN)]
    amount_cn: Annotated[str, Field(max_length=60)]
    opter_name: Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=50)]
    issued_on: Day
    received_on: Day
    scan_digest: ScanDigest
    paper_number: PaperNumber | None = None
    payer_account: StatedAccount | None = None

    def entry(self, entry_id: UUID, rlts_traf_id: str, clerk: Clerk, at: datetime) -> AddendumEntry:
        """What is kept of it."""
        return AddendumEntry(
            entry_id=entry_id,
            rlts_traf_id=rlts_traf_id,
            addendum_no=self.addendum_no,
            cause=self.cause,
            reason=self.reason,
            amount=self.amount,
            amount_cn=self.amount_cn,
            opter_name=self.opter_name,
            issued_on=self.issued_on,
            received_on=self.received_on,
            scan_digest=self.scan_digest,
            paper_number=self.paper_number,
            payer_account=self.payer_account,
            entered_by=clerk.opter_id,
            entered_name=clerk.opter_name,
            entered_at=at,
        )


class PaperAddendumShown(BaseModel):
    """An entry and what became of it."""

    model_config = ConfigDict(from_attributes=True)

    entry_id: UUID
    rlts_traf_id: str
    addendum_no: int
    cause: AddendumCause
    reason: str
    amount: Fen
    amount_cn: str
    opter_name: str
    issued_on: date
    received_on: date
    scan_digest: str
    paper_number: str | None
    payer_account: StatedAccount | None
    state: EntryState
    entered_by: str
    entered_name: str
    entered_at: datetime
    decided_by: str | None
    decided_name: str | None
    decided_at: datetime | None
    review_reason: str | None


class PaperAddenda(BaseModel):
    """All entries of a case, oldest first."""

    items: list[PaperAddendumShown]
