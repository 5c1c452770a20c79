"""How cases are shown to the agency's own clerks and systems."""

from datetime import date, datetime
from uuid import UUID

from pydantic import BaseModel

from outbound.domain.case import STATE_TEXTS, Case, CaseState, SigningRule
from outbound.domain.decision import Step
from outbound.repository.payments import PaymentFact
from outbound.repository.sheets import SheetIssue
from shared.agency.core import TaskKind, TaskState
from shared.contracts.codes import AcctDisposition, CorrectionKind, Origin
from shared.contracts.events.relation import ReturnReason
from shared.contracts.info_sheet import SheetChange, SheetFinding
from shared.money import Fen


class CaseLine(BaseModel):
    """A case in the work list. Days are Shanghai's."""

    rlts_traf_id: str
    state: CaseState
    state_name: str
    psn_no: str
    psn_name: str
    trafin_admdvs: str
    trafout_insutype: str
    trafin_insutype: str
    accepted_at: datetime
    due_on: date
    is_due_provisional: bool
    is_due_soon: bool
    is_overdue: bool
    sheet_version: int
    row_version: int
    submitter_id: str | None
    submitter_name: str | None
    has_errors: bool
    is_returned: bool
    is_payment_held: bool
    origin: Origin

    @classmethod
    def of(cls, case: Case, today: date) -> "CaseLine":
        """The line of ``case`` as seen on ``today``."""
        return cls(**_line(case, today))


class Waiting(BaseModel):
    """A core task that the case waits for, or that failed."""

    task_id: UUID
    kind: TaskKind
    step: str
    state: TaskState
    opened_at: datetime
    answered_at: datetime | None
    reason: str | None


class IssueShown(BaseModel):
    """One version of the sheet: ``outcome`` accepted or refused by the platform, ``None`` while it has not said.

    ``changes`` say what an accepted version changed against the accepted one before it.
    """

    version: int
    sheet_digest: str
    amount: Fen
    sealed_at: datetime
    outcome: str | None
    returned_at: datetime | None
    changes: list[SheetChange]

    @classmethod
    def of(cls, issue: SheetIssue, changes: list[SheetChange]) -> "IssueShown":
        """The answer for one version."""
        return cls(
            version=issue.version,
            sheet_digest=issue.sheet_digest,
            amount=issue.amount,
            sealed_at=issue.sealed_at,
            outcome=issue.outcome,
            returned_at=issue.returned_at,
            changes=changes,
        )


class PaymentShown(BaseModel):
    """A payment that the bank shows, or that came back."""

    kind: str
    obligation_no: str
    amount: Fen
    booked_on: date
    reason: str | None

    @classmethod
    def of(cls, fact: PaymentFact) -> "PaymentShown":
        """The answer for one fact."""
        return cls(
            kind=fact.kind,
            obligation_no=fact.obligation_no,
            amount=fact.amount,
            booked_on=fact.booked_on,
            reason=fact.reason,
        )


class CaseShown(CaseLine):
    """A whole case."""

    psn_cert_type: str
    certno: str
    psn_insu_rlts_id: str
    total_due_on: date | None
    acct_disposition: AcctDisposition
    has_account: bool
    signing_rule: SigningRule
    submitted_at: datetime | None
    reviewer_id: str | None
    reviewer_name: str | None
    reviewed_at: datetime | None
    rchk_flag: str
    review_reason: str | None
    frozen_balc: Fen | None
    debited_amount: Fen
    payment_hold_reason: str | None
    findings: list[SheetFinding]
    return_reasons: list[ReturnReason]
    trafin_psn_no: str | None
    completed_at: datetime | None
    ended_on: date | None
    settled_on: date | None
    withdrawn_at: datetime | None
    correction_kind: CorrectionKind | None
    correction_reason: str | None
    corrected_amount: Fen | None
    corrected_at: datetime | None
    recall_reason: str | None
    recall_by: str | None
    recall_asked_at: datetime | None
    sheets: list[IssueShown]
    payments: list[PaymentShown]
    core_tasks: list[Waiting]

    @classmethod
    def whole(
        cls,
        case: Case,
        today: date,
        *,
        sheets: list[IssueShown],
        payments: list[PaymentShown],
        core_tasks: list[Waiting],
    ) -> "CaseShown":
        """The answer for ``case`` with its sheets, payments and the core tasks that are not done."""
        plain = {name: getattr(case, name) for name in _OF_THE_CASE}
        return cls(**_line(case, today), **plain, sheets=sheets, payments=payments, core_tasks=core_tasks)


_OF_THE_CASE = tuple(
    name
    for name in CaseShown.model_fields
    if name not in CaseLine.model_fields and name not in ("sheets", "payments", "core_tasks")
)


def _line(case: Case, today: date) -> dict[str, object]:
    names = ("rlts_traf_id", "state", "psn_no", "psn_name", "trafin_admdvs", "trafout_insutype", "trafin_insutype")
    more = ("accepted_at", "due_on", "is_due_provisional", "sheet_version", "row_version", "is_payment_held", "origin")
    clerk = ("submitter_id", "submitter_name")
    is_running = case.state in OUTBOUND_TURN and case.correction_kind is None
    return {
        **{name: getattr(case, name) for name in (*names, *more, *clerk)},
        "state_name": STATE_TEXTS[case.state],
        "is_due_soon": is_running and case.warn_on is not None and case.warn_on <= today <= case.due_on,
        "is_overdue": is_running and case.due_on < today,
        "has_errors": any(not finding.is_warning for finding in case.findings),
        "is_returned": bool(case.return_reasons),
    }


OUTBOUND_TURN = (
    CaseState.ACCEPTED,
    CaseState.DRAFTING,
    CaseState.SUBMITTED,
    CaseState.APPROVED,
    CaseState.ISSUED,
    CaseState.RETURNED,
)
"""Where the outbound's own clock runs (N8)."""


class HistoryLine(BaseModel):
    """One step of a case: who, when, why, and which message caused it."""

    step_id: int
    name: str
    from_state: CaseState | None
    to_state: CaseState
    at: datetime
    actor: str
    opter_id: str | None
    opter_name: str | None
    message_id: UUID | None
    sheet_version: int
    reason: str | None

    @classmethod
    def of(cls, numbered: tuple[int, Step]) -> "HistoryLine":
        """The answer for one step."""
        step_id, step = numbered
        return cls(
            step_id=step_id,
            name=step.name,
            from_state=step.from_state,
            to_state=step.to_state,
            at=step.at,
            actor=step.actor.kind,
            opter_id=step.actor.opter_id,
            opter_name=step.actor.opter_name,
            message_id=step.actor.message_id,
            sheet_version=step.sheet_version,
            reason=step.reason,
        )
