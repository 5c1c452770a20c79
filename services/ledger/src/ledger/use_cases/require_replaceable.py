"""Look whether a corrected statement may still take the place of what was told, as it was found."""

from sqlalchemy.ext.asyncio import AsyncConnection

from ledger.domain.periods import PeriodClosed
from ledger.domain.restatement import RestatementOutdated, require_unblocked
from ledger.repository import periods, restatements, statements
from ledger.repository.restatements import Restatement, StandingLine


async def require_replaceable(connection: AsyncConnection, row: Restatement) -> list[StandingLine]:
    """The lines that are gone, in order, when all of it can be carried out now.

    Raises ``RestatementOutdated``, ``RestatementBlocked`` and ``PeriodClosed``.
    """
    if not await _is_current(connection, row):
        raise RestatementOutdated(
            "找出差异之后，这一期间又导入了流水，或前一份的余额又有变动；已经提出替换的先由复核人退回，再重新上传更正的对账单"
        )
    gone = await restatements.lines(connection, row.admdvs, row.gone_lines)
    require_unblocked(row.gone_lines, {line.id: line.obstacle for line in gone if line.obstacle is not None})
    changed = [line.told.booked_on for line in gone] + [line.booked_on for line in row.added_lines]
    if row.shift_fen:
        changed.append(row.told_from)
    if min(changed) < await periods.first_open_day(connection, row.admdvs):
        raise PeriodClosed("更正涉及已结账的月份，须先重开该月")
    return gone


async def _is_current(connection: AsyncConnection, row: Restatement) -> bool:
    last = await statements.told_before(connection, row.bank_account_id, (row.period_from, row.period_to))
    if last is None or (last.part_no + 1, last.closing_fen + row.shift_fen) != (row.part_no, row.opening_fen):
        return False
    if row.shift_fen == 0:
        return True
    days = (row.told_from, row.period_to)
    told = await statements.told_before(connection, row.bank_account_id, days)
    around = await restatements.neighbours(connection, row.bank_account_id, days)
    return told is not None and around.previous_closing_fen == told.opening_fen + row.shift_fen
