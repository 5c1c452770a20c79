"""Note what paper says about a case, by one clerk; carry it out when another approves it.

The transitions are those of an electronic case: the dispatch stands for ``SheetAccepted``, an addendum's for
``AddendumAccepted``, the inbound's letters for ``TransferCompleted`` and ``SheetReturned``. What the platform would
have told us, we tell the platform.
"""

from dataclasses import replace
from datetime import datetime, time
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncConnection

from outbound.domain.addendum import dispatch, issued_event
from outbound.domain.case import Actor, Case
from outbound.domain.decision import Decision, Letter, to_platform
from outbound.domain.errors import AddendumUnknown, CaseUnknown, SheetUnknown
from outbound.domain.paper import PaperKind, PaperStep, StepState, decide_step, require_on_paper, require_past
from outbound.domain.sealed import SealedVersion
from outbound.domain.transitions.correcting import end_correction
from outbound.domain.transitions.exchange import accept_sheet, complete, return_sheet, terminate, withdraw
from outbound.office import Office
from outbound.repository.addenda import addenda_of, save_addenda
from outbound.repository.cases import lock_cases
from outbound.repository.paper import add_step, load_step, save_step, steps_of
from outbound.repository.sheets import ACCEPTED, SheetAnswer, SheetReturn, keep_answers, keep_returns, load_sealed
from outbound.use_cases.save_decisions import save_decisions
from shared.clock import SHANGHAI, local_date
from shared.contracts.events import (
    SheetAccepted,
    SheetIssued,
    SheetReturned,
    TransferCompleted,
    TransferCorrected,
    TransferTerminated,
    TransferWithdrawn,
)
from shared.contracts.paper import AddendumDispatch, PaperDispatch, TwoPeople
from shared.contracts.party import Party, Role
from shared.errors import Conflict, NotFound
from shared.law import design
from shared.signing.paper import sign_statement
from shared.signing.seal import sheet_digest
from shared.time_limits import ClockKind, Transfer, policies_of_paper, required_limit, starts_anew
from shared.web.etags import Expected
from shared.web.idempotency import KeyedRequest, once, remember


async def enter_step(
    office: Office, admdvs: str, step: PaperStep, expected: Expected, keyed: KeyedRequest
) -> PaperStep:
    """Keep a note for another clerk.

    Raises ``CaseUnknown``, ``Conflict``, ``InvalidInput`` or ``PreconditionFailed``.
    """
    now = office.now()
    require_past(step, office.today())
    async with office.database.transaction() as connection:
        before = await once(connection, keyed, now=now)
        if before is not None:
            return await _kept(connection, step.rlts_traf_id, UUID(before.resource_id))
        case = await _own_paper_case(connection, admdvs, step.rlts_traf_id)
        expected.require(case.row_version)
        noted = replace(step, sheet_version=case.sheet_version)
        if any(each.state is StepState.ENTERED for each in await steps_of(connection, step.rlts_traf_id)):
            raise Conflict("该办件有一项登记尚待批准。", code="paper-step-open")
        await add_step(connection, noted)
        await remember(connection, keyed, status=201, location=None, resource_id=str(step.step_id), now=now)
    return noted


@design("the dispatch on paper stands for the platform's acceptance")
async def decide_paper_step(
    office: Office,
    admdvs: str,
    rlts_traf_id: str,
    step_id: UUID,
    actor: Actor,
    expected: Expected,
    *,
    is_approved: bool,
    reason: str | None,
) -> PaperStep:
    """Carry a note out, or send it back; raises ``NotFound``, ``SameClerk`` or ``CommandNotAllowed``."""
    now = office.now()
    async with office.database.transaction() as connection:
        case = await _own_paper_case(connection, admdvs, rlts_traf_id)
        expected.require(case.row_version)
        step = await _kept(connection, rlts_traf_id, step_id)
        decided = decide_step(step, actor, now, is_approved=is_approved, reason=reason)
        await save_step(connection, decided)
        if decided.state is StepState.APPROVED:
            if step.sheet_version != case.sheet_version:
                raise Conflict("登记之后信息表已是另一版，请退回登记后重新登记。", code="paper-step-outdated")
            decision = await _decision(office, connection, case, decided, actor, now)
            await save_decisions(connection, [decision], signers=office.signers, now=now)
    return decided


async def _kept(connection: AsyncConnection, rlts_traf_id: str, step_id: UUID) -> PaperStep:
    step = await load_step(connection, rlts_traf_id, step_id)
    if step is None:
        raise NotFound("没有这项登记。", code="paper-step-not-found")
    return step


async def _own_paper_case(connection: AsyncConnection, admdvs: str, rlts_traf_id: str) -> Case:
    case = (await lock_cases(connection, [rlts_traf_id])).get(rlts_traf_id)
    if case is None or case.admdvs != admdvs:
        raise CaseUnknown("没有这个办件")
    require_on_paper(case)
    return case


