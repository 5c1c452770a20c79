"""Two clerks see to an addendum: one proposes it, another approves or rejects it."""

from dataclasses import dataclass

from outbound.domain.addendum import Addendum, AddendumAsk, propose, review
from outbound.domain.case import Actor, Case
from outbound.domain.command import Command, Result
from outbound.domain.decision import Decision
from outbound.domain.errors import AddendumUnknown
from outbound.office import Office
from outbound.repository.addenda import addenda_of, save_addenda
from outbound.use_cases.command import carry_out, lock_own_cases
from shared.web.idempotency import KeyedRequest, once, remember


@dataclass(frozen=True, slots=True)
class AddendumReview:
    """What the second clerk says of one addendum."""

    addendum_no: int
    is_approved: bool
    reason: str | None


async def propose_addendum(
    office: Office, admdvs: str, actor: Actor, command: Command[AddendumAsk], keyed: KeyedRequest
) -> int:
    """Keep a further addendum of the case; its number. Raises what refuses it, which leaves its trace."""
    now = office.now()
    made: list[Addendum] = []
    async with office.database.transaction() as connection:
        replay = await once(connection, keyed, now=now)
        if replay is not None:
            return int(replay.resource_id)
        cases = await lock_own_cases(connection, admdvs, [command])
        known = await addenda_of(connection, cases)

        def decide(case: Case, ask: AddendumAsk) -> Decision:
            last_no = max((number for _, number in known), default=0)
            addendum, decision = propose(case, last_no, ask, actor, now)
            made.append(addendum)
            return decision

        [result] = await carry_out(office, connection, "addendum", actor, [command], cases, decide)
        await save_addenda(connection, made)
        for each in made:
            location = f"/v1/cases/{each.rlts_traf_id}/addenda"
            await remember(connection, keyed, status=201, location=location, resource_id=str(each.addendum_no), now=now)
    result.require()
    return made[0].addendum_no


async def review_addendum(office: Office, admdvs: str, actor: Actor, command: Command[AddendumReview]) -> Result:
    """Approval has the core book the money; sealing follows by itself."""
    now = office.now()
    changed: list[Addendum] = []
    async with office.database.transaction() as connection:
        cases = await lock_own_cases(connection, admdvs, [command])
        known = await addenda_of(connection, cases)

        def decide(case: Case, ask: AddendumReview) -> Decision:
            present = known.get((case.rlts_traf_id, ask.addendum_no))
            if present is None:
                raise AddendumUnknown("该办件没有这一号补充单")
            addendum, decision = review(case, present, actor, now, is_approved=ask.is_approved, reason=ask.reason)
            changed.append(addendum)
            return decision

        [result] = await carry_out(office, connection, "addendum_review", actor, [command], cases, decide)
        await save_addenda(connection, changed)
    return result
