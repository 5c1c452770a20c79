"""An addendum as the outbound makes it: proposed by one person, approved by another, booked, sealed (*design*)."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date, datetime
from enum import StrEnum

from outbound.domain.case import Actor, Case, CaseState
from outbound.domain.decision import Decision, decide, task, to_ledger, to_platform
from outbound.domain.errors import AmountNotTransferred, CommandNotAllowed, ReasonMissing, SameClerk
from shared.agency.core import TaskKind
from shared.clock import local_date
from shared.contracts.addendum import AddendumCause, SheetAddendum
from shared.contracts.codes import AcctDisposition, Origin
from shared.contracts.events import AddendumAccepted, AddendumIssued, AddendumPayable, AddendumRefused
from shared.law import design
from shared.money_cn import to_capital
from shared.sheet_rules import MAX_ADDENDA, addendum_obligation_no

STEP = "addendum-"
"""Before the addendum's number: the step of the credit that books its money on the account."""

_OVER = (CaseState.ACCEPTED, CaseState.WITHDRAWN, CaseState.TERMINATED)


class AddendumState(StrEnum):
    """``approved`` waits for the core to book the money, ``booked`` for the seal, ``issued`` for the platform."""

    PROPOSED = "proposed"
    REJECTED = "rejected"
    APPROVED = "approved"
    BOOKED = "booked"
    ISSUED = "issued"
    ACCEPTED = "accepted"
    REFUSED = "refused"


@dataclass(frozen=True, slots=True)
class AddendumAsk:
    """Money (fen) that came after sealing, and whence."""

    cause: AddendumCause
    reason: str
    amount: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Addendum:
    """One addendum of a case; ``amount`` in fen, instants in UTC. The accounts are those at sealing."""

    rlts_traf_id: str
    addendum_no: int
    cause: AddendumCause
    reason: str
    amount: int
    state: AddendumState
    proposed_by: str
    proposed_name: str
    proposed_at: datetime
    reviewed_by: str | None = None
    reviewed_name: str | None = None
    reviewed_at: datetime | None = None
    review_reason: str | None = None
    sealed_addendum: str | None = None
    arrival: str | None = None
    payer_bankacct: str | None = None
    payee_bankacct: str | None = None
    refusal: str | None = None


@design("addendum for money after sealing: who may, until when")
def propose(case: Case, last_no: int, ask: AddendumAsk, actor: Actor, at: datetime) -> tuple[Addendum, Decision]:
    """A further addendum, once a sheet was accepted and until the case ends without a transfer.

    Raises ``CommandNotAllowed`` or ``AmountNotTransferred``.
    """
    if case.owed_amount is None or case.state in _OVER or last_no >= MAX_ADDENDA:
        raise CommandNotAllowed("办件当前状态不能提出补充单", code="addendum-not-allowed")
    if case.acct_disposition is not AcctDisposition.TRANSFER:
        raise AmountNotTransferred("该办件的个人账户余额不划转，不能补充划转")
    made = Addendum(
        rlts_traf_id=case.rlts_traf_id,
        addendum_no=last_no + 1,
        cause=ask.cause,
        reason=ask.reason,
        amount=ask.amount,
        state=AddendumState.PROPOSED,
        proposed_by=actor.opter_id or "",
        proposed_name=actor.opter_name or "",
        proposed_at=at,
    )
    return made, decide(case, "addendum_proposed", case.state, at, actor, reason=ask.reason)


@design("addendum for money after sealing: two people")
def review(
    case: Case, addendum: Addendum, actor: Actor, at: datetime, *, is_approved: bool, reason: str | None
) -> tuple[Addendum, Decision]:
    """复核: the core books the money on the account; or it is rejected with a reason.

    Raises ``CommandNotAllowed``, ``SameClerk`` or ``ReasonMissing``.
    """
    if addendum.state is not AddendumState.PROPOSED or case.state in _OVER:
        raise CommandNotAllowed("补充单当前状态不能复核", code="addendum-review-not-allowed")
    if actor.opter_id == addendum.proposed_by:
        raise SameClerk("经办人不能复核自己提出的补充单")
    if not is_approved and not reason:
        raise ReasonMissing("复核不通过应说明原因")
    state = AddendumState.APPROVED if is_approved else AddendumState.REJECTED
    reviewed = replace(
        addendum,
        state=state,
        reviewed_by=actor.opter_id,
        reviewed_name=actor.opter_name,
        reviewed_at=at,
        review_reason=reason,
    )
    step = f"{STEP}{addendum.addendum_no}"
    book = task(case, TaskKind.CREDIT_ACCOUNT, step, local_date(at), addendum.amount)
    tasks = (book,) if is_approved else ()
    return reviewed, decide(case, f"addendum_{state}", case.state, at, actor, reason=reason, tasks=tasks)


