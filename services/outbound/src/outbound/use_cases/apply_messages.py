"""What the messages about known cases have in common: lock the cases, decide each, save all."""

from collections.abc import Callable, Mapping, Sequence
from typing import TypeVar

from sqlalchemy.ext.asyncio import AsyncConnection

from outbound.domain.case import Actor, ActorKind, Case
from outbound.domain.decision import Decision
from outbound.office import Office
from outbound.repository.cases import lock_cases
from outbound.use_cases.save_decisions import save_decisions
from shared.contracts.events.event import Event
from shared.contracts.party import Role
from shared.messaging.delivery import CannotApply, Delivery, NotAParty

E = TypeVar("E", bound=Event)
Decide = Callable[[Case, Delivery[E], Actor], Decision]

_ACTORS = {Role.PLATFORM: ActorKind.PLATFORM, Role.LEDGER: ActorKind.LEDGER}


async def lock_cases_of(connection: AsyncConnection, deliveries: Sequence[Delivery[E]]) -> Mapping[str, Case]:
    """The cases of a set of messages, locked; a message about a case that is not ours cannot be applied."""
    cases = await lock_cases(connection, [delivery.rlts_traf_id for delivery in deliveries])
    for delivery in deliveries:
        case = cases.get(delivery.rlts_traf_id)
        if case is None or case.admdvs != delivery.recipient.admdvs:
            raise CannotApply("没有这个办件")
        if delivery.sender.role is Role.LEDGER and delivery.sender.admdvs != case.admdvs:
            raise NotAParty("资金消息不是本机构账务发来的")
    return cases


async def apply_messages(
    office: Office,
    connection: AsyncConnection,
    deliveries: Sequence[Delivery[E]],
    decide: Decide[E],
    *,
    cases: Mapping[str, Case] | None = None,
) -> None:
    """Decide every message on its locked case and save the outcomes; ``cases`` where they are locked already."""
    locked = await lock_cases_of(connection, deliveries) if cases is None else cases
    decisions = [decide(locked[each.rlts_traf_id], each, actor_of(each)) for each in deliveries]
    await save_decisions(connection, decisions, signers=office.signers, now=office.now())


def actor_of(delivery: Delivery[E]) -> Actor:
    """The sender of a message as the history names it."""
    return Actor(_ACTORS[delivery.sender.role], message_id=delivery.message_id)
