"""What the platform answers to sealed addenda: taken in with its countersignature, or refused."""

from collections.abc import Sequence
from typing import Any

from sqlalchemy.ext.asyncio import AsyncConnection

from outbound.domain.addendum import Addendum, AddendumState, accept, refuse
from outbound.domain.case import Actor, Case
from outbound.domain.decision import Decision
from outbound.office import Office
from outbound.repository.addenda import addenda_of, save_addenda
from outbound.use_cases.apply_messages import apply_messages, lock_cases_of
from shared.contracts.events import AddendumAccepted
from shared.messaging.delivery import CannotApply, Delivery

Answered = Delivery[Any]
"""Of ``AddendumAccepted`` or ``AddendumRefused``: one handler gets sets of one of the two."""


async def take_addendum_answers(office: Office, connection: AsyncConnection, deliveries: Sequence[Answered]) -> None:
    """Keep the answers; an accepted addendum is told to the own ledger."""
    now = office.now()
    cases = await lock_cases_of(connection, deliveries)
    known = await addenda_of(connection, cases)
    changed: list[Addendum] = []

    def decide(case: Case, delivery: Answered, actor: Actor) -> Decision:
        event = delivery.event
        present = known.get((case.rlts_traf_id, event.addendum_no))
        if present is None or present.state is not AddendumState.ISSUED:
            raise CannotApply("平台答复的补充单不是本办件等待答复的补充单")
        if isinstance(event, AddendumAccepted):
            addendum, decision = accept(case, present, event, actor, now)
        else:
            addendum, decision = refuse(case, present, event, actor, now)
        changed.append(addendum)
        return decision

    await apply_messages(office, connection, deliveries, decide, cases=cases)
    await save_addenda(connection, changed)
