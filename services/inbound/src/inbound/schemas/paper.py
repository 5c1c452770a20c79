"""Paper sheets as clerks type them, and what becomes of them."""

from collections.abc import Callable
from datetime import date, datetime
from typing import Annotated, Literal, Self
from uuid import UUID

from pydantic import BaseModel, Field, StringConstraints, model_validator

from inbound.domain.decisions import Clerk
from inbound.domain.paper import EntryState, PaperEntry
from shared.contracts.application import CaseReference
from shared.contracts.codes import AcctDisposition, AreaCode, CaseNumber, Insutype
from shared.contracts.info_sheet import InfoSheet, SheetAttachment, SheetFoot, SheetHead, SheetRow
from shared.contracts.model import Document
from shared.contracts.paper import PaperNumber, ScanDigest, StatedAccount
from shared.days import Day
from shared.errors import DomainError
from shared.money import Fen
from shared.web.line_imports import LineReport

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
    applied_on: Day
    received_on: Day
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


class PaperImport(LineReport):
    """What came of an import, with the entries that a second clerk confirms."""

    entry_ids: list[UUID] = Field(default_factory=list)


class PaperVerdict(PaperDecision):
    """What the second clerk says of one entry; ``row_version`` is the one that was compared with the paper."""

    entry_id: UUID
    row_version: Annotated[int, Field(ge=1, strict=True)]


class PaperVerdicts(Document):
    """A selection of entries, each named once."""

    items: Annotated[tuple[PaperVerdict, ...], Field(min_length=1, max_length=500)]

    @model_validator(mode="after")
    def _names_each_once(self) -> Self:
        if len({each.entry_id for each in self.items}) < len(self.items):
            raise ValueError("同一份录入只能出现一次")
        return self


class PaperOutcome(BaseModel):
    """What became of one entry: decided, or refused with ``code`` and ``message``; then nothing of it has changed."""

    entry_id: UUID
    state: EntryState | None = None
    rlts_traf_id: str | None = None
    row_version: int | None = None
    code: str | None = None
    message: str | None = None

    @classmethod
    def of(cls, entry_id: UUID, outcome: PaperEntry | DomainError) -> "PaperOutcome":
        """As it is answered."""
        if isinstance(outcome, DomainError):
            return cls(entry_id=entry_id, code=outcome.code, message=outcome.message)
        return cls(
            entry_id=entry_id,
            state=outcome.state,
            rlts_traf_id=outcome.rlts_traf_id,
            row_version=outcome.row_version,
        )


class PaperOutcomes(BaseModel):
    """A result per entry, in the order asked."""

    items: list[PaperOutcome]
