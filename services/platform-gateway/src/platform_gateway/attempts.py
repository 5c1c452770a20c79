"""How often one may guess: a bounded count per window of time, kept in this process."""

from collections import OrderedDict
from datetime import datetime, timedelta

from shared.web.refusals import Refusal

_MAX_SUBJECTS = 10_000


class TooManyAttempts(Refusal):
    """Asked too often within the window (RFC 6585)."""

    status = 429
    code = "too-many-attempts"
    title = "查询过于频繁"


class Attempts:
    """Counts attempts by subject; the oldest subjects are forgotten when there are too many."""

    def __init__(self, limit: int, window: timedelta) -> None:
        self._limit = limit
        self._window = window
        self._counted: OrderedDict[str, tuple[datetime, int]] = OrderedDict()

    def count(self, subject: str, now: datetime) -> None:
        """Count one attempt; raises ``TooManyAttempts`` beyond the limit."""
        since, made = self._counted.pop(subject, (now, 0))
        if now - since >= self._window:
            since, made = now, 0
        self._counted[subject] = (since, made + 1)
        while len(self._counted) > _MAX_SUBJECTS:
            self._counted.popitem(last=False)
        if made >= self._limit:
            seconds = int(self._window.total_seconds())
            raise TooManyAttempts("查询过于频繁，请稍后再试。", headers={"Retry-After": str(seconds)})

    def forgive(self, subject: str) -> None:
        """Forget a subject's attempts: it knew the answer."""
        self._counted.pop(subject, None)
