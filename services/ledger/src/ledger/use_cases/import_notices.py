"""Keep what a bank notifies of (camt.054). It is announced, not booked: only a statement moves the books."""

from collections.abc import Iterator, Mapping
from datetime import datetime
from itertools import islice
from typing import Any
from uuid import UUID, uuid4

import anyio
from sqlalchemy.ext.asyncio import AsyncConnection

from ledger.domain.notice import NoticeRestated
from ledger.domain.statement import Line
from ledger.repository import notices, statements
from ledger.repository.bank_accounts import BankAccountRow
from ledger.use_cases.check_continuity import check_notices
from ledger.use_cases.new_file import NewFile, lock_accounts
from shared.law import design
from shared.registry.registry import Registry

_CHUNK = 5000


@design("a notification announces, the statement books")
async def import_notices(connection: AsyncConnection, new: NewFile, *, registry: Registry, now: datetime) -> UUID:
    """Keep a file of notifications; its id, or that of the file that brought the same before.

    Raises ``NotOurAccount``, ``NoticeRestated``; the caller's transaction then leaves nothing behind.
    """
    accounts = await lock_accounts(connection, new, registry, now)
    known = await statements.file_by_digest(connection, new.admdvs, new.digest)
    known = known or await _told(connection, new, accounts)
    if known is not None:
        return known
    file_id = uuid4()
    await statements.add_file(connection, new.row(file_id, now))
    owners = [
        (await notices.add(connection, file_id, accounts[head.bankacct].id, head), accounts[head.bankacct].id)
        for head in new.content.notices
    ]
    lines = new.content.lines()
    while chunk := await anyio.to_thread.run_sync(_next_rows, lines, owners, new.admdvs):
        await notices.copy_lines(connection, chunk)
    await notices.confirm_new(connection, [account.id for account in accounts.values()], file_id)
    await check_notices(connection, new.admdvs, accounts.values(), now=now)
    return file_id


async def _told(connection: AsyncConnection, new: NewFile, accounts: Mapping[str, BankAccountRow]) -> UUID | None:
    """The file that brought all of these notifications before, ``None`` where all are new."""
    keys = [(accounts[head.bankacct].id, head.notice_no) for head in new.content.notices]
    if len(set(keys)) < len(keys):
        raise NoticeRestated("文件中有编号重复的通知，整份文件未予保存")
    before = await notices.told_before(connection, keys)
    if not before:
        return None
    digests = [before.get(key, (None, ""))[1] for key in keys]
    files = {file_id for file_id, _ in before.values()}
    if digests != [head.totals.content_digest for head in new.content.notices] or len(files) > 1:
        raise NoticeRestated("同一编号的通知已经收到，内容不同，整份文件未予保存；请与银行核对")
    return next(iter(files))


def _next_rows(lines: Iterator[tuple[int, Line]], owners: list[tuple[int, int]], admdvs: str) -> list[tuple[Any, ...]]:
    return [notices.line_row(*owners[index], admdvs, line) for index, line in islice(lines, _CHUNK)]
