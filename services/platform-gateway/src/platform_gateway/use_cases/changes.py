"""What a use case has decided for a set of cases, written in one go."""

from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from datetime import datetime

from sqlalchemy.ext.asyncio import AsyncConnection

from platform_gateway.context import GatewayContext
from platform_gateway.domain.case import Case
from platform_gateway.domain.history import HistoryEntry
from platform_gateway.repository import cases as case_rows
from platform_gateway.repository import deadlines, histories
from platform_gateway.repository.deadlines import Started
from shared.contracts.codes import Origin
from shared.messaging.feed import FeedEntry
from shared.messaging.outbox import enqueue
from shared.messaging.outgoing import Outgoing


@dataclass(slots=True)
class Changes:
    """Changed cases by number, their new history, started clocks and messages, in order.

    ``handovers`` holds, by case, the message whose receipt shows that the outbound has begun.
    """

    cases: dict[str, Case] = field(default_factory=dict)
    history: list[HistoryEntry] = field(default_factory=list)
    clocks: list[Started] = field(default_factory=list)
    outgoing: list[Outgoing] = field(default_factory=list)
    handovers: dict[str, Outgoing] = field(default_factory=dict)

    def put(self, case: Case, entries: Iterable[HistoryEntry] = ()) -> None:
        """The case as it is now, with what that adds to its history."""
        self.cases[case.rlts_traf_id] = case
        self.history.extend(entries)

    def send(self, *messages: Outgoing) -> None:
        """Messages to go out with the commit."""
        self.outgoing.extend(messages)

    def hand_over(self, message: Outgoing) -> None:
        """A message that puts the case into the outbound's hands."""
        self.outgoing.append(message)
        self.handovers[message.rlts_traf_id] = message


async def save_changes(connection: AsyncConnection, context: GatewayContext, changes: Changes, now: datetime) -> None:
    """Write everything in the caller's transaction, which holds the cases' locks.

    A case on paper has one agency that moves by itself and one that is not connected: nobody is written to.
    """
    await _send(connection, context, changes, now)
    await case_rows.save(connection, list(changes.cases.values()))
    await deadlines.start(connection, changes.clocks)
    told = _feed_entries(changes.history, changes.cases)
    await histories.append_and_tell(connection, changes.history, told, changes.cases, now)


def _feed_entries(history: Iterable[HistoryEntry], cases: dict[str, Case]) -> list[FeedEntry]:
    """What both sides' systems are told of each allowed line; never a name, a number of a person, or free text."""
    return [
        FeedEntry(
            admdvs,
            entry.rlts_traf_id,
            f"case.{entry.command}",
            {
                "from_state": entry.from_state,
                "state": entry.to_state,
                "money_state": cases[entry.rlts_traf_id].money_state,
            },
        )
        for entry in history
        if entry.is_allowed
        for admdvs in sorted(cases[entry.rlts_traf_id].sides)
    ]


async def _send(connection: AsyncConnection, context: GatewayContext, changes: Changes, now: datetime) -> None:
    outgoing = [each for each in changes.outgoing if changes.cases[each.rlts_traf_id].origin is not Origin.PAPER]
    ids = await enqueue(connection, outgoing, signers=context.signers, now=now)
    by_message = {id(message): message_id for message, message_id in zip(outgoing, ids, strict=True)}
    for number, message in changes.handovers.items():
        if id(message) not in by_message:
            continue
        changes.cases[number] = replace(changes.cases[number], handover_message_id=by_message[id(message)])
