"""Applications and notes of cases on paper, as clerks send and see them."""

from datetime import date, datetime
from typing import Annotated, Literal, Self
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field, StringConstraints, model_validator

from outbound.domain.case import Actor
from outbound.domain.paper import PaperKind, PaperStep, StepState
from shared.contracts.addendum import AddendumNo
from shared.contracts.application import Applicant, Application, CaseReference, CertNo, CertType, PersonName, Phone
from shared.contracts.codes import AcctDisposition, AreaCode, Insutype, MoneyPath, ReturnCode, TerminationCause
from shared.contracts.events.relation import ReturnReason
from shared.contracts.model import Document
from shared.contracts.paper import ScanDigest, StatedAccount
from shared.days import Day

Note = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=200)]

_WRITTEN = (PaperKind.COMPLETION, PaperKind.RETURN, PaperKind.TERMINATION)


class PaperApplication(Document):
    """An application for an area that is not connected, taken at our own window.

    ``acct_disposition``: whether the receiving area has an account to credit, as it says on request.
    """

    psn_name: PersonName
    psn_cert_type: CertType
    certno: CertNo
    trafin_admdvs: AreaCode
    trafout_insutype: Insutype
    trafin_insutype: Insutype
    applicant: Applicant = Applicant()
    mob: Phone | None = None
    refs: Annotated[tuple[CaseReference, ...], Field(max_length=10)] = ()
    acct_disposition: AcctDisposition

    def application(self, admdvs: str) -> Application:
        """The application from the agency ``admdvs``."""
        named = self.model_dump(exclude={"acct_disposition"})
        return Application.model_validate({**named, "trafout_admdvs": admdvs})


class PaperReason(Document):
    """Why the inbound returned the sheet, as its letter says: code S01 to S06 with the place."""

    code: ReturnCode
    row: Annotated[int, Field(ge=1, le=200)] | None = None
    box: Annotated[str, StringConstraints(pattern=r"^[a-z_]{1,40}$")] | None = None
    text: Note | None = None


class PaperNote(Document):
    """What happened on paper: the sheet was sent, the inbound wrote, the applicant withdrew."""

    kind: PaperKind
    on: Day
    note: Note
    scan_digest: ScanDigest | None = None
    payee_account: StatedAccount | None = None
    trafin_psn_no: Annotated[str, Field(max_length=40)] | None = None
    reasons: Annotated[tuple[PaperReason, ...], Field(max_length=50)] = ()
    cause: TerminationCause | None = None
    money_path: MoneyPath | None = None
    addendum_no: AddendumNo | None = None

    @model_validator(mode="after")
    def _has_what_its_kind_needs(self) -> Self:
        if (self.kind is PaperKind.RETURN) != bool(self.reasons):
            raise ValueError("退回须写明原因，其他登记不写退回原因")
        if self.kind in _WRITTEN and self.scan_digest is None:
            raise ValueError("对方的书面材料须附扫描件摘要")
        is_end = self.kind is PaperKind.TERMINATION
        if (self.cause is not None, self.money_path is not None) != (is_end, is_end):
            raise ValueError("终止须写明原因和资金去向，其他登记不写")
        if (self.kind is PaperKind.ADDENDUM) != (self.addendum_no is not None):
            raise ValueError("寄送补充单须写明其序号，其他登记不写")
        return self

    def step(self, step_id: UUID, rlts_traf_id: str, actor: Actor, at: datetime) -> PaperStep:
        """What is kept of it."""
        return PaperStep(
            step_id=step_id,
            rlts_traf_id=rlts_traf_id,
            kind=self.kind,
            sheet_version=0,
            on=self.on,
            note=self.note,
            entered_by=actor.opter_id or "",
            entered_name=actor.opter_name or "",
            entered_at=at,
            scan_digest=self.scan_digest,
            payee_account=self.payee_account,
            trafin_psn_no=self.trafin_psn_no,
            cause=self.cause,
            money_path=self.money_path,
            addendum_no=self.addendum_no,
            reasons=tuple(
                ReturnReason(code=each.code, row=each.row, box=each.box, text=each.text) for each in self.reasons
            ),
        )


class PaperApproval(Document):
    """What the second clerk says after comparing the note with the paper."""

    decision: Literal["approve", "reject"]
    reason: Note | None = None


class PaperStepShown(BaseModel):
    """A note and what became of it."""

    model_config = ConfigDict(from_attributes=True)

    step_id: UUID
    rlts_traf_id: str
    kind: PaperKind
    sheet_version: int
    on: date
    note: str
    scan_digest: str | None
    payee_account: StatedAccount | None
    trafin_psn_no: str | None
    reasons: tuple[ReturnReason, ...]
    cause: TerminationCause | None
    money_path: MoneyPath | None
    addendum_no: int | None
    state: StepState
    entered_by: str
    entered_name: str
    entered_at: datetime
    decided_by: str | None
    decided_name: str | None
    decided_at: datetime | None
    reason: str | None


class PaperSteps(BaseModel):
    """All notes of a case, oldest first."""

    items: list[PaperStepShown]