async def _decision(
    office: Office, connection: AsyncConnection, case: Case, step: PaperStep, actor: Actor, now: datetime
) -> Decision:
    match step.kind:
        case PaperKind.DISPATCH:
            return await _dispatch(office, connection, case, step, actor, now)
        case PaperKind.COMPLETION if case.correction_kind is not None:
            synced = TransferCorrected(sheet_version=case.sheet_version, corrected_at=now)
            return _told(end_correction(case, synced, actor, now), to_platform(synced))
        case PaperKind.COMPLETION:
            done = TransferCompleted(
                sheet_version=case.sheet_version,
                completed_at=datetime.combine(step.on, time.min, SHANGHAI),
                trafin_psn_no=step.trafin_psn_no or "",
            )
            return _told(complete(case, done, actor, now), to_platform(done))
        case PaperKind.RETURN:
            returned = _returned(office, case, step, now)
            kept = SheetReturn(case.rlts_traf_id, case.sheet_version, step.reasons, step.step_id, now)
            decision = return_sheet(case, returned, actor, now)
            await keep_returns(connection, [kept])
            return _told(decision, to_platform(returned))
        case PaperKind.WITHDRAWAL:
            gone = TransferWithdrawn(withdrawn_at=now, reason=step.note)
            return _told(withdraw(case, actor, now, step.note), to_platform(gone))
        case PaperKind.ADDENDUM:
            return await _addendum_sent(office, connection, case, step, actor, now)
        case PaperKind.TERMINATION:
            ended = _termination(step, now)
            return _told(terminate(case, ended, actor, now), to_platform(ended))


def _returned(office: Office, case: Case, step: PaperStep, now: datetime) -> SheetReturned:
    """With the clock of ours that it starts, which is the platform's: the same days from the same day on."""
    returned = SheetReturned(sheet_version=case.sheet_version, returned_at=now, reasons=step.reasons)
    transfer = Transfer(case.admdvs, case.trafin_admdvs, case.trafout_insutype, case.trafin_insutype)
    on = local_date(now)
    policies = policies_of_paper(office.registry, transfer, local_date(case.accepted_at), on)
    if not starts_anew(policies):
        return returned
    # The days that the case was accepted under, whatever policies have been loaded since.
    days = case.clock_days or required_limit(ClockKind.OUTBOUND, policies).days
    due_on = office.registry.calendar.due(on, days).on
    clock = {"outbound_started_on": on, "outbound_days": days, "outbound_due_on": due_on}
    return returned.model_copy(update=clock)


def _termination(step: PaperStep, now: datetime) -> TransferTerminated:
    if step.cause is None or step.money_path is None:
        raise ValueError("a termination names its cause and what becomes of the money")
    return TransferTerminated(terminated_at=now, cause=step.cause, reason=step.note, money_path=step.money_path)


async def _dispatch(
    office: Office, connection: AsyncConnection, case: Case, step: PaperStep, actor: Actor, now: datetime
) -> Decision:
    """The signed statement takes the place of the platform's countersignature, for our ledger too."""
    key = (case.rlts_traf_id, case.sheet_version)
    sealed = (await load_sealed(connection, [key])).get(key)
    if sealed is None:
        raise SheetUnknown("信息表尚未签章")
    people = TwoPeople(entered_by=step.entered_by, confirmed_by=actor.opter_id or "", confirmed_at=now)
    statement = PaperDispatch(
        rlts_traf_id=case.rlts_traf_id,
        sheet_version=sealed.version,
        sheet_digest=sealed.sheet_digest,
        dispatched_on=step.on,
        note=step.note,
        payee_account=step.payee_account,
        people=people,
    )
    arrival = await sign_statement(statement, office.signers, Party(Role.OUTBOUND, case.admdvs))
    decision = accept_sheet(
        case,
        SheetAccepted(sheet_version=sealed.version, arrival=arrival),
        _paid_to(sealed, step),
        actor,
        now,
    )
    answer = SheetAnswer(case.rlts_traf_id, sealed.version, ACCEPTED, step.step_id, arrival=arrival)
    await keep_answers(connection, [answer], now=now)
    issued = SheetIssued(
        sheet_version=sealed.version, sealed_sheet=sealed.sealed_sheet, amount=sealed.amount, sealed_at=sealed.sealed_at
    )
    return _told(decision, to_platform(issued))


async def _addendum_sent(
    office: Office, connection: AsyncConnection, case: Case, step: PaperStep, actor: Actor, now: datetime
) -> Decision:
    """As ``_dispatch``, for an addendum that stands beside the sheet."""
    known = await addenda_of(connection, [case.rlts_traf_id])
    present = known.get((case.rlts_traf_id, step.addendum_no or 0))
    if present is None or present.sealed_addendum is None:
        raise AddendumUnknown("该办件没有这一号已签章的补充单")
    statement = AddendumDispatch(
        rlts_traf_id=case.rlts_traf_id,
        addendum_no=present.addendum_no,
        digest=sheet_digest(present.sealed_addendum),
        dispatched_on=step.on,
        note=step.note,
        payee_account=step.payee_account,
        people=TwoPeople(entered_by=step.entered_by, confirmed_by=actor.opter_id or "", confirmed_at=now),
    )
    arrival = await sign_statement(statement, office.signers, Party(Role.OUTBOUND, case.admdvs))
    stated = step.payee_account.bankacct if step.payee_account else None
    addendum, decision = dispatch(case, present, known.values(), arrival, stated, actor, now)
    await save_addenda(connection, [addendum])
    return _told(decision, to_platform(issued_event(addendum, now)))


def _paid_to(sealed: SealedVersion, step: PaperStep) -> SealedVersion:
    """The receiver's account: the registry's as of sealing, else the one that the receiver's paper names."""
    if sealed.payee_bankacct or step.payee_account is None:
        return sealed
    return replace(sealed, payee_bankacct=step.payee_account.bankacct)


def _told(decision: Decision, letter: Letter) -> Decision:
    return replace(decision, letters=(*decision.letters, letter))
