"""From approval to an issued sheet: freeze, build, seal (domain §4, §4a, §8)."""

from collections.abc import Sequence
from datetime import datetime

from outbound.domain.case import SYSTEM, Actor, Case, CaseState
from outbound.domain.decision import Decision, decide, note, task, to_platform, unfreeze
from shared.agency.core import TaskKind
from shared.clock import local_date
from shared.contracts.codes import AcctDisposition, Origin
from shared.contracts.events.relation import SheetIssued
from shared.contracts.info_sheet import SheetFinding
from shared.law import design
from shared.money import format_yuan

MONEY_UNDER_WAY = "以前版本的款项尚未全部划转或退回，到账后才能再更正金额；确有增加的，出具补充单"

_USABLE = (CaseState.DRAFTING, CaseState.SUBMITTED, CaseState.WITHDRAWN)
"""Where the person goes on using the account, as long as no version was accepted."""


def take_freeze(case: Case, balc: int, freeze_step: str, actor: Actor, at: datetime) -> Decision:
    """The core has frozen the account at ``balc`` fen: the sheet may be sealed.

    An answer that comes when nobody waits for it any more is noted, and undone unless the account has to be
    frozen for another reason: a later approval, or a version that was accepted.
    """
    if case.state is not CaseState.APPROVED or freeze_step != str(case.approval_no):
        late = note(case, "account_frozen_late", at, actor)
        is_owed = case.state not in _USABLE or case.owed_amount is not None
        is_needed = is_owed and case.state is not CaseState.TERMINATED
        undo = task(case, TaskKind.UNFREEZE_ACCOUNT, f"late-{freeze_step}", local_date(at))
        return Decision(case, late.steps, () if is_needed else (undo,))
    amount, there_is = _transferable(case, balc), _ever_held(case, balc)
    if amount > there_is:
        reason = f"账户可划转{format_yuan(there_is)}元，不足更正金额{format_yuan(amount)}元"
        return take_freeze_failure(case, freeze_step, actor, at, reason)
    if not may_state(case, amount):
        return take_freeze_failure(case, freeze_step, actor, at, MONEY_UNDER_WAY)
    return decide(
        case,
        "account_frozen",
        case.state,
        at,
        actor,
        frozen_balc=balc,
        acctfund_traf_amt=amount,
        is_ready_to_seal=True,
    )


@design("another amount is stated only when the money of the last synced one has moved")
def may_state(case: Case, amount: int) -> bool:
    """Whether the next version may state ``amount`` (fen): always the present one, and the first other one.

    After that both ledgers have to have moved what the inbound synced last, or they would count what is still on
    its way differently. ``debited_amount`` says so: paid out by the bank, and put back when it came back. It may say so
    by chance, while a payment that nobody has shown yet is on its way there and back; so more than was synced is
    stated only once the bank has shown the most that can have been paid. What is not more is counted right even then.
    """
    if case.synced_amount is None or amount == case.owed_amount or case.synced_obligation_no <= 1:
        return True
    if case.debited_amount not in (case.synced_amount, case.owed_amount):
        return False
    return amount <= case.synced_amount or case.shown_amount >= case.most_stated


def _transferable(case: Case, balc: int) -> int:
    """What the sheet says is really transferred (annex 3, note 3): nothing where the balance does not travel.

    Added is what an earlier version's payment has already taken off the account for this case: each version
    states the whole, and the ledger owes the difference only (domain §4). A correction states it itself, or as before.
    """
    if case.acct_disposition is not AcctDisposition.TRANSFER:
        return 0
    if case.correction_kind is not None and case.corrected_amount is None:
        return case.owed_amount or 0
    return _ever_held(case, balc) if case.corrected_amount is None else case.corrected_amount


def _ever_held(case: Case, balc: int) -> int:
    """What is or was on the account for the sheet; the money of addenda stands in those."""
    return balc + case.debited_amount - case.addenda_balc


def take_freeze_failure(case: Case, freeze_step: str, actor: Actor, at: datetime, reason: str | None) -> Decision:
    """The core could not freeze: back to the clerk, who sees why."""
    if case.state is not CaseState.APPROVED or freeze_step != str(case.approval_no):
        return note(case, "account_freeze_failed_late", at, actor, reason=reason)
    return decide(case, "account_freeze_failed", CaseState.DRAFTING, at, actor, reason=reason, is_ready_to_seal=False)


def issue(case: Case, sealed_sheet: str, at: datetime, warnings: Sequence[SheetFinding]) -> Decision:
    """The sealed version goes to the platform; on paper it is printed, and its dispatch is noted."""
    event = SheetIssued(
        sheet_version=case.sheet_version, sealed_sheet=sealed_sheet, amount=case.acctfund_traf_amt, sealed_at=at
    )
    return decide(
        case,
        "sheet_issued",
        CaseState.ISSUED,
        at,
        SYSTEM,
        letters=() if case.origin is Origin.PAPER else (to_platform(event),),
        is_ready_to_seal=False,
        seal_not_before=None,
        findings=tuple(warnings),
    )


def send_back(case: Case, at: datetime, findings: Sequence[SheetFinding]) -> Decision:
    """The finished sheet has errors: back to the draft with the findings, and the account usable again."""
    return decide(
        case,
        "sheet_faulty",
        CaseState.DRAFTING,
        at,
        SYSTEM,
        tasks=unfreeze(case, at),
        is_ready_to_seal=False,
        findings=tuple(findings),
    )


def postpone(case: Case, until: datetime, at: datetime, reason: str) -> Decision:
    """Sealing could not be done now and is tried again after ``until``; the reason is written down once."""
    if case.seal_not_before is None:
        return decide(case, "sealing_postponed", case.state, at, SYSTEM, reason=reason, seal_not_before=until)
    return Decision(decide(case, "sealing_postponed", case.state, at, SYSTEM, seal_not_before=until).case)
