"""Paper sheets as clerks type them, and what becomes of them."""

from collections.abc import Callable
from datetime import date, datetime
from typing import Annotated, Literal
from uuid import UUID

from pydantic import BaseModel, Field, StringConstraints

from inbound.domain.decisions import Clerk
from inbound.domain.paper import EntryState, PaperEntry
from shared.contracts.application import CaseReference
from shared.contracts.codes import AcctDisposition, AreaCode, CaseNumber, Insutype
from shared.contracts.info_sheet import InfoSheet, SheetAttachment, SheetFoot, SheetHead, SheetRow
from shared.contracts.model import Document
from shared.contracts.paper import PaperNumber, ScanDigest, StatedAccount
from shared.money import Fen

Reason = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=500)]


class PaperCase(Document):
    """A paper 信息表 as it stands on the paper, with the digest of its scan.

    ``rlts_traf_id`` names the case of a corrected sheet, ``sheet_version`` which issue it is; both stay away for a
    new case. ``refs`` are the numbers that other systems and the paper gave it.
    """

    head: SheetHead
    trafout_admdvs: AreaCode
    trafout_insutype: Insutype
    trafin_insutype: Insutype
    applied_on: date
    received_on: date
    paper_number: PaperNumber | None = None
    scan_digest: ScanDigest
    rows: Annotated[tuple[SheetRow, ...], Field(max_length=200)]
    foot: SheetFoot
    acct_disposition: AcctDisposition = AcctDisposition.TRANSFER
    has_account: bool = True
    payer_account: StatedAccount | None = None
    trafout_psn_no: Annotated[str, Field(max_length=40)] = ""
    refs: Annotated[tuple[CaseReference, ...], Field(max_length=10)] = ()
    rlts_traf_id: CaseNumber | None = None
    sheet_version: Annotated[int, Field(ge=1, le=999, strict=True)] = 1

    def entry(self, entry_id: UUID, admdvs: str, clerk: Clerk, at: datetime, number: Callable[[], str]) -> PaperEntry:
        """What is kept of it; ``number`` gives a new case its number."""
        rlts_traf_id = self.rlts_traf_id or number()
        sheet = InfoSheet(
            rlts_traf_id=rlts_traf_id,
            version=self.sheet_version,
            trafout_admdvs=self.trafout_admdvs,
            trafin_admdvs=admdvs,
            trafout_insutype=self.trafout_insutype.value,
            trafin_insutype=self.trafin_insutype.value,
            head=self.head,
            rows=self.rows,
            foot=self.foot,
            acct_disposition=self.acct_disposition,
            has_account=self.has_account,
            attachment=SheetAttachment(psn_no=self.trafout_psn_no),
        )
        return PaperEntry(
            entry_id=entry_id,
            admdvs=admdvs,
            rlts_traf_id=rlts_traf_id,
            sheet=sheet,
            applied_on=self.applied_on,
            received_on=self.received_on,
            scan_digest=self.scan_digest,
            paper_number=self.paper_number,
            payer_account=self.payer_account,
            refs=self.refs,
            trafin_psn_no="",
            entered_by=clerk.opter_id,
            entered_name=clerk.opter_name,
            entered_at=at,
        )


class PaperDecision(Document):
    """What the second clerk says after comparing entry and paper."""

    decision: Literal["confirm", "reject"]
    reason: Reason | None = None


class PaperEntryShown(BaseModel):
    """An entry and what became of it; the case itself stands under ``/cases`` once it is confirmed."""

    entry_id: UUID
    rlts_traf_id: str
    state: EntryState
    row_version: int
    psn_name: str
    trafout_admdvs: str
    trafin_psn_no: str
    paper_number: str | None
    scan_digest: str
    applied_on: date
    received_on: date
    amount: Fen
    refs: tuple[CaseReference, ...]
    sheet: InfoSheet
    entered_by: str
    entered_name: str
    entered_at: datetime
    decided_by: str | None
    decided_name: str | None
    decided_at: datetime | None
    reason: str | None

    @classmethod
    def of(cls, entry: PaperEntry) -> "PaperEntryShown":
        """As it is answered."""
        own = {name: getattr(entry, name) for name in cls.model_fields if hasattr(entry, name)}
        return cls(**own, psn_name=entry.sheet.head.psn_name, trafout_admdvs=entry.sheet.trafout_admdvs)


class LineFault(BaseModel):
    """One thing wrong with one line."""

    line: int
    pointer: str
    code: str
    message: str


class PaperImport(BaseModel):
    """What came of an import: every line was entered, or stands here with all that is wrong with it."""

    lines: int
    entered: int
    failed: int
    entry_ids: list[UUID]
    errors: list[LineFault]
