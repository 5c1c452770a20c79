"""Give verdicts on cases whose sides were asked: the second of the two commits."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import datetime

from sqlalchemy.ext.asyncio import AsyncConnection

from platform_gateway import metrics
from platform_gateway.context import GatewayContext
from platform_gateway.domain.case import Case
from platform_gateway.domain.explained import explain
from platform_gateway.domain.history import Cause, move
from platform_gateway.domain.states import CaseState, Command
from platform_gateway.domain.verdict import Answers, Outcome, Verdict, decide
from platform_gateway.repository import cases as case_rows
from platform_gateway.use_cases.accept_cases import accept_case
from platform_gateway.use_cases.case_policies import transfer_of, version_of
from platform_gateway.use_cases.changes import Changes, save_changes
from platform_gateway.use_cases.screen_applications import reason_document
from platform_gateway.use_cases.terms import terms_of
from shared.clock import local_date
from shared.registry.registry import Registry
from shared.time_limits import policies_on
from shared.web import idempotency

_PLATFORM = "platform"


async def decide_cases(
    connection: AsyncConnection,
    context: GatewayContext,
    registry: Registry,
    asked: Sequence[Case],
    answers: Mapping[str, Answers],
) -> dict[str, Case]:
    """Decide the cases that are still being checked, each on its ``answers``; all as they are now come back.

    ``asked`` are the cases as the sides were asked about them: one that was forwarded meanwhile waits for answers
    about its new area.
    """
    now = context.clock.now()
    areas = {case.rlts_traf_id: _areas(case) for case in asked}
    locked = await case_rows.lock(connection, areas)
    changes = Changes()
    for number, case in locked.items():
        if case.state is CaseState.CHECKING and _areas(case) == areas[number]:
            await _decide(connection, context, registry, changes, case, answers[number], now)
    await save_changes(connection, context, changes, now)
    metrics.count_verdicts(changes.cases.values())
    decided = [number for number, case in changes.cases.items() if case.state is not CaseState.CHECKING]
    if decided:
        await idempotency.amend(connection, decided, status=201)
    return locked | changes.cases


def _areas(case: Case) -> tuple[str, str]:
    return case.trafout_admdvs, case.trafin_admdvs


async def _decide(
    connection: AsyncConnection,
    context: GatewayContext,
    registry: Registry,
    changes: Changes,
    case: Case,
    answers: Answers,
    now: datetime,
) -> None:
    terms = terms_of(registry, case, now)
    answered = replace(
        case,
        outbound_check=answers.outbound.model_dump(mode="json") if answers.outbound else None,
        inbound_check=answers.inbound.model_dump(mode="json") if answers.inbound else None,
        policy_version=version_of(registry, policies_on(registry, transfer_of(case), local_date(now))),
    )
    verdict = decide(answers, terms, now)
    if verdict.outcome is not Outcome.CHECKING and case.is_duplicate:
        in_the_way = await case_rows.promote(connection, case)
        answered = replace(answered, is_duplicate=in_the_way is not None, open_rlts_traf_id=in_the_way)
        terms = replace(terms, has_open_case=in_the_way is not None)
        verdict = decide(answers, terms, now)
    answered = replace(answered, decision=explain(verdict, terms, now, case.decision))
    if verdict.outcome is Outcome.CHECKING:
        changes.put(_ask_again(context, answered, verdict, now))
    elif verdict.outcome is Outcome.REFUSED:
        _refuse(changes, answered, verdict, now)
    else:
        why = ",".join(f"{reason.code} waived" for reason in verdict.waived) or None
        accept_case(context, registry, changes, answered, answers, Cause(_PLATFORM, now, reason=why))


def _ask_again(context: GatewayContext, case: Case, verdict: Verdict, now: datetime) -> Case:
    return replace(
        case,
        unknown_sides=tuple(side.value for side in verdict.unknown_sides),
        next_check_at=now + context.settings.check_backoff(case.check_attempts),
    )


def _refuse(changes: Changes, case: Case, verdict: Verdict, now: datetime) -> None:
    codes = ",".join(reason.code for reason in verdict.reasons)
    moved, entries = move(case, Command.REFUSE, Cause(_PLATFORM, now, reason=codes))
    reasons = tuple(reason_document(reason) for reason in verdict.reasons)
    changes.put(replace(moved, reasons=reasons, unknown_sides=(), next_check_at=None), entries)
