"""经办: propose to take sheets over, or to return them with reasons."""

from collections.abc import Sequence

from sqlalchemy.ext.asyncio import AsyncConnection

from inbound.domain.case import InboundCase
from inbound.domain.decisions import Clerk, Submission, submit
from inbound.office import Office
from inbound.repository.cases import lock_cases, save_cases
from inbound.repository.history import Happened, add_history
from inbound.use_cases.outcomes import CaseNotFound, Outcome, refused, saved
from shared.errors import DomainError


async def submit_decisions(
    connection: AsyncConnection, admdvs: str, submissions: Sequence[Submission], clerk: Clerk, office: Office
) -> list[Outcome]:
    """What came of each submission, in order: the case as it is now, or why not. A refusal leaves its trace."""
    now = office.clock.now()
    cases = await lock_cases(connection, [each.rlts_traf_id for each in submissions], trafin_admdvs=admdvs)
    two_people = office.settings.needs_two_people(admdvs)
    outcomes: list[Outcome] = []
    changed: dict[str, InboundCase] = {}
    steps: list[Happened] = []
    for each in submissions:
        case = changed.get(each.rlts_traf_id) or cases.get(each.rlts_traf_id)
        if case is None:
            outcomes.append(CaseNotFound("没有这个办件。"))
            continue
        try:
            submitted = submit(case, each, clerk, now, two_people=two_people)
        except DomainError as error:
            outcomes.append(error)
            steps.append(refused(case, "submission", clerk, error))
            continue
        changed[each.rlts_traf_id] = submitted
        outcomes.append(saved(submitted))
        steps.append(Happened(submitted, f"submitted_{each.decision}", case.state, clerk, each.memo))
    await save_cases(connection, list(changed.values()))
    await add_history(connection, steps, now=now)
    return outcomes
