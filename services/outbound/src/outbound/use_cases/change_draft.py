"""A clerk changes the draft: the reason and both forms of the rows are kept."""

from collections.abc import Callable
from typing import Protocol, TypeVar

from outbound.domain.case import Actor, Case
from outbound.domain.command import Command, Result
from outbound.domain.decision import Decision, require
from outbound.domain.draft import Draft
from outbound.domain.errors import CaseUnknown
from outbound.domain.sheet import check_draft
from outbound.domain.transitions.handling import WORKABLE, correct_draft
from outbound.office import Office
from outbound.repository.drafts import keep_correction, load_drafts, save_drafts
from outbound.repository.present_records import load_present_records
from outbound.use_cases.command import carry_out, lock_own_cases
from shared.agency.known_person import HeldRecord


class Change(Protocol):
    """What is asked of a draft, and why."""

    @property
    def reason(self) -> str:
        """Why; kept with the change."""


C = TypeVar("C", bound=Change)
Apply = Callable[[Case, Draft, HeldRecord | None, C], Draft]


async def change_draft(office: Office, admdvs: str, actor: Actor, command: Command[C], apply: Apply[C]) -> Result:
    """Keep what ``apply`` makes of the draft, with what the rules now say of it; errors do not stop a change."""
    now = office.now()
    await office.registry_copy.keep_up()
    async with office.database.transaction() as connection:
        cases = await lock_own_cases(connection, admdvs, [command])
        before = (await load_drafts(connection, cases)).get(command.rlts_traf_id)
        if before is None:
            raise CaseUnknown("没有这个办件")
        case = cases[command.rlts_traf_id]
        held = (await load_present_records(connection, [case]))[case.rlts_traf_id]
        after = apply(case, before, held, command.ask)

        def decide(present: Case, ask: C) -> Decision:
            require(present, "correction", *WORKABLE)
            findings = check_draft(
                present,
                after,
                actor.opter_name or "",
                area=office.registry.area,
                today=office.today(),
                blocking=office.blocking_for(present),
            )
            return correct_draft(present, actor, now, ask.reason, findings)

        [result] = await carry_out(office, connection, "correction", actor, [command], cases, decide)
        if result.case is not None:
            await save_drafts(connection, [after], now=now)
            await keep_correction(connection, result.case, before, after, actor, command.ask.reason, now)
    return result
