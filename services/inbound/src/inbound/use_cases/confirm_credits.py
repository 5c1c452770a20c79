"""The core has credited the account: tell the platform and the ledger."""

from collections.abc import Iterator, Mapping, Sequence

from sqlalchemy.ext.asyncio import AsyncConnection

from inbound.addressing import to_ledger, to_platform
from inbound.domain.case import InboundCase
from inbound.office import Office
from inbound.repository import money
from inbound.repository.history import Happened, add_history
from inbound.repository.money import CreditOutcome
from inbound.use_cases.complete_cases import UNKNOWN
from shared.agency.core import CoreResult, Outcome
from shared.clock import local_date
from shared.contracts.events import BalanceCredited
from shared.messaging import Outgoing, enqueue


async def confirm_credits(
    connection: AsyncConnection, cases: Mapping[str, InboundCase], results: Sequence[CoreResult], office: Office
) -> None:
    """Note what the core said of each ``credit_account`` of these locked cases; a failed one waits for a clerk."""
    now = office.clock.now()
    await money.confirm_credits(connection, [_outcome(result) for result in results])
    steps: list[Happened] = []
    news: list[Outgoing] = []
    for result in results:
        case = cases[result.task.rlts_traf_id]
        is_done = result.answer.outcome is Outcome.DONE
        what = "credited" if is_done else "credit_not_done"
        steps.append(Happened(case, what, case.state, reason=result.answer.reason))
        if is_done:
            news += _news(case, result)
    await add_history(connection, steps, now=now)
    await enqueue(connection, news, signers=office.signers, now=now)


def _outcome(result: CoreResult) -> CreditOutcome:
    task, answer = result.task, result.answer
    if answer.outcome is not Outcome.DONE:
        return CreditOutcome(task.rlts_traf_id, task.step, core_failure=answer.reason or UNKNOWN)
    return CreditOutcome(task.rlts_traf_id, task.step, local_date(answer.at), answer.core_ref)


def _news(case: InboundCase, result: CoreResult) -> Iterator[Outgoing]:
    event = BalanceCredited(
        obligation_no=result.task.step,
        amount=result.task.amount or 0,
        credited_on=local_date(result.answer.at),
        core_ref=result.answer.core_ref,
    )
    yield to_platform(case, event)
    yield to_ledger(case, event)
