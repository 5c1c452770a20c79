"""What the platform answers to issued sheets: taken in with its countersignature, or refused."""

from collections.abc import Sequence

from sqlalchemy.ext.asyncio import AsyncConnection

from outbound.domain.case import Case, CaseState
from outbound.domain.transitions.exchange import accept_sheet, refuse_sheet
from outbound.office import Office
from outbound.repository.sheets import ACCEPTED, SheetAnswer, keep_answers, load_sealed
from outbound.use_cases.apply_messages import apply_messages, lock_cases_of
from shared.contracts.events.relation import SheetAccepted, SheetRefused
from shared.messaging.delivery import CannotApply, Delivery

_REFUSABLE = (CaseState.ISSUED, CaseState.WITHDRAWN, CaseState.TERMINATED)


async def take_sheet_acceptances(
    office: Office, connection: AsyncConnection, deliveries: Sequence[Delivery[SheetAccepted]]
) -> None:
    """Keep the arrival and tell the own ledger what has become payable."""
    now = office.now()
    cases = await lock_cases_of(connection, deliveries)
    keys = [(each.rlts_traf_id, each.event.sheet_version) for each in deliveries]
    sealed = await load_sealed(connection, keys)
    for each in deliveries:
        _require_awaited(cases[each.rlts_traf_id], each.event.sheet_version, CaseState.ISSUED)
    answers = [
        SheetAnswer(each.rlts_traf_id, each.event.sheet_version, ACCEPTED, each.message_id, arrival=each.event.arrival)
        for each in deliveries
    ]
    await keep_answers(connection, answers, now=now)
    await apply_messages(
        office,
        connection,
        deliveries,
        lambda case, each, actor: accept_sheet(
            case, each.event, sealed[(case.rlts_traf_id, each.event.sheet_version)], actor, now
        ),
        cases=cases,
    )


async def take_sheet_refusals(
    office: Office, connection: AsyncConnection, deliveries: Sequence[Delivery[SheetRefused]]
) -> None:
    """Void what came too late; what was not right goes back to the clerk with the findings."""
    now = office.now()
    cases = await lock_cases_of(connection, deliveries)
    for each in deliveries:
        _require_awaited(cases[each.rlts_traf_id], each.event.sheet_version, *_REFUSABLE)
    answers = [
        SheetAnswer(
            each.rlts_traf_id,
            each.event.sheet_version,
            "refused",
            each.message_id,
            code=each.event.code,
            findings=each.event.findings,
        )
        for each in deliveries
    ]
    await keep_answers(connection, answers, now=now)
    await apply_messages(
        office,
        connection,
        deliveries,
        lambda case, each, actor: refuse_sheet(case, each.event, actor, now),
        cases=cases,
    )


def _require_awaited(case: Case, version: int, *states: CaseState) -> None:
    if case.state not in states or case.sheet_version != version:
        raise CannotApply("平台答复的信息表版本不是本办件等待答复的版本")
