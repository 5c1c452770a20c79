"""Take on accepted transfers: hold the relation, draft the sheet from the records (N8, N13)."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncConnection

from outbound.domain.case import Actor, ActorKind, Case, CaseState
from outbound.domain.decision import Decision, Letter, Step, task
from outbound.domain.draft import Draft, make_draft
from outbound.office import Office
from outbound.repository.accepted import keep_accepted
from outbound.repository.cases import insert_cases, lock_cases
from outbound.repository.drafts import save_drafts
from outbound.use_cases.save_decisions import save_consequences
from shared.agency.core import TaskKind
from shared.agency.known_person import HeldRecord
from shared.agency.repository.records import load_records
from shared.clock import local_date
from shared.contracts.codes import Origin
from shared.contracts.events.relation import TransferAccepted
from shared.law import law
from shared.messaging.delivery import CannotApply, Delivery


@dataclass(frozen=True, slots=True)
class TakenOn:
    """A case to be taken on: what was accepted, who brought it, and what is to be told of it."""

    rlts_traf_id: str
    event: TransferAccepted
    actor: Actor
    message_id: UUID
    origin: Origin = Origin.ELECTRONIC
    letters: tuple[Letter, ...] = ()


async def accept_transfers(
    office: Office, connection: AsyncConnection, deliveries: Sequence[Delivery[TransferAccepted]]
) -> None:
    """One new case per delivery; one that names no person or relation of ours cannot be applied."""
    for each in deliveries:
        if each.event.trafout_admdvs != each.recipient.admdvs:
            raise CannotApply("受理通知的转出地不是本机构")
    taken = [
        TakenOn(each.rlts_traf_id, each.event, Actor(ActorKind.PLATFORM, message_id=each.message_id), each.message_id)
        for each in deliveries
    ]
    await take_on(office, connection, taken)


async def take_on(office: Office, connection: AsyncConnection, taken: Sequence[TakenOn]) -> None:
    """The new cases with their drafts; the core is asked to suspend each relation."""
    now = office.now()
    known = await lock_cases(connection, [each.rlts_traf_id for each in taken])
    if known:
        raise CannotApply("办件编号已存在，同一办件不能受理两次")
    cases = [_new_case(office, each, now) for each in taken]
    records = await load_records(connection, [(case.admdvs, case.psn_no) for case in cases])
    drafts = [_draft(office, case, held) for case, held in zip(cases, records, strict=True)]
    await insert_cases(connection, cases)
    await keep_accepted(connection, [(each.rlts_traf_id, each.event, each.message_id) for each in taken], now=now)
    await save_drafts(connection, drafts, now=now)
    decisions = [_taken_on(case, each, now) for case, each in zip(cases, taken, strict=True)]
    await save_consequences(connection, decisions, signers=office.signers, now=now)


def _new_case(office: Office, taken: TakenOn, now: datetime) -> Case:
    event = taken.event
    application = event.lodged.application
    psn_no = event.outbound_facts.facts.psn_no
    relations = event.outbound_facts.facts.relations
    relation = next((each for each in relations if each.insutype == application.trafout_insutype), None)
    if psn_no is None or relation is None:
        raise CannotApply("受理通知没有载明本地人员编号或参保关系")
    return Case(
        rlts_traf_id=taken.rlts_traf_id,
        admdvs=event.trafout_admdvs,
        trafin_admdvs=event.trafin_admdvs,
        trafout_insutype=application.trafout_insutype,
        trafin_insutype=application.trafin_insutype,
        psn_no=psn_no,
        psn_insu_rlts_id=relation.psn_insu_rlts_id,
        psn_name=application.psn_name,
        psn_cert_type=application.psn_cert_type,
        certno=application.certno,
        acct_disposition=event.acct_disposition,
        has_account=relation.has_account,
        accepted_at=event.accepted_at,
        due_on=event.outbound_due_on,
        total_due_on=event.total_due_on,
        is_due_provisional=event.is_due_provisional,
        updated_at=now,
        clock_started_on=local_date(event.accepted_at),
        clock_days=event.outbound_days,
        total_days=event.total_days,
        origin=taken.origin,
        blocking_warnings=tuple(sorted(office.blocking_warnings(event.trafout_admdvs, local_date(event.accepted_at)))),
    )


def _draft(office: Office, case: Case, held: HeldRecord | None) -> Draft:
    return make_draft(
        case,
        held,
        areas=office.registry,
        tel=office.sheet_tel(case.admdvs),
        today=office.today(),
        rules=office.settings.draft_rules,
    )


@law("N13")
def _taken_on(case: Case, taken: TakenOn, now: datetime) -> Decision:
    step = Step("accepted", None, CaseState.ACCEPTED, now, taken.actor, case.sheet_version)
    suspend = task(case, TaskKind.SUSPEND_RELATION, "acceptance", local_date(now))
    return Decision(case, (step,), (suspend,), taken.letters)
