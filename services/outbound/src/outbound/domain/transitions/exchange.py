"""What the platform answers to an issued sheet, and what the inbound answers through it."""

from datetime import datetime
from typing import Any

from outbound.domain.case import Actor, ActorKind, Case, CaseState
from outbound.domain.decision import Decision, Letter, decide, note, require, task, to_ledger, unfreeze
from outbound.domain.errors import CommandNotAllowed
from outbound.domain.sealed import SealedVersion
from outbound.domain.transitions.recalling import NO_RECALL, lift_recall_hold
from shared.agency.core import TaskKind
from shared.clock import local_date
from shared.contracts.events.money import BalancePayable, BalanceVoided, PaymentHoldChanged
from shared.contracts.events.relation import (
    SheetAccepted,
    SheetRefused,
    SheetReturned,
    TransferCompleted,
    TransferTerminated,
)
from shared.law import design, law
from shared.sheet_rules import TERMINATION_NO, next_obligation_no

WITHDRAWABLE = (
    CaseState.ACCEPTED,
    CaseState.DRAFTING,
    CaseState.SUBMITTED,
    CaseState.APPROVED,
    CaseState.ISSUED,
)

TERMINABLE = (
    CaseState.DRAFTING,
    CaseState.SUBMITTED,
    CaseState.APPROVED,
    CaseState.ISSUED,
    CaseState.SHEET_ACCEPTED,
)


def withdraw(case: Case, actor: Actor, at: datetime, reason: str) -> Decision:
    """The platform's commit decided for the withdrawal: all goes back to what it was (domain §4).

    Once more is absorbed: a late sheet is refused as withdrawn after the withdrawal itself was told.
    """
    if case.state is CaseState.WITHDRAWN:
        return note(case, "withdrawal_repeated", at, actor, reason=reason)
    if case.owed_amount is not None:
        raise CommandNotAllowed("平台已接收过信息表，不能再撤销", code="withdrawal-not-allowed")
    require(case, "withdrawal", *WITHDRAWABLE)
    was_approved = case.state in (CaseState.APPROVED, CaseState.ISSUED)
    resume = task(case, TaskKind.RESUME_RELATION, "withdrawal", local_date(at))
    return decide(
        case,
        "withdrawn",
        CaseState.WITHDRAWN,
        at,
        actor,
        reason=reason,
        tasks=(*(unfreeze(case, at) if was_approved else ()), resume),
        is_ready_to_seal=False,
        withdrawn_at=at,
    )


def accept_sheet(case: Case, event: SheetAccepted, sealed: SealedVersion, actor: Actor, at: datetime) -> Decision:
    """The platform has taken the version in: it can no longer be withdrawn, and its amount becomes payable.

    The ledger hears of every accepted version that owes something or changes what an earlier one owed.
    """
    require(case, "sheet-acceptance", CaseState.ISSUED)
    obligation_no = next_obligation_no(case.obligation_no, case.owed_amount, sealed.amount)
    is_payable = sealed.amount > 0 or bool(case.owed_amount)
    payables = (_payable(case, event, sealed, obligation_no),) if is_payable else ()
    lifts, lifted = lift_recall_hold(case)
    return decide(
        case,
        "sheet_accepted",
        CaseState.SHEET_ACCEPTED,
        at,
        actor,
        letters=(*payables, *lifts),
        obligation_no=obligation_no,
        owed_amount=sealed.amount,
        most_stated=max(case.most_stated, sealed.amount),
        accepted_version=sealed.version,
        return_reasons=(),
        **lifted,
    )


def _payable(case: Case, event: SheetAccepted, sealed: SealedVersion, obligation_no: int) -> Letter:
    payable = BalancePayable(
        obligation_no=str(obligation_no),
        sheet_version=sealed.version,
        trafout_admdvs=case.admdvs,
        trafin_admdvs=case.trafin_admdvs,
        psn_name=case.psn_name,
        amount=sealed.amount,
        sealed_sheet=sealed.sealed_sheet,
        arrival=event.arrival,
        payer_bankacct=sealed.payer_bankacct or "",
        payee_bankacct=sealed.payee_bankacct or "",
        origin=case.origin,
    )
    return to_ledger(case, payable)


