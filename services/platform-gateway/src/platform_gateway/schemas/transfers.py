"""Cases as they are shown: the two tracks, clocks, reasons, sheets, history."""

from datetime import date, datetime
from typing import Annotated
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field, StringConstraints

from platform_gateway.domain.money import MoneyFactKind, MoneyState
from platform_gateway.domain.states import CaseState, CorrectionState
from platform_gateway.schemas.applications import ShownDecision, ShownReason, ShownUnknown
from platform_gateway.schemas.deadlines import ShownComputation
from shared.contracts.addendum import AddendumCause
from shared.contracts.application import CaseReference, CertNo, CertType, Text
from shared.contracts.benefits_preview import Assumed
from shared.contracts.codes import AcctDisposition, AreaCode, MoneyPath, OptChnl, Origin
from shared.contracts.facts import Side
from shared.contracts.model import Document
from shared.money import Fen


class _OfRow(BaseModel):
    model_config = ConfigDict(from_attributes=True)


class ShownClock(ShownComputation):
    """One clock of a case, with how it was counted. ``is_due_soon``: it runs, and 80 % of its time have passed."""

    sheet_version: int
    is_due_soon: bool
    is_overdue: bool
    stopped_at: datetime | None


class ShownSheet(_OfRow):
    """An accepted version."""

    sheet_version: int
    sheet_digest: str
    arrived_at: datetime
    amount: Fen
    acct_disposition: AcctDisposition
    obligation_no: str


class ShownAddendum(_OfRow):
    """An accepted addendum: money that came after sealing."""

    addendum_no: int
    digest: str
    arrived_at: datetime
    amount: Fen
    cause: AddendumCause


class ShownMoneyFact(_OfRow):
    """One fact about the money."""

    kind: MoneyFactKind
    amount: Fen
    booked_on: date
    obligation_no: str | None
    receipt_no: str | None
    suspense_code: str | None
    reason: str | None
    sender: str
    recorded_at: datetime


class RelationTrack(BaseModel):
    """The relation's line (N9, first paragraph)."""

    state: CaseState
    state_name: str
    state_since: datetime
    completed_at: datetime | None
    relation_ended_on: date | None
    correction_state: CorrectionState | None
    corrected_at: datetime | None
    line: str


class MoneyTrack(BaseModel):
    """The money's line (N9, second paragraph)."""

    state: MoneyState
    state_name: str
    acct_disposition: AcctDisposition | None
    money_path: MoneyPath | None
    facts: list[ShownMoneyFact]
    line: str


class ShownForwarding(BaseModel):
    """The last time that another area took the place of a side; ``former_rlts_traf_id`` where that made a new case."""

    side: Side
    from_admdvs: str
    to_admdvs: str
    to_name: str
    at: datetime
    former_rlts_traf_id: str | None = None


class TransferSummary(BaseModel):
    """A case in a list; ``due_on`` is the running stage's."""

    rlts_traf_id: str
    psn_name: str
    certno_masked: str
    trafout_admdvs: str
    trafin_admdvs: str
    trafout_insutype: str
    trafin_insutype: str
    opt_chnl: OptChnl
    origin: Origin
    state: CaseState
    money_state: MoneyState
    applied_at: datetime
    accepted_at: datetime | None
    due_on: date | None
    is_due_soon: bool
    is_overdue: bool
    closed_at: datetime | None


class TransferShown(TransferSummary):
    """A case with everything about it."""

    psn_cert_type: str
    optins_no: str | None
    refs: tuple[CaseReference, ...]
    relation: RelationTrack
    money: MoneyTrack
    clocks: list[ShownClock]
    reasons: tuple[ShownReason, ...]
    unknown_sides: tuple[Side, ...]
    unknown: tuple[ShownUnknown, ...]
    decision: ShownDecision | None
    open_rlts_traf_id: str | None
    forwarding: ShownForwarding | None
    sheets: list[ShownSheet]
    addenda: list[ShownAddendum]
    policy_version: str | None


class HistoryLine(_OfRow):
    """One line of a case's history."""

    history_no: int
    at: datetime
    command: str
    from_state: CaseState | None
    to_state: CaseState
    is_allowed: bool
    actor: str
    reason: str | None
    message_id: UUID | None


class PersonSearch(Document):
    """Cases of a person; the certificate number stands in the body, never in a URL."""

    psn_cert_type: CertType
    certno: CertNo


class CaseQuery(Document):
    """Up to 500 cases by number."""

    rlts_traf_ids: Annotated[tuple[str, ...], Field(min_length=1, max_length=500)]


class QueriedTransfer(BaseModel):
    """A queried number with its case, or ``null`` where there is none that the caller may know of."""

    rlts_traf_id: str
    transfer: TransferSummary | None


class CaseQueryAnswer(BaseModel):
    """A result per number, in the order asked."""

    items: list[QueriedTransfer]


class Withdrawal(Document):
    """撤销."""

    reason: Annotated[Text, StringConstraints(min_length=1)]


class Forwarding(Document):
    """转办: the area that takes the place of the caller's, and why."""

    admdvs: Annotated[AreaCode, Field(description="同一省内应当办理的统筹区；县区代码按其所属统筹区处理")]
    reason: Annotated[Text, StringConstraints(min_length=1)]


class ProgressQuery(Document):
    """A case and the certificate number of its person."""

    rlts_traf_id: Annotated[str, StringConstraints(min_length=1, max_length=40)]
    certno: CertNo


class PreviewAsked(ProgressQuery, Assumed):
    """The same, with what is assumed."""


class ProgressShown(BaseModel):
    """The two lines that N10 asks for, in plain Chinese, and a third once benefits are decided (N11)."""

    rlts_traf_id: str
    relation: str
    money: str
    benefits: str | None
    origin: Origin
    is_closed: bool
