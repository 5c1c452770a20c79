"""复核: approve or reject submitted sheets, one or many."""

from collections.abc import Sequence
from dataclasses import dataclass

from outbound.domain.case import Actor, Case
from outbound.domain.command import Command, Result
from outbound.domain.decision import Decision
from outbound.domain.transitions.handling import approve, reject
from outbound.office import Office
from outbound.use_cases.command import carry_out, lock_own_cases


@dataclass(frozen=True, slots=True)
class Verdict:
    """What the reviewer says; a rejection needs a reason."""

    is_approved: bool
    reason: str | None = None


async def review_sheets(
    office: Office, admdvs: str, actor: Actor, commands: Sequence[Command[Verdict]]
) -> list[Result]:
    """Approval asks the core to freeze the account; sealing follows by itself."""
    now = office.now()

    def decide(case: Case, verdict: Verdict) -> Decision:
        if verdict.is_approved:
            return approve(case, actor, now)
        return reject(case, actor, now, verdict.reason)

    async with office.database.transaction() as connection:
        cases = await lock_own_cases(connection, admdvs, commands)
        return await carry_out(office, connection, "review", actor, commands, cases, decide)
