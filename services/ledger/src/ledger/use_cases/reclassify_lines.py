"""Say that bank lines are about something else than the rules said: by reversing postings, never by change."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy.ext.asyncio import AsyncConnection

from ledger.domain.line_classes import LineClass
from ledger.domain.periods import PeriodClosed
from ledger.domain.reclassification import booking_day, moves_between_accounts, require_reclassifiable
from ledger.repository import periods, reclassification
from ledger.repository.locks import lock_matching
from ledger.repository.reclassification import Change
from shared.clock import local_date
from shared.errors import NotFound
from shared.web.etags import Expected


async def reclassify_lines(
    connection: AsyncConnection,
    admdvs: str,
    wanted: Sequence[tuple[int, LineClass, Expected]],
    *,
    reason: str,
    by: str,
    now: datetime,
) -> None:
    """Change the class of lines: all of them, or none.

    Raises ``NotFound``, ``PreconditionFailed``, ``LineNotReclassifiable`` and ``PeriodClosed``.
    """
    await lock_matching(connection, [admdvs])
    present = {
        line.id: line for line in await reclassification.lines(connection, admdvs, [one for one, _, _ in wanted])
    }
    changes: list[Change] = []
    for line_id, to, expected in wanted:
        line = present.get(line_id)
        if line is None:
            raise NotFound("没有这笔流水")
        expected.require(line.version)
        require_reclassifiable(line, to)
        changes.append(Change(line, to, booking_day(line, to, local_date(now))))
    first_open = await periods.first_open_day(connection, admdvs)
    if any(change.booked_on < first_open for change in changes):
        raise PeriodClosed("这笔流水转出挂账的月份已经结账，须先重开该月")
    moved = [change for change in changes if moves_between_accounts(change.line, change.to)]
    renamed = [change for change in changes if change not in moved]
    await reclassification.add(connection, admdvs, renamed, reason=reason, by=by, now=now)
    ids = await reclassification.add(connection, admdvs, moved, reason=reason, by=by, now=now)
    await reclassification.move(connection, ids, now=now)
