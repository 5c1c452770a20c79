"""In which order waiting messages are applied."""

from collections import defaultdict, deque
from collections.abc import Mapping, Sequence
from itertools import groupby

from shared.messaging.inbox import Waiting
from shared.messaging.outbox import Lane


class Waves:
    """Hands out, wave by wave, the next message of every case that is ready: at most one per case.

    ``messages`` come in sequence within each lane; what follows a gap after ``applied`` stays behind.
    """

    def __init__(self, messages: Sequence[Waiting], applied: Mapping[Lane, int]) -> None:
        following = {lane: sequence + 1 for lane, sequence in applied.items()}
        self._queues: dict[str, deque[Waiting]] = defaultdict(deque)
        for message in messages:
            if message.sequence == following[message.lane]:
                following[message.lane] += 1
                self._queues[message.rlts_traf_id].append(message)

    def next(self) -> list[Waiting]:
        """The next wave, by type; empty when nothing is ready any more."""
        wave = [queue.popleft() for queue in self._queues.values() if queue]
        return sorted(wave, key=lambda message: (message.type, message.rlts_traf_id))

    def block(self, failed: Waiting, *, is_whole_case: bool = True) -> None:
        """Leave what follows ``failed`` in its case at its recipient (or only in its lane) for later."""
        queue = self._queues[failed.rlts_traf_id]
        self._queues[failed.rlts_traf_id] = deque(
            m for m in queue if m.recipient != failed.recipient or not (is_whole_case or m.sender == failed.sender)
        )


def by_type(wave: Sequence[Waiting]) -> list[list[Waiting]]:
    """A wave in sets of one type."""
    return [list(group) for _, group in groupby(wave, key=lambda message: message.type)]
