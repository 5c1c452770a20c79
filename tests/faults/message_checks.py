"""Nothing lost, nothing doubled: what every sender logged and every recipient keeps, message by message."""

import asyncio
import json
import time
from collections import Counter, defaultdict
from collections.abc import Iterator
from typing import Any, NamedTuple
from uuid import UUID

from tests.faults.stored import Stored

_POLL_SECONDS = 0.25

_UNSETTLED = {
    "messages in the outbox": "SELECT count(*) FROM outbox",
    "messages taken in and not applied": "SELECT count(*) FROM inbox WHERE state <> 'applied'",
    "entries of the feed without a position": "SELECT count(*) FROM feed WHERE position IS NULL",
}
_PENDING_TASKS = "SELECT count(*) FROM core_task WHERE state <> 'done'"
_WITH_CORE = ("outbound", "inbound")
_COLUMNS = "sender, recipient, rlts_traf_id, sequence, message_id, type, value"


class Message(NamedTuple):
    """One message as somebody stores it."""

    sender: str
    recipient: str
    rlts_traf_id: str
    sequence: int
    message_id: UUID
    type: str
    value: bytes

    @property
    def lane(self) -> tuple[str, str, str]:
        """Within it sequences have no gap."""
        return self.rlts_traf_id, self.sender, self.recipient

    @property
    def fact(self) -> tuple[Any, ...]:
        """What it tells, apart from when: nobody may be told the same twice under two ids.

        Money that came before its sheet is told of again once the sheet shows another reason to wait.
        """
        data = json.loads(self.value)["data"]
        told = ("sheet_version", "obligation_no", "receipt_no", "part", "suspense_code")
        return (*self.lane, self.type, *map(data.get, told))


async def settled(stored: Stored, *, within_seconds: float) -> list[str]:
    """Wait until nothing is on its way any more; what still is when the time has passed."""
    deadline = time.monotonic() + within_seconds
    while True:
        found = [text async for text in _unsettled(stored)]
        if not found or time.monotonic() > deadline:
            return found
        await asyncio.sleep(_POLL_SECONDS)


async def _unsettled(stored: Stored) -> Any:
    for package in stored.packages:
        queries = _UNSETTLED | ({"core tasks not done": _PENDING_TASKS} if package in _WITH_CORE else {})
        for what, query in queries.items():
            count = await stored.count(package, query)
            if count:
                yield f"{package}: {count} {what}"


async def message_deviations(stored: Stored) -> list[str]:
    """Everything in logs, inboxes, receipts, quarantine and feeds that is not as it must be."""
    sent, kept = await _all(stored, "message_log"), await _all(stored, "inbox")
    found = [*_transport(sent, kept), *_gaps(sent, "sent"), *_gaps(kept, "kept"), *_told_twice(sent)]
    for package in stored.packages:
        found += await _receipts(stored, package)
        found += await _quarantine(stored, package)
        found += await _feed(stored, package)
    return found


async def _all(stored: Stored, table: str) -> list[Message]:
    query = f"SELECT {_COLUMNS} FROM {table} WHERE rlts_traf_id IS NOT NULL"  # noqa: S608 - our own tables' names
    return [Message(*row) for package in stored.packages for row in await stored.rows(package, query)]


def _transport(sent: list[Message], kept: list[Message]) -> Iterator[str]:
    for message, count in (Counter(sent) - Counter(kept)).items():
        yield f"lost: {count} {message.type} {message.lane} {message.sequence}"
    for message, count in (Counter(kept) - Counter(sent)).items():
        yield f"kept but never sent, or kept twice: {count} {message.type} {message.lane} {message.sequence}"


def _gaps(messages: list[Message], where: str) -> Iterator[str]:
    lanes: dict[tuple[str, str, str], list[int]] = defaultdict(list)
    for message in messages:
        lanes[message.lane].append(message.sequence)
    for lane, sequences in lanes.items():
        if sorted(sequences) != list(range(1, len(sequences) + 1)):
            yield f"{where}: sequences of {lane} are {sorted(sequences)}"


def _told_twice(messages: list[Message]) -> Iterator[str]:
    for fact, count in Counter(message.fact for message in messages).items():
        if count > 1:
            yield f"told {count} times: {fact}"


async def _receipts(stored: Stored, package: str) -> list[str]:
    missing = await stored.count(
        package,
        "SELECT count(*) FROM message_log LEFT JOIN message_receipt USING (message_id) WHERE receipt_id IS NULL",
    )
    return [f"{package}: {missing} messages without a receipt"] if missing else []


async def _quarantine(stored: Stored, package: str) -> list[str]:
    rows = await stored.rows(package, "SELECT state, type, reason, detail FROM quarantine")
    return [f"{package}: quarantine, {state}: {kind} {reason} {detail}" for state, kind, reason, detail in rows]


async def _feed(stored: Stored, package: str) -> list[str]:
    [(count, first, last)] = await stored.rows(
        package, "SELECT count(*), coalesce(min(position), 1), coalesce(max(position), 0) FROM feed"
    )
    return [] if (first, last) == (1, count) else [f"{package}: {count} entries have positions {first} to {last}"]
