"""The end of the relation, and of a balance that does not travel (N13; domain §8)."""

from datetime import datetime

from outbound.domain.case import Actor, Case, CaseState
from outbound.domain.decision import Decision, Letter, decide, note, task, to_platform
from shared.agency.core import CoreResult, NewTask, TaskKind
from shared.clock import local_date
from shared.contracts.codes import AcctDisposition
from shared.contracts.events.money import BalanceSettledOtherwise
from shared.contracts.events.relation import RelationEnded

SETTLEMENT = "settlement"
_REASONS = {
    AcctDisposition.REFUNDED_TO_PERSON: "转入地没有可计入的个人账户，余额退还本人",
    AcctDisposition.RETAINED_AT_OUTBOUND: "余额留存转出地个人账户，由本人继续使用",
}


def end_relation(case: Case, result: CoreResult, actor: Actor, at: datetime) -> Decision:
    """The core has ended the relation; what happens to a balance that stays is done next."""
    ended_on = result.task.effective_date
    ended = decide(
        case,
        "relation_ended",
        CaseState.ENDED,
        at,
        actor,
        letters=(to_platform(RelationEnded(ended_on=ended_on, core_ref=result.answer.core_ref)),),
        tasks=_settlement_tasks(case, at),
        ended_on=ended_on,
    )
    if case.acct_disposition not in _REASONS or ended.tasks:
        return ended
    return ended.then(settle(ended.case, 0, result.answer.core_ref, actor, at))


def _settlement_tasks(case: Case, at: datetime) -> tuple[NewTask, ...]:
    if not case.has_account:
        return ()
    if case.acct_disposition is AcctDisposition.RETAINED_AT_OUTBOUND:
        return (task(case, TaskKind.UNFREEZE_ACCOUNT, SETTLEMENT, local_date(at)),)
    if case.acct_disposition is AcctDisposition.REFUNDED_TO_PERSON and case.frozen_balc:
        return (task(case, TaskKind.DEBIT_ACCOUNT, SETTLEMENT, local_date(at), case.frozen_balc),)
    return ()


def settle(case: Case, amount: int, core_ref: str | None, actor: Actor, at: datetime) -> Decision:
    """The core has refunded or released the balance; its reference is the evidence."""
    settled = BalanceSettledOtherwise(
        acct_disposition=case.acct_disposition,
        amount=amount,
        settled_on=local_date(at),
        reason=_REASONS[case.acct_disposition],
        core_ref=core_ref,
    )
    letters: tuple[Letter, ...] = (to_platform(settled),)
    return decide(case, "balance_settled", case.state, at, actor, letters=letters, settled_on=local_date(at))


def note_result(case: Case, result: CoreResult, actor: Actor, at: datetime) -> Decision:
    """A core's answer that moves nothing: a resumption, a failure that waits for a retry, an unknown outcome."""
    name = f"core_{result.task.kind.value}_{result.answer.outcome.value}"
    return note(case, name, at, actor, reason=result.answer.reason)
