"""Carry out that lines are about something else than the rules said: by reversing postings, never by change."""

from collections.abc import Sequence
from datetime import date, datetime

from sqlalchemy.ext.asyncio import AsyncConnection

from ledger.domain.adjustments import Adjustment
from ledger.domain.periods import PeriodClosed
from ledger.domain.reclassification import ClassedLine, booking_day, moves_between_accounts, require_reclassifiable
from ledger.repository import reclassification, suspense_items
from ledger.repository.reclassification import Change
from ledger.use_cases.match_lines import match_cases
from ledger.use_cases.supersede_settled import supersede_settled
from ledger.use_cases.warn_of_debits import warn_again
from shared.clock import local_date
from shared.errors import NotFound
from shared.signing.signers import Signers


def class_change(adjustment: Adjustment, line: ClassedLine | None, *, first_open: date, now: datetime) -> Change:
    """What an adjustment changes of its line now; raises ``NotFound``, ``LineNotReclassifiable``, ``PeriodClosed``."""
    if line is None or adjustment.to_class is None:
        raise NotFound("没有这笔流水")
    require_reclassifiable(line, adjustment.to_class)
    booked_on = booking_day(line, adjustment.to_class, local_date(now))
    if booked_on < first_open:
        raise PeriodClosed("这笔流水转出挂账的月份已经结账，须先重开该月")
    return Change(line, adjustment.to_class, booked_on, adjustment.id)


async def reclassify_lines(connection: AsyncConnection, changes: Sequence[Change], *, now: datetime) -> list[int]:
    """Keep what approved adjustments change, and move what changes between suspense and 其他业务往来: which lines."""
    moved = [change for change in changes if moves_between_accounts(change.line, change.to)]
    renamed = [change for change in changes if change not in moved]
    await reclassification.add(connection, renamed, now=now)
    ids = await reclassification.add(connection, moved, now=now)
    await reclassification.move(connection, ids, now=now)
    return [change.line.id for change in moved]


async def follow_moved(
    connection: AsyncConnection, admdvs: str, line_ids: Sequence[int], *, signers: Signers, now: datetime
) -> None:
    """What was proposed or warned of is outdated, and warned of again where a debit turns out to be no fee.

    What waits beside is matched anew: a debit may turn out to be no payment of its case.
    """
    if not line_ids:
        return
    await supersede_settled(connection, admdvs, now=now)
    beside = await suspense_items.waiting_beside(connection, admdvs, line_ids)
    await match_cases(connection, admdvs, beside, signers=signers, now=now)
    await warn_again(connection, admdvs, line_ids, now=now)
