"""Take of statements whose days were told before only what is new."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

import anyio
from sqlalchemy.ext.asyncio import AsyncConnection

from ledger.domain.restated import MAX_LINES_COMPARED, ToldLine
from ledger.domain.statement import Line, StatementHead, Totals
from ledger.domain.supplement import NotASupplement, continued, require_supplement
from ledger.parsers.line_spool import LineSpool
from ledger.parsers.statement_file import StatementFile
from ledger.repository import statements
from ledger.repository.bank_accounts import BankAccountRow
from ledger.repository.statements import ToldBefore
from ledger.use_cases.lines_as_kept import lines_as_kept


@dataclass(frozen=True, slots=True)
class _Earlier:
    """What was told of a statement's days, the lines that are kept of them, and its own as they would be kept."""

    told: ToldBefore
    lines: list[ToldLine]
    again: Sequence[Line]


async def continue_statements(
    connection: AsyncConnection, content: StatementFile, accounts: Mapping[str, BankAccountRow]
) -> StatementFile:
    """``content`` without the lines that were told before, and without statements that say nothing new.

    Raises ``NotASupplement`` where anything else differs, nothing is new, or there are too many lines to compare.
    """
    spool, heads = content.spool.another(), []
    for index, statement in enumerate(content.heads):
        # One at a time: a file may tell a month of days again, each with as many lines as are compared.
        earlier = await _earlier(connection, accounts[statement.bankacct].id, content, index)
        head = await anyio.to_thread.run_sync(_keep_rest, spool, content, index, earlier)
        if head is not None:
            heads.append(head)
    if not heads:
        raise NotASupplement("文件中的流水都已经导入，没有要补充的")
    return replace(content, heads=heads, spool=spool)


async def _earlier(
    connection: AsyncConnection, bank_account_id: int, content: StatementFile, index: int
) -> _Earlier | None:
    head = content.heads[index]
    told = await statements.told_before(connection, bank_account_id, head.days)
    if told is None:
        return None
    lines = await statements.told_lines(connection, bank_account_id, head.days, limit=MAX_LINES_COMPARED + 1)
    if max(len(lines), head.totals.line_count) > MAX_LINES_COMPARED:
        raise NotASupplement(
            f"明细超过 {MAX_LINES_COMPARED} 笔，无法逐笔比对，不能补充导入；请只导出尚未导入的整日再导入"
        )
    again = await anyio.to_thread.run_sync(content.lines_of, index)
    return _Earlier(told, lines, await lines_as_kept(connection, bank_account_id, again, lines))


def _keep_rest(spool: LineSpool, content: StatementFile, index: int, earlier: _Earlier | None) -> StatementHead | None:
    """Put into ``spool`` what a statement says beside what was told; its head, or ``None`` where that is nothing."""
    head, kept = content.heads[index], content.spool.lines_of(index)
    if earlier is not None:
        head, added = _rest(index, head, earlier)
        if not added and head.period_to == earlier.told.period_to:
            return None
        kept = iter(added)
    for line in kept:
        spool.add(line)
    spool.end_group()
    return head


def _rest(index: int, head: StatementHead, earlier: _Earlier) -> tuple[StatementHead, list[Line]]:
    again = [ToldLine.of(line) for line in earlier.again]
    require_supplement(index, head, earlier.told, earlier.lines, again)
    left, added, totals = Counter(earlier.lines), [], Totals()
    for told, line in zip(again, earlier.again, strict=True):
        if left[told]:
            left[told] -= 1
        else:
            added.append(line)
            totals.add(line)
    return continued(head, earlier.told, totals), added
