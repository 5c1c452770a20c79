"""The applicant's question: how far is it? (N10)"""

import hmac

from sqlalchemy.ext.asyncio import AsyncConnection

from platform_gateway.api.callers import Context, ProgressReader
from platform_gateway.context import GatewayContext
from platform_gateway.domain.benefits_progress import benefits_line
from platform_gateway.domain.case import Case
from platform_gateway.domain.money_progress import money_line
from platform_gateway.domain.progress import relation_line
from platform_gateway.repository import addenda, deadlines, money_facts, sheets
from platform_gateway.repository import cases as case_rows
from platform_gateway.schemas.transfers import ProgressQuery, ProgressShown
from platform_gateway.views import running_clocks
from platform_gateway.visibility import CaseNotFound
from shared import case_number, certno
from shared.case_number import InvalidCaseNumber
from shared.clock import local_date
from shared.law import law
from shared.web.principal import Principal
from shared.web.routing import Router

router = Router(tags=["进度"])
_FORWARDED_AT_MOST = 20
"""So often a number is followed to the next one."""


@router.post("/progress", summary="凭办件编号和证件号码查询进度")
async def post_progress(query: ProgressQuery, caller: ProgressReader, context: Context) -> ProgressShown:
    """Two lines in plain Chinese, a third once benefits are decided.

    A wrong pair looks like an unknown case, and guessing is bounded. The number of a case that was forwarded after its
    acceptance leads to the one that goes on.
    """
    today = local_date(context.clock.now())
    case = await present_case(context, caller, query)
    number = case.rlts_traf_id
    async with context.database.connection() as connection:
        clocks = (await deadlines.of_cases(connection, [number]))[number]
        versions = (await sheets.listed(connection, [number]))[number]
        added = addenda.added((await addenda.listed(connection, [number]))[number])
        facts = [money_facts.to_fact(row) for row in (await money_facts.of_cases(connection, [number]))[number]]
    running = running_clocks(clocks, today)
    return ProgressShown(
        rlts_traf_id=number,
        relation=relation_line(case, running),
        money=money_line(case, versions[-1].amount + added if versions else None, facts, running),
        benefits=benefits_line(case),
        origin=case.origin,
        is_closed=case.closed_at is not None,
    )


@law("N10")
async def present_case(context: GatewayContext, caller: Principal, query: ProgressQuery) -> Case:
    """The case of who knows its number and its person's certificate, or the one that goes on in its place.

    Raises ``CaseNotFound``, and ``TooManyAttempts`` for who guesses.
    """
    now = context.clock.now()
    try:
        number = case_number.normalise(query.rlts_traf_id)
    except InvalidCaseNumber:
        raise CaseNotFound from None
    subject = f"{caller.subject} {number}"
    context.attempts.count(subject, now)
    async with context.database.connection() as connection:
        case = (await case_rows.read(connection, [number])).get(number)
        if case is None or not _is_of(case.person_key, query.certno):
            raise CaseNotFound
        case = await _going_on(connection, case)
    context.attempts.forgive(subject)
    return case


async def _going_on(connection: AsyncConnection, case: Case) -> Case:
    """The case that goes on in the place of ``case``, where it was forwarded after its acceptance."""
    for _ in range(_FORWARDED_AT_MOST):
        number = (case.forwarding or {}).get("next_rlts_traf_id")
        if number is None:
            break
        case = (await case_rows.read(connection, [number]))[number]
    return case


def _is_of(person_key: str, number: str) -> bool:
    psn_cert_type = person_key.partition(":")[0]
    return hmac.compare_digest(person_key.encode(), certno.person_key(psn_cert_type, number).encode())
