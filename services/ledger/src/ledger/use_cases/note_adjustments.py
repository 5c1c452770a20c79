"""Write what becomes of adjustments into the history of the items that they are about."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy.ext.asyncio import AsyncConnection

from ledger.domain.adjustments import Adjustment
from ledger.domain.suspense_steps import SuspenseStep
from ledger.repository import suspense_events, suspense_items
from ledger.repository.suspense_events import NewEvent
from shared.money import format_yuan


async def note_adjustments(
    connection: AsyncConnection,
    admdvs: str,
    rows: Sequence[Adjustment],
    what: SuspenseStep,
    *,
    reason: str | None,
    by: str,
    now: datetime,
) -> None:
    """A step for each line of each adjustment that is, or was, a suspense item."""
    ids = [line_id for row in rows for line_id in lines_of(row)]
    items = {item.line_id for item in await suspense_items.by_ids(connection, admdvs, ids)}
    events = [
        NewEvent(line_id, what, reason, _detail(row)) for row in rows for line_id in lines_of(row) if line_id in items
    ]
    await suspense_events.add(connection, admdvs, events, by=by, now=now)


def lines_of(row: Adjustment) -> list[int]:
    """The lines that an adjustment is about: the one that it was proposed for first."""
    return [line for line in (row.line_id, row.other_line_id) if line is not None]


def _detail(row: Adjustment) -> dict[str, str]:
    detail = {"adjustment_id": str(row.id), "kind": row.kind.value}
    if row.amount_fen is not None:
        detail["amount"] = format_yuan(row.amount_fen)
    if row.to_class is not None:
        detail["to_class"] = row.to_class.value
    return detail
