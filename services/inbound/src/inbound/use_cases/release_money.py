"""Give back what a case holds too much of, once it is synced or has ended: off the account, then out of the door."""

from collections.abc import Mapping, Sequence

from sqlalchemy.ext.asyncio import AsyncConnection

from inbound.addressing import to_ledger, to_platform
from inbound.domain.case import InboundCase
from inbound.domain.credit import Released
from inbound.domain.release import to_release
from inbound.office import Office
from inbound.repository import money
from inbound.repository.history import Happened, add_history
from inbound.repository.money import CreditOutcome
from inbound.repository.releases import add_releases, confirm_releases, releases_of
from shared.agency.core import CoreResult, NewTask, Outcome, TaskKind
from shared.agency.repository.core_tasks import open_tasks
from shared.clock import local_date
from shared.contracts.events import BalanceReleased
from shared.messaging import Outgoing, enqueue

STEP = "credit-"
"""Before the obligation's number: the step of a ``reverse_entry`` that takes money off the account again."""


async def release_money(connection: AsyncConnection, cases: Sequence[InboundCase], office: Office) -> None:
    """Work out for these locked cases what goes back, and begin with it."""
    if not cases:
        return
    now = office.clock.now()
    by_number = {case.rlts_traf_id: case for case in cases}
    matches = await money.matches_of(connection, by_number)
    earlier = await releases_of(connection, by_number)
    found = [
        release
        for number, case in by_number.items()
        if (release := to_release(case.return_no, case.owed_amount, matches[number], earlier[number])) is not None
    ]
    free = await add_releases(connection, found, today=local_date(now), now=now)
    tasks = [_task(by_number[each.rlts_traf_id], each, office) for each in found if each.reversed_amount]
    await open_tasks(connection, tasks, now=now)
    await _tell(connection, by_number, [(each, None) for each in free], office)


async def confirm_reversals(
    connection: AsyncConnection, cases: Mapping[str, InboundCase], results: Sequence[CoreResult], office: Office
) -> None:
    """The core has taken money off the accounts of these locked cases, or says why not."""
    now = office.clock.now()
    confirmed = await confirm_releases(connection, [_outcome(result) for result in results])
    done, steps = [], []
    for result in results:
        case, is_done = cases[result.task.rlts_traf_id], result.answer.outcome is Outcome.DONE
        what = "credit_reversed" if is_done else "reversal_not_done"
        steps.append(Happened(case, what, case.state, reason=result.answer.reason))
        release = confirmed.get((case.rlts_traf_id, result.task.step.removeprefix(STEP)))
        if is_done and release is not None:
            done.append((release, result.answer.core_ref))
    await add_history(connection, steps, now=now)
    await _tell(connection, cases, done, office)


async def _tell(
    connection: AsyncConnection,
    cases: Mapping[str, InboundCase],
    releases: Sequence[tuple[Released, str | None]],
    office: Office,
) -> None:
    now = office.clock.now()
    news: list[Outgoing] = []
    for release, core_ref in releases:
        case = cases[release.rlts_traf_id]
        event = BalanceReleased(
            obligation_no=release.obligation_no,
            amount=release.amount,
            reversed_amount=release.reversed_amount,
            released_on=local_date(now),
            core_ref=core_ref,
        )
        news += [to_platform(case, event), to_ledger(case, event)]
    await enqueue(connection, news, signers=office.signers, now=now)
    steps = [
        Happened(cases[each.rlts_traf_id], "balance_released", cases[each.rlts_traf_id].state) for each, _ in releases
    ]
    await add_history(connection, steps, now=now)


def _task(case: InboundCase, release: Released, office: Office) -> NewTask:
    return NewTask(
        kind=TaskKind.REVERSE_ENTRY,
        admdvs=case.trafin_admdvs,
        rlts_traf_id=case.rlts_traf_id,
        step=f"{STEP}{release.obligation_no}",
        psn_no=case.trafin_psn_no or "",
        psn_insu_rlts_id=case.trafin_rlts_id,
        effective_date=local_date(office.clock.now()),
        amount=release.reversed_amount,
    )


def _outcome(result: CoreResult) -> CreditOutcome:
    task, answer = result.task, result.answer
    number = task.step.removeprefix(STEP)
    if answer.outcome is not Outcome.DONE:
        return CreditOutcome(task.rlts_traf_id, number, core_failure=answer.reason or "核心系统结果未知")
    return CreditOutcome(task.rlts_traf_id, number, local_date(answer.at), answer.core_ref)
