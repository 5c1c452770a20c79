"""The outbound's side of a case: its state and everything that decides the next step."""

from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from uuid import UUID

from shared.contracts.codes import AcctDisposition, CorrectionKind, Origin
from shared.contracts.events.relation import ReturnReason
from shared.contracts.info_sheet import SheetFinding


class CaseState(StrEnum):
    """``accepted`` waits for the core to suspend the relation; ``issued`` for the platform, ``sheet_accepted`` for
    the inbound. ``returned`` is passed through on the way back to ``drafting``."""

    ACCEPTED = "accepted"
    DRAFTING = "drafting"
    SUBMITTED = "submitted"
    APPROVED = "approved"
    ISSUED = "issued"
    SHEET_ACCEPTED = "sheet_accepted"
    RETURNED = "returned"
    ENDED = "ended"
    WITHDRAWN = "withdrawn"
    TERMINATED = "terminated"


STATE_TEXTS = {
    CaseState.ACCEPTED: "已受理，等待暂停参保关系",
    CaseState.DRAFTING: "待经办",
    CaseState.SUBMITTED: "待复核",
    CaseState.APPROVED: "复核通过，等待冻结账户和签章",
    CaseState.ISSUED: "信息表已签章上传",
    CaseState.SHEET_ACCEPTED: "信息表已送转入地",
    CaseState.RETURNED: "转入地退回更正",
    CaseState.ENDED: "转移完成，参保关系已终止",
    CaseState.WITHDRAWN: "已撤销",
    CaseState.TERMINATED: "已终止，参保关系不再转出",
}


class SigningRule(StrEnum):
    """Who must have handled the sheet: two different people, one may do both, or the system by itself."""

    TWO_PEOPLE = "two_people"
    ONE_PERSON = "one_person"
    AUTOMATIC = "automatic"


class ActorKind(StrEnum):
    """Who caused a step."""

    CLERK = "clerk"
    SYSTEM = "system"
    CORE = "core"
    PLATFORM = "platform"
    LEDGER = "ledger"


@dataclass(frozen=True, slots=True)
class Actor:
    """Who caused a step: a clerk by ``opter_id`` and name, or a party by the message that it sent."""

    kind: ActorKind
    opter_id: str | None = None
    opter_name: str | None = None
    message_id: UUID | None = None


SYSTEM = Actor(ActorKind.SYSTEM, "system", "系统自动办理")


@dataclass(frozen=True, slots=True, kw_only=True)
class Case:
    """One transfer as this agency handles it. Instants are UTC, dates Shanghai, amounts fen.

    ``sheet_version`` is the version that is being worked on, or the last one sealed. ``approval_no`` counts
    approvals, so that each has its own freeze. ``acctfund_traf_amt`` is what the sheet will say,
    ``owed_amount`` what the last accepted version said (``None`` before the first), ``debited_amount`` what the
    core has already taken off the account for this case. ``correction_kind`` is set while a version is under way
    that was begun after the end, ``accepted_version`` the last one that the platform took in,
    ``synced_amount`` and ``synced_obligation_no`` what the last one stated that the inbound synced, ``addenda_balc``
    money on the account that addenda transfer and the core has not yet taken off, ``most_stated`` the most that
    accepted versions have stated since the bank showed a payment of the present one, ``shown_amount`` what is known to
    have been paid of that;
    ``corrected_amount`` where that states another amount than follows by itself. ``recall_by`` is who asks to recall
    the accepted version, ``recall_asked_at`` when another person had the platform asked. ``blocking_warnings`` are
    those of the region when the case was taken on, whatever it has laid down since (``None``: not kept then).
    """

    rlts_traf_id: str
    admdvs: str
    trafin_admdvs: str
    trafout_insutype: str
    trafin_insutype: str
    psn_no: str
    psn_insu_rlts_id: str
    psn_name: str
    psn_cert_type: str
    certno: str
    acct_disposition: AcctDisposition
    has_account: bool
    accepted_at: datetime
    due_on: date
    total_due_on: date | None
    is_due_provisional: bool
    state: CaseState = CaseState.ACCEPTED
    row_version: int = 1
    sheet_version: int = 1
    approval_no: int = 0
    signing_rule: SigningRule = SigningRule.TWO_PEOPLE
    submitter_id: str | None = None
    submitter_name: str | None = None
    submitted_at: datetime | None = None
    reviewer_id: str | None = None
    reviewer_name: str | None = None
    reviewed_at: datetime | None = None
    rchk_flag: str = "0"
    review_reason: str | None = None
    is_ready_to_seal: bool = False
    seal_not_before: datetime | None = None
    frozen_balc: int | None = None
    acctfund_traf_amt: int = 0
    debited_amount: int = 0
    obligation_no: int = 0
    owed_amount: int | None = None
    is_payment_held: bool = False
    payment_hold_reason: str | None = None
    findings: tuple[SheetFinding, ...] = ()
    return_reasons: tuple[ReturnReason, ...] = ()
    trafin_psn_no: str | None = None
    completed_at: datetime | None = None
    ended_on: date | None = None
    settled_on: date | None = None
    withdrawn_at: datetime | None = None
    correction_kind: CorrectionKind | None = None
    correction_reason: str | None = None
    corrected_amount: int | None = None
    corrected_at: datetime | None = None
    accepted_version: int = 0
    synced_amount: int | None = None
    synced_obligation_no: int = 0
    addenda_balc: int = 0
    most_stated: int = 0
    shown_amount: int = 0
    recall_reason: str | None = None
    recall_by: str | None = None
    recall_asked_at: datetime | None = None
    updated_at: datetime | None = None
    clock_started_on: date | None = None
    clock_days: int | None = None
    total_days: int | None = None
    warn_on: date | None = None
    origin: Origin = Origin.ELECTRONIC
    blocking_warnings: tuple[str, ...] | None = None
