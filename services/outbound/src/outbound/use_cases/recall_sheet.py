"""Two clerks recall an accepted sheet: one asks, another has the platform asked."""

from dataclasses import dataclass

from outbound.domain.case import Actor, Case
from outbound.domain.command import Command, Result
from outbound.domain.decision import Decision
from outbound.domain.transitions.recalling import review_recall, submit_recall
from outbound.office import Office
from outbound.use_cases.command import carry_out, lock_own_cases


@dataclass(frozen=True, slots=True)
class RecallReview:
    """What the second clerk says of a recall."""

    is_approved: bool
    reason: str | None


async def submit_sheet_recall(office: Office, admdvs: str, actor: Actor, command: Command[str]) -> Result:
    """Keep who asks, and why."""
    now = office.now()

    def decide(case: Case, reason: str) -> Decision:
        return submit_recall(case, reason, actor, now)

    async with office.database.transaction() as connection:
        cases = await lock_own_cases(connection, admdvs, [command])
        [result] = await carry_out(office, connection, "recall", actor, [command], cases, decide)
    return result


async def review_sheet_recall(office: Office, admdvs: str, actor: Actor, command: Command[RecallReview]) -> Result:
    """Approval asks the platform and has the ledger hold the payment."""
    now = office.now()

    def decide(case: Case, ask: RecallReview) -> Decision:
        return review_recall(case, actor, now, is_approved=ask.is_approved, reason=ask.reason)

    async with office.database.transaction() as connection:
        cases = await lock_own_cases(connection, admdvs, [command])
        [result] = await carry_out(office, connection, "recall_review", actor, [command], cases, decide)
    return result