def book(case: Case, addendum: Addendum, actor: Actor, at: datetime) -> tuple[Addendum, Decision]:
    """The core has the money on the account: it may be sealed, and is none of what the sheet states."""
    booked = replace(addendum, state=AddendumState.BOOKED)
    addenda_balc = case.addenda_balc + addendum.amount
    return booked, decide(case, "addendum_booked", case.state, at, actor, addenda_balc=addenda_balc)


def document(case: Case, addendum: Addendum, agency_name: str, today: date) -> SheetAddendum:
    """What is sealed."""
    return SheetAddendum(
        rlts_traf_id=case.rlts_traf_id,
        addendum_no=addendum.addendum_no,
        # The version that the case has reached; one still being drafted has not been accepted.
        sheet_version=case.accepted_version,
        trafout_admdvs=case.admdvs,
        trafin_admdvs=case.trafin_admdvs,
        psn_name=case.psn_name,
        cause=addendum.cause,
        reason=addendum.reason,
        amount=addendum.amount,
        amount_cn=to_capital(addendum.amount),
        opter_name=addendum.proposed_name,
        agency_name=agency_name,
        issued_on=today,
    )


def issue(case: Case, addendum: Addendum, actor: Actor, at: datetime) -> Decision:
    """The sealed addendum goes to the platform; on paper it is printed, and its dispatch is noted."""
    letters = () if case.origin is Origin.PAPER else (to_platform(issued_event(addendum, at)),)
    return decide(case, "addendum_issued", case.state, at, actor, letters=letters)


def issued_event(addendum: Addendum, sealed_at: datetime) -> AddendumIssued:
    """What the platform is told of a sealed addendum."""
    return AddendumIssued(
        addendum_no=addendum.addendum_no,
        sealed_addendum=addendum.sealed_addendum or "",
        amount=addendum.amount,
        sealed_at=sealed_at,
    )


@design("the dispatch on paper stands for the platform's acceptance")
def dispatch(
    case: Case,
    addendum: Addendum,
    others: Iterable[Addendum],
    arrival: str,
    payee: str | None,
    actor: Actor,
    at: datetime,
) -> tuple[Addendum, Decision]:
    """A printed addendum was sent: its amount becomes payable, to the account that the registry or paper names.

    ``arrival`` is our signed statement of it, ``others`` are those of the case. Raises ``CommandNotAllowed`` for one
    that is not sealed, or was sent before, or before one of a lower number, and after the end of the case.
    """
    if addendum.state is not AddendumState.ISSUED or case.state in _OVER:
        raise CommandNotAllowed("该补充单尚未签章、已经寄送或办件已结束", code="addendum-dispatch-not-allowed")
    if any(each.state is AddendumState.ISSUED and each.addendum_no < addendum.addendum_no for each in others):
        raise CommandNotAllowed("请先登记前一号补充单的寄送", code="addendum-dispatch-not-allowed")
    sent = replace(addendum, payee_bankacct=addendum.payee_bankacct or payee)
    accepted = AddendumAccepted(addendum_no=addendum.addendum_no, arrival=arrival)
    return accept(case, sent, accepted, actor, at)


def accept(
    case: Case, addendum: Addendum, event: AddendumAccepted, actor: Actor, at: datetime
) -> tuple[Addendum, Decision]:
    """The platform has taken it in: its amount becomes payable."""
    accepted = replace(addendum, state=AddendumState.ACCEPTED, arrival=event.arrival)
    payable = AddendumPayable(
        obligation_no=addendum_obligation_no(addendum.addendum_no),
        addendum_no=addendum.addendum_no,
        trafout_admdvs=case.admdvs,
        trafin_admdvs=case.trafin_admdvs,
        psn_name=case.psn_name,
        amount=addendum.amount,
        sealed_addendum=addendum.sealed_addendum or "",
        arrival=event.arrival,
        payer_bankacct=addendum.payer_bankacct or "",
        payee_bankacct=addendum.payee_bankacct or "",
        origin=case.origin,
    )
    letters = (to_ledger(case, payable),)
    return accepted, decide(case, "addendum_accepted", case.state, at, actor, letters=letters)


def refuse(
    case: Case, addendum: Addendum, event: AddendumRefused, actor: Actor, at: datetime
) -> tuple[Addendum, Decision]:
    """The platform did not take it in: the money stays on the account."""
    refused = replace(addendum, state=AddendumState.REFUSED, refusal=event.code)
    return refused, decide(case, "addendum_refused", case.state, at, actor, reason=event.code)
