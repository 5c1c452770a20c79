"""Find what a corrected statement changes, and keep it until two people have looked. Nothing is booked by it."""

from collections.abc import Mapping
from datetime import date, datetime
from uuid import UUID, uuid4

import anyio
from sqlalchemy.ext.asyncio import AsyncConnection

from ledger.domain.restated import MAX_LINES_COMPARED
from ledger.domain.restatement import (
    KeptLine,
    NotARestatement,
    RestatementState,
    asked_for,
    difference,
    opening_shift,
    require_last_statement,
    require_same_days,
)
from ledger.domain.statement import StatementHead, require_past
from ledger.parsers.statement_file import StatementFile
from ledger.repository import restatements, statements
from ledger.repository.bank_accounts import BankAccountRow
from ledger.repository.restatements import Restatement
from ledger.use_cases.find_told import differing_statements
from ledger.use_cases.lines_as_kept import lines_as_kept
from ledger.use_cases.new_file import NewFile, lock_accounts
from shared.clock import local_date
from shared.registry.registry import Registry

_KEPT = "这份文件原样导入过，只入账一次；银行确认恢复为该内容的，请按原期间重新导出（如换一种格式），以新的文件上传"


async def find_restatement(
    connection: AsyncConnection,
    new: NewFile,
    *,
    days: tuple[date, date] | None,
    registry: Registry,
    now: datetime,
) -> UUID:
    """The id of what differs; that of the same bytes brought before, compared anew while nobody has proposed it.

    ``days``: what the bank was asked for, first and last, where a person says so of a file that does not.

    Raises ``NotOurAccount``, ``StatementFutureDated`` and ``NotARestatement``.
    """
    accounts = await lock_accounts(connection, new, registry, now)
    place = await _corrected(connection, new.content, accounts)
    head = asked_for(new.content.heads[place], days)
    require_past(head, local_date(now))
    account = accounts[head.bankacct]
    known = await restatements.by_digest(connection, new.admdvs, account.id, new.digest)
    if known is not None and known.state is RestatementState.PROPOSED:
        return known.id
    if known is not None and known.file_id is not None and await _is_told_last(connection, head, known):
        return known.id
    if await statements.file_by_digest(connection, new.admdvs, new.digest) is not None:
        raise NotARestatement(_KEPT)
    row = await _compared(connection, new, place, head, account, now)
    if known is None:
        await restatements.add(connection, row)
        return row.id
    if any(getattr(known, name) != getattr(row, name) for name in restatements.FOUND):
        await restatements.renew(connection, known.id, row)
    return known.id


async def _corrected(
    connection: AsyncConnection, content: StatementFile, accounts: Mapping[str, BankAccountRow]
) -> int:
    """The place of the statement that differs from what was told, where the file has several."""
    if len(content.heads) == 1:
        return 0
    before = [await statements.told_before(connection, accounts[head.bankacct].id, head.days) for head in content.heads]
    differing = await differing_statements(connection, content, accounts, before)
    if None in before or len(differing) != 1:
        raise NotARestatement("替换须逐份办理：文件中有几份对账单的，须恰有一份与已导入的不同；请拆分后逐份上传")
    return next(iter(differing))


async def _is_told_last(connection: AsyncConnection, head: StatementHead, known: Restatement) -> bool:
    told = await statements.told_before(connection, known.bank_account_id, head.days)
    return told is not None and told.file_id == known.file_id


async def _compared(
    connection: AsyncConnection,
    new: NewFile,
    place: int,
    head: StatementHead,
    account: BankAccountRow,
    now: datetime,
) -> Restatement:
    told = require_same_days(head, await statements.told_before(connection, account.id, head.days))
    standing = await restatements.standing(connection, account.id, head.days, limit=MAX_LINES_COMPARED + 1)
    if max(len(standing), head.totals.line_count) > MAX_LINES_COMPARED:
        raise NotARestatement(f"明细超过 {MAX_LINES_COMPARED} 笔，无法逐笔比对，不能替换")
    around = await restatements.neighbours(connection, account.id, head.days)
    shift = opening_shift(head, told, around.previous_closing_fen)
    kept = [KeptLine(line.id, line.told, line.is_free) for line in standing]
    lines = await anyio.to_thread.run_sync(new.content.lines_of, place)
    again = await lines_as_kept(connection, account.id, lines, [line.told for line in standing])
    found = await anyio.to_thread.run_sync(lambda: difference(kept, again, is_moved=shift != 0))
    since = around.latest_from or head.period_from
    require_last_statement(found, since)
    # It goes on with the last of them, from its first day: what is corrected once can be corrected again.
    last = await statements.told_before(connection, account.id, (since, head.period_to)) or told
    return Restatement(
        id=uuid4(),
        admdvs=new.admdvs,
        bank_account_id=account.id,
        bankacct=account.bankacct,
        digest=new.digest,
        form=new.content.form,
        size_bytes=new.size_bytes,
        statement_no=head.statement_no,
        told_from=head.period_from,
        period_from=since,
        period_to=head.period_to,
        part_no=last.part_no + 1,
        opening_fen=told.closing_fen + shift,
        closing_fen=head.closing_fen,
        shift_fen=shift,
        gone_lines=found.gone,
        added_lines=found.added,
        state=RestatementState.FOUND,
        received_by=new.by,
        received_at=now,
        reason=None,
        proposed_by=None,
        proposed_at=None,
        decided_by=None,
        decided_at=None,
        decision_reason=None,
        file_id=None,
        version=1,
    )
