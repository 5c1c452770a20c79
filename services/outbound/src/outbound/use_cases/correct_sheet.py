"""Begin the correction of an ended case's sheet, or give it up before it is sealed."""

from outbound.domain.case import Actor, Case
from outbound.domain.command import Command, Result
from outbound.domain.decision import Decision
from outbound.domain.transitions.correcting import Correction, abandon_correction, begin_correction
from outbound.office import Office
from outbound.use_cases.command import carry_out, lock_own_cases


async def begin_sheet_correction(office: Office, admdvs: str, actor: Actor, command: Command[Correction]) -> Result:
    """Open the draft of the next version; submission and review follow as for every version."""
    now = office.now()

    def decide(case: Case, ask: Correction) -> Decision:
        return begin_correction(case, ask, actor, now)

    async with office.database.transaction() as connection:
        cases = await lock_own_cases(connection, admdvs, [command])
        [result] = await carry_out(office, connection, "correction", actor, [command], cases, decide)
    return result


async def abandon_sheet_correction(office: Office, admdvs: str, actor: Actor, command: Command[str]) -> Result:
    """Close the case as it was; the command says why."""
    now = office.now()

    def decide(case: Case, reason: str) -> Decision:
        return abandon_correction(case, reason, actor, now)

    async with office.database.transaction() as connection:
        cases = await lock_own_cases(connection, admdvs, [command])
        [result] = await carry_out(office, connection, "abandonment", actor, [command], cases, decide)
    return result
