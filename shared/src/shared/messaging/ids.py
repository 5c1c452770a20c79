"""Message ids: UUID version 7 (RFC 9562 §5.7), so that indexes grow at their end."""

import secrets
from collections.abc import Iterator
from datetime import datetime
from uuid import UUID

_RANDOM_BITS = 74
_STEP_BITS = 32


def new_ids(now: datetime, count: int) -> list[UUID]:
    """``count`` new ids of the instant ``now``, each greater than the one before."""
    return list(_ids(now, count))


def _ids(now: datetime, count: int) -> Iterator[UUID]:
    milliseconds = int(now.timestamp() * 1000)
    # The top bit stays free, so that adding steps never carries into the time.
    tail = secrets.randbits(_RANDOM_BITS - 1)
    for _ in range(count):
        tail += 1 + secrets.randbits(_STEP_BITS)
        high, low = divmod(tail % (1 << _RANDOM_BITS), 1 << 62)
        yield UUID(int=(milliseconds & (1 << 48) - 1) << 80 | 7 << 76 | high << 64 | 2 << 62 | low)