def refuse_sheet(case: Case, event: SheetRefused, actor: Actor, at: datetime) -> Decision:
    """The platform did not take the version in: withdrawn in time, or not right and to be done again."""
    if case.state is CaseState.TERMINATED:
        return note(case, "sheet_refused_late", at, actor, reason=event.code)
    if event.code == "withdrawn" or case.state is CaseState.WITHDRAWN:
        return withdraw(case, actor, at, "平台在信息表到达前已撤销该申请")
    require(case, "sheet-refusal", CaseState.ISSUED)
    return decide(
        case,
        "sheet_refused",
        CaseState.DRAFTING,
        at,
        actor,
        reason=event.code,
        tasks=unfreeze(case, at),
        sheet_version=case.sheet_version + 1,
        findings=event.findings,
    )


def return_sheet(case: Case, event: SheetReturned, actor: Actor, at: datetime) -> Decision:
    """退回更正: back to the draft for the next version; this one stays, and the account stays frozen."""
    require(case, "return", CaseState.SHEET_ACCEPTED)
    if case.correction_kind is None:
        _require_not_completed(case, "return")
    returned = decide(
        case,
        "sheet_returned",
        CaseState.RETURNED,
        at,
        actor,
        reason="、".join(each.code for each in event.reasons),
        return_reasons=event.reasons,
        due_on=event.outbound_due_on or case.due_on,
        **_clock(event),
        **NO_RECALL,
    )
    system = Actor(ActorKind.SYSTEM)
    return returned.then(
        decide(
            returned.case,
            "drafting_resumed",
            CaseState.DRAFTING,
            at,
            system,
            sheet_version=case.sheet_version + 1,
            findings=(),
        )
    )


def _clock(event: SheetReturned) -> dict[str, Any]:
    """The outbound's new clock, where the return starts one; its day of warning is counted after."""
    if event.outbound_due_on is None:
        return {}
    return {"clock_started_on": event.outbound_started_on, "clock_days": event.outbound_days, "warn_on": None}


def terminate(case: Case, event: TransferTerminated, actor: Actor, at: datetime) -> Decision:
    """Both sides have ended the case after a sheet was accepted: hold and freeze go, and nothing is paid any more."""
    require(case, "termination", *TERMINABLE)
    _require_not_completed(case, "termination")
    if case.owed_amount is None:
        raise CommandNotAllowed("平台尚未接收过信息表，不能终止", code="termination-not-allowed")
    on = local_date(at)
    resume = task(case, TaskKind.RESUME_RELATION, "termination", on)
    unfreezing = (task(case, TaskKind.UNFREEZE_ACCOUNT, "termination", on),) if case.has_account else ()
    reason = f"办件已终止：{event.reason}"
    voided = BalanceVoided(obligation_no=TERMINATION_NO, reason=reason)
    held = to_ledger(case, PaymentHoldChanged(is_held=True, reason=reason))
    return decide(
        case,
        "terminated",
        CaseState.TERMINATED,
        at,
        actor,
        reason=f"{event.cause}、{event.money_path}：{event.reason}",
        tasks=(*unfreezing, resume),
        # Of a balance that was never payable the ledger knows nothing; it is told all the same, and does nothing.
        letters=(*((held,) if case.owed_amount else ()), to_ledger(case, voided)),
        is_ready_to_seal=False,
        is_payment_held=bool(case.owed_amount),
        payment_hold_reason=reason if case.owed_amount else None,
        **NO_RECALL,
    )


@law("N13")
@design("the relation ends with its transfer in, not with the money")
def complete(case: Case, event: TransferCompleted, actor: Actor, at: datetime) -> Decision:
    """The inbound has synced the sheet: the relation ends by itself (N13), and its balance stays payable."""
    require(case, "completion", CaseState.SHEET_ACCEPTED)
    _require_not_completed(case, "completion")
    lifts, lifted = lift_recall_hold(case)
    return decide(
        case,
        "transfer_completed",
        case.state,
        at,
        actor,
        tasks=(task(case, TaskKind.TERMINATE_RELATION, "completion", local_date(event.completed_at)),),
        letters=lifts,
        completed_at=event.completed_at,
        synced_amount=case.owed_amount,
        synced_obligation_no=case.obligation_no,
        trafin_psn_no=event.trafin_psn_no,
        **lifted,
        **NO_RECALL,
    )


def _require_not_completed(case: Case, command: str) -> None:
    """A state alone does not say so: the core may still have to end the relation, or a correction is under way."""
    if case.completed_at is not None:
        raise CommandNotAllowed("转入已办结，只能以更正的信息表继续办理", code=f"{command}-not-allowed")
