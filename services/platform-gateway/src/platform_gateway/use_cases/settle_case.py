"""Two clerks give the verdict that a side's silence keeps back (domain §3; *design*)."""

from dataclasses import replace

from sqlalchemy.ext.asyncio import AsyncConnection

from platform_gateway.context import GatewayContext
from platform_gateway.domain.case import Case
from platform_gateway.domain.explained import settled_by_hand
from platform_gateway.domain.history import Cause, move
from platform_gateway.domain.reasons import state_reason
from platform_gateway.domain.states import Command, CommandNotAllowed
from platform_gateway.repository import cases as case_rows
from platform_gateway.schemas.proposals import Settlement
from platform_gateway.use_cases.accept_cases import accept_case
from platform_gateway.use_cases.ask_sides import stored_answers
from platform_gateway.use_cases.changes import Changes
from platform_gateway.use_cases.screen_applications import reason_document
from shared.law import design
from shared.web import idempotency


@design("two clerks settle what a side's silence keeps back")
async def settle_case(
    connection: AsyncConnection,
    context: GatewayContext,
    changes: Changes,
    case: Case,
    settlement: Settlement,
    cause: Cause,
    settled_by: list[str],
) -> None:
    """Accept or refuse the locked, unanswered case; raises ``CommandNotAllowed`` where another one is open (A08).

    ``settled_by`` are the two clerks: who proposed it, and who confirms.
    """
    case = replace(case, decision=settled_by_hand(case.decision, settlement.outcome, settled_by, cause.at))
    if settlement.outcome == "refused":
        moved, entries = move(case, Command.REFUSE, cause)
        reasons = tuple(reason_document(state_reason(code, note=settlement.reason)) for code in settlement.codes)
        changes.put(replace(moved, reasons=reasons, unknown_sides=(), next_check_at=None), entries)
    else:
        if case.is_duplicate and await case_rows.promote(connection, case) is not None:
            raise CommandNotAllowed("同一参保关系已有正在办理的转移申请，不能人工受理")
        registry = await context.registry.at(connection)
        accept_case(context, registry, changes, replace(case, is_duplicate=False), stored_answers(case), cause)
    await idempotency.amend(connection, [case.rlts_traf_id], status=201)
