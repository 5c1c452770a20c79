"""复核: approve what was submitted, or send it back to the 经办."""

from collections.abc import Sequence

from sqlalchemy.ext.asyncio import AsyncConnection

from inbound.domain.case import CaseState, InboundCase
from inbound.domain.decisions import Clerk, Review, review
from inbound.office import Office
from inbound.repository.cases import lock_cases, save_cases
from inbound.repository.history import Happened, add_history
from inbound.repository.sheets import present_sheets
from inbound.use_cases.carry_out_decisions import carry_out_decisions
from inbound.use_cases.outcomes import CaseNotFound, Outcome, refused, saved
from shared.errors import DomainError


async def review_decisions(
    connection: AsyncConnection, admdvs: str, reviews: Sequence[Review], clerk: Clerk, office: Office
) -> list[Outcome]:
    """What came of each review, in order. Approval opens the core's task, or returns the sheet."""
    now = office.clock.now()
    cases = await lock_cases(connection, [each.rlts_traf_id for each in reviews], trafin_admdvs=admdvs)
    outcomes: list[Outcome] = []
    changed: dict[str, InboundCase] = {}
    steps: list[Happened] = []
    for each in reviews:
        case = changed.get(each.rlts_traf_id) or cases.get(each.rlts_traf_id)
        if case is None:
            outcomes.append(CaseNotFound("没有这个办件。"))
            continue
        try:
            reviewed = review(case, each, clerk, now)
        except DomainError as error:
            outcomes.append(error)
            steps.append(refused(case, "review", clerk, error))
            continue
        changed[each.rlts_traf_id] = reviewed
        outcomes.append(saved(reviewed))
        steps.append(Happened(reviewed, _what(reviewed), case.state, clerk, each.reason))
    await save_cases(connection, list(changed.values()))
    await add_history(connection, steps, now=now)
    await _carry_out(connection, list(changed.values()), office)
    return outcomes


def _what(case: InboundCase) -> str:
    if case.state is CaseState.RECEIVED:
        return "rejected"
    return "approved" if case.state is CaseState.APPROVED else "returned"


async def _carry_out(connection: AsyncConnection, cases: Sequence[InboundCase], office: Office) -> None:
    approved = [(case.rlts_traf_id, case.sheet_version) for case in cases if case.state is CaseState.APPROVED]
    await carry_out_decisions(connection, cases, await present_sheets(connection, approved), office)
