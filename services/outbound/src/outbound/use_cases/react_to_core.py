"""What follows when the core has answered: the next step counts only now (domain §4a)."""

from collections.abc import Mapping, Sequence
from datetime import datetime

from sqlalchemy.ext.asyncio import AsyncConnection

from outbound.domain.addendum import STEP as ADDENDUM_STEP
from outbound.domain.addendum import Addendum, book
from outbound.domain.case import Actor, ActorKind, Case, CaseState
from outbound.domain.decision import Decision
from outbound.domain.draft import Draft
from outbound.domain.sheet import check_draft
from outbound.domain.transitions.ending import SETTLEMENT, end_relation, note_result, settle
from outbound.domain.transitions.handling import begin_drafting, handle_automatically
from outbound.domain.transitions.money import RETURNED, take_credit, take_debit
from outbound.domain.transitions.sealing import take_freeze, take_freeze_failure
from outbound.office import Office
from outbound.repository.addenda import addenda_of, save_addenda
from outbound.repository.cases import lock_cases
from outbound.repository.drafts import load_drafts
from outbound.use_cases.save_decisions import save_decisions
from shared.agency.core import CoreResult, Outcome, TaskKind

_CORE = Actor(ActorKind.CORE)


async def react_to_core(office: Office, connection: AsyncConnection, results: Sequence[CoreResult]) -> None:
    """Apply the core's answers to their cases, in order; several may be of one case."""
    now = office.now()
    cases = await lock_cases(connection, [result.task.rlts_traf_id for result in results])
    automatic = {number for number, case in cases.items() if _is_automatic(office, case)}
    drafts = await load_drafts(connection, automatic)
    known = await addenda_of(connection, [each.task.rlts_traf_id for each in results if _is_booking(each)])
    addenda: list[Addendum] = []
    outcomes: dict[str, Decision] = {}
    for result in results:
        number = result.task.rlts_traf_id
        present = outcomes.get(number) or Decision(cases[number])
        booked = _booked(known, result)
        if booked is None:
            outcomes[number] = present.then(_react(present.case, result, now))
            continue
        addendum, decision = book(present.case, booked, _CORE, now)
        addenda.append(addendum)
        outcomes[number] = present.then(decision)
    await save_addenda(connection, addenda)
    decisions = [_go_on(office, drafts, decision, now) for decision in outcomes.values()]
    await save_decisions(connection, decisions, signers=office.signers, now=now)


def _is_booking(result: CoreResult) -> bool:
    return result.task.kind is TaskKind.CREDIT_ACCOUNT and result.task.step.startswith(ADDENDUM_STEP)


def _booked(known: Mapping[tuple[str, int], Addendum], result: CoreResult) -> Addendum | None:
    """The addendum whose money the core has booked with this result."""
    if not _is_booking(result) or result.answer.outcome is not Outcome.DONE:
        return None
    return known[result.task.rlts_traf_id, int(result.task.step.removeprefix(ADDENDUM_STEP))]


def _react(case: Case, result: CoreResult, now: datetime) -> Decision:
    if result.answer.outcome is Outcome.DONE:
        return _done(case, result, now)
    if result.answer.outcome is Outcome.FAILED and result.task.kind is TaskKind.FREEZE_ACCOUNT:
        return take_freeze_failure(case, result.task.step, _CORE, now, result.answer.reason)
    return note_result(case, result, _CORE, now)


def _done(case: Case, result: CoreResult, now: datetime) -> Decision:
    kind, step, answer = result.task.kind, result.task.step, result.answer
    if kind is TaskKind.SUSPEND_RELATION:
        return begin_drafting(case, _CORE, now)
    if kind is TaskKind.FREEZE_ACCOUNT:
        return take_freeze(case, answer.balc or 0, step, _CORE, now)
    if kind is TaskKind.TERMINATE_RELATION and case.state is CaseState.SHEET_ACCEPTED:
        return end_relation(case, result, _CORE, now)
    if step == SETTLEMENT:
        amount = case.frozen_balc or 0
        return settle(case, amount, answer.core_ref, _CORE, now)
    if kind is TaskKind.CREDIT_ACCOUNT and step.startswith(RETURNED):
        return take_credit(case, result.task.amount or 0, step, _CORE, now)
    if kind is TaskKind.DEBIT_ACCOUNT:
        return take_debit(case, result.task.amount or 0, step, _CORE, now)
    return note_result(case, result, _CORE, now)


def _is_automatic(office: Office, case: Case) -> bool:
    return case.state is CaseState.ACCEPTED and case.admdvs in office.settings.auto_seal_agencies


def _go_on(office: Office, drafts: Mapping[str, Draft], decision: Decision, now: datetime) -> Decision:
    """``auto_seal``: a fresh draft without any finding goes on by itself; with one it waits for a clerk."""
    case = decision.case
    draft = drafts.get(case.rlts_traf_id)
    if draft is None or case.state is not CaseState.DRAFTING:
        return decision
    findings = check_draft(
        case,
        draft,
        "系统自动办理",
        area=office.registry.area,
        today=office.today(),
        blocking=office.blocking_for(case),
    )
    return decision if findings else decision.then(handle_automatically(case, now, findings))
