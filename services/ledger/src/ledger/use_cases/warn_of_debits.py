"""Alert of debits for what was paid already, or for what the bank had refused to pay."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy.ext.asyncio import AsyncConnection

from ledger.domain.alerts import AlertKind, Finding
from ledger.domain.suspense import DEBITED_TWICE, LineKind
from ledger.repository import suspense_items, untold
from ledger.use_cases.raise_alerts import raise_alerts

_AT_ONCE = 500


async def warn_of_debits(connection: AsyncConnection, admdvs: str, *, after: int, now: datetime) -> None:
    """An alert for each such debit that was found since ``after``, before it is told."""
    reasons = sorted(DEBITED_TWICE)
    while found := await untold.kept_lines(connection, admdvs, LineKind.PAYMENT, reasons, after=after, limit=_AT_ONCE):
        findings = [_finding(admdvs, line_id, case, reason) for _, line_id, case, reason in found]
        await raise_alerts(connection, findings, now=now)
        after = found[-1][0]


async def warn_again(connection: AsyncConnection, admdvs: str, line_ids: Sequence[int], *, now: datetime) -> None:
    """An alert for each such debit among lines that have just come back into suspense."""
    findings = [
        _finding(admdvs, item.line_id, item.rlts_traf_id, item.reason.value)
        for item in await suspense_items.by_ids(connection, admdvs, line_ids)
        if item.settled_on is None and item.kind == LineKind.PAYMENT and item.reason in DEBITED_TWICE
    ]
    await raise_alerts(connection, findings, now=now)


def _finding(admdvs: str, line_id: int, rlts_traf_id: str | None, reason: str) -> Finding:
    return Finding(admdvs, AlertKind.DEBITED_TWICE, str(line_id), {"rlts_traf_id": rlts_traf_id, "reason": reason})
