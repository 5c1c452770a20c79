"""The core has taken the periods over: the relation is here (N9)."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import datetime

from sqlalchemy.ext.asyncio import AsyncConnection

from inbound.addressing import to_platform
from inbound.domain.benefits.versions import Cause
from inbound.domain.case import CaseState, InboundCase
from inbound.domain.transitions import Command, next_state
from inbound.office import Office
from inbound.repository.cases import save_cases
from inbound.repository.history import Happened, add_history
from inbound.use_cases.decide_benefits import Decided, decide_arrived
from inbound.use_cases.open_credits import open_credits
from inbound.use_cases.release_money import release_money
from inbound.use_cases.undo_imports import IMPORTED, undo_imports
from shared.agency.core import CoreResult, Outcome
from shared.contracts.events import TransferCompleted, TransferCorrected
from shared.law import law
from shared.messaging import enqueue

UNKNOWN = "核心系统结果未知"


@law("N9-1")
async def complete_cases(
    connection: AsyncConnection, cases: Mapping[str, InboundCase], results: Sequence[CoreResult], office: Office
) -> None:
    """Complete the locked cases whose ``import_periods`` is done, tell the platform, and credit what waits."""
    now = office.clock.now()
    changed, completed, steps, unwanted = [], [], [], []
    for result in results:
        case = cases[result.task.rlts_traf_id]
        is_done = result.answer.outcome is Outcome.DONE
        is_over = not _is_awaited(case, result)
        if is_done and is_over:
            after = replace(case, core_failure=IMPORTED)
            unwanted.append((after, result.task.step))
        elif is_done:
            after = _synced(case, now)
            completed.append(after)
        else:
            after = replace(case, core_failure=result.answer.reason or UNKNOWN)
        changed.append(after)
        what = _what(case, is_done=is_done, is_over=is_over)
        steps.append(Happened(after, what, case.state, reason=after.core_failure))
    await save_cases(connection, changed)
    await add_history(connection, steps, now=now)
    await undo_imports(connection, unwanted, office)
    corrected = [case for case in completed if case.corrected_at == now]
    arrived = [case for case in completed if case.corrected_at != now]
    again = await decide_arrived(connection, corrected, Cause.CORRECTED, office)
    decided = await decide_arrived(connection, arrived, Cause.COMPLETED, office)
    news = [to_platform(case, _told(case, now, decided)) for case in completed]
    news += again.news(corrected)
    await enqueue(connection, news, signers=office.signers, now=now)
    await release_money(connection, completed, office)
    await open_credits(connection, completed, office)


def _is_awaited(case: InboundCase, result: CoreResult) -> bool:
    """Whether the case still waits for this import: neither ended nor recalled, nor at a later version."""
    return case.state is CaseState.APPROVED and result.task.step == str(case.sheet_version)


def _synced(case: InboundCase, now: datetime) -> InboundCase:
    state = next_state(case.state, Command.COMPLETE)
    if case.completed_at is None:
        return replace(case, state=state, completed_at=now, core_failure=None)
    return replace(case, state=state, corrected_at=now, core_failure=None)


def _told(case: InboundCase, now: datetime, decided: Decided) -> TransferCompleted | TransferCorrected:
    if case.corrected_at == now:
        return TransferCorrected(sheet_version=case.sheet_version, corrected_at=now)
    return TransferCompleted(
        sheet_version=case.sheet_version,
        completed_at=now,
        trafin_psn_no=case.trafin_psn_no or "",
        benefits=decided.benefits_told(case.rlts_traf_id),
        years=decided.years_told(case.rlts_traf_id),
    )


def _what(case: InboundCase, *, is_done: bool, is_over: bool) -> str:
    if not is_done:
        return "import_not_done"
    if not is_over:
        return "completed"
    return "imported_after_termination" if case.state is CaseState.TERMINATED else "imported_after_recall"
