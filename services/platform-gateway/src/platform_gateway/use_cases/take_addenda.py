"""Take sealed addenda in: verify, countersign, keep and route them, or refuse them (*design*)."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from sqlalchemy.ext.asyncio import AsyncConnection

from platform_gateway.context import GatewayContext
from platform_gateway.domain.addendum_intake import AddendumNotTaken, require_right
from platform_gateway.domain.case import Case
from platform_gateway.domain.history import Cause, HistoryEntry, move, refused
from platform_gateway.domain.states import Command, CommandNotAllowed
from platform_gateway.repository import addenda
from platform_gateway.use_cases.changes import Changes, save_changes
from platform_gateway.use_cases.deliveries import cause_of, lock_cases
from platform_gateway.use_cases.money_states import recompute_money
from shared.contracts.codes import Origin
from shared.contracts.events import AddendumAccepted, AddendumIssued, AddendumRefused, AddendumRouted
from shared.contracts.party import PLATFORM, Party, Role
from shared.law import design
from shared.messaging.delivery import Delivery, NotAParty
from shared.messaging.outgoing import Outgoing
from shared.registry.registry import Registry
from shared.signing.addendum import OpenedAddendum, countersign_addendum, open_addendum
from shared.signing.errors import VerificationFailed
from shared.signing.paper import open_paper_addendum


@dataclass(slots=True)
class _Intake:
    """What the set comes to, and what it is judged by."""

    context: GatewayContext
    registry: Registry
    now: datetime
    taken: Mapping[str, Collection[int]]
    changes: Changes = field(default_factory=Changes)
    kept: list[dict[str, Any]] = field(default_factory=list)
    causes: dict[str, Cause] = field(default_factory=dict)


@design("addendum for money after sealing")
async def take_addenda(
    context: GatewayContext, connection: AsyncConnection, deliveries: Sequence[Delivery[AddendumIssued]]
) -> None:
    """Take the addenda of ``deliveries`` in, each for itself; what is owed grows with each."""
    locked = await lock_cases(connection, deliveries)
    before = await addenda.listed(connection, locked.by_number)
    taken = {number: {row.addendum_no for row in rows} for number, rows in before.items()}
    intake = _Intake(context, await context.registry.at(connection), context.clock.now(), taken)
    for delivery, case in locked.paired(deliveries):
        _require_outbound(delivery, case)
        cause = cause_of(delivery, intake.now, reason=f"addendum {delivery.event.addendum_no}")
        try:
            entries, opened = _judged(intake, case, delivery, cause)
        except (AddendumNotTaken, CommandNotAllowed) as error:
            _refuse(intake, case, delivery.event, error.code, cause)
            continue
        intake.changes.put(case, entries)
        await _take(intake, case, delivery.event, opened, cause)
    await addenda.add(connection, intake.kept)
    changed = [intake.changes.cases[row["rlts_traf_id"]] for row in intake.kept]
    await recompute_money(connection, intake.changes, changed, intake.causes)
    await save_changes(connection, context, intake.changes, intake.now)


def _require_outbound(delivery: Delivery[AddendumIssued], case: Case) -> None:
    """The inbound speaks of what came to it on paper only; raises ``NotAParty``."""
    if delivery.sender.role is Role.INBOUND and case.origin is not Origin.PAPER:
        raise NotAParty("只有转出地可以出具补充单")


def _judged(
    intake: _Intake, case: Case, delivery: Delivery[AddendumIssued], cause: Cause
) -> tuple[list[HistoryEntry], OpenedAddendum]:
    _, entries = move(case, Command.TAKE_ADDENDUM, cause)
    try:
        opened = _opened(intake, delivery)
    except VerificationFailed as error:
        raise AddendumNotTaken(error.message, code=error.code) from error
    require_right(case, delivery.event, opened.addendum, intake.taken[case.rlts_traf_id])
    return entries, opened


def _opened(intake: _Intake, delivery: Delivery[AddendumIssued]) -> OpenedAddendum:
    text, keys = delivery.event.sealed_addendum, intake.registry.keys
    if delivery.sender.role is Role.OUTBOUND:
        return open_addendum(text, keys, intake.now)
    paper = open_paper_addendum(text, keys, intake.now)
    return OpenedAddendum(paper.statement.addendum, "", paper.digest)


async def _take(intake: _Intake, case: Case, event: AddendumIssued, opened: OpenedAddendum, cause: Cause) -> None:
    on_paper = case.origin is Origin.PAPER
    # Nobody is answered about paper: what the agency signs of it stands for itself.
    arrival = "" if on_paper else await countersign_addendum(opened, intake.context.signers, intake.now)
    number, addendum = case.rlts_traf_id, opened.addendum
    intake.causes[number] = cause
    intake.kept.append(
        {
            "rlts_traf_id": number,
            "addendum_no": addendum.addendum_no,
            "sealed_addendum": event.sealed_addendum,
            "digest": opened.digest,
            "arrival": arrival,
            "arrived_at": intake.now,
            "amount": addendum.amount,
            "cause": addendum.cause.value,
            "message_id": cause.message_id,
        }
    )
    accepted = AddendumAccepted(addendum_no=addendum.addendum_no, arrival=arrival)
    routed = AddendumRouted(
        addendum_no=addendum.addendum_no,
        sealed_addendum=event.sealed_addendum,
        arrival=arrival,
        routed_at=intake.now,
    )
    intake.changes.send(
        Outgoing(PLATFORM, Party(Role.OUTBOUND, case.trafout_admdvs), number, accepted),
        Outgoing(PLATFORM, Party(Role.INBOUND, case.trafin_admdvs), number, routed),
    )


def _refuse(intake: _Intake, case: Case, event: AddendumIssued, code: str, cause: Cause) -> None:
    intake.changes.put(case, [refused(case, Command.TAKE_ADDENDUM, cause)])
    answer = AddendumRefused(addendum_no=event.addendum_no, code=code)
    outbound = Party(Role.OUTBOUND, case.trafout_admdvs)
    intake.changes.send(Outgoing(PLATFORM, outbound, case.rlts_traf_id, answer))
