"""Take a judged bank file into the books: all of it, or nothing."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from itertools import islice
from uuid import UUID, uuid4

import anyio
from sqlalchemy.ext.asyncio import AsyncConnection

from ledger.domain.statement import Line, StatementRefused
from ledger.parsers.statement_file import StatementFile
from ledger.repository import bank_accounts, postings, statements
from ledger.repository.bank_accounts import BankAccountRow
from ledger.repository.locks import lock_matching
from ledger.repository.match_receipts import MatchScope
from ledger.repository.statements import FileRow
from ledger.use_cases.find_told import find_told
from ledger.use_cases.line_rows import LineContext, line_row, payer_accounts
from ledger.use_cases.match_lines import match_lines
from ledger.use_cases.open_bank_accounts import open_bank_accounts
from shared.registry.registry import Registry
from shared.signing.signers import Signers

_CHUNK = 5000
_REOPENED = "导入了更早的对账单，期初余额改由该对账单确定"


class NotOurAccount(StatementRefused):
    """The statement is of a bank account that is not the agency's."""

    code = "statement-account-not-ours"


@dataclass(frozen=True, slots=True)
class NewFile:
    """A judged file with its identity: ``digest`` is SHA-256 (hex) of its bytes, ``by`` who brought it."""

    admdvs: str
    digest: str
    size_bytes: int
    by: str
    content: StatementFile


async def import_statement(
    connection: AsyncConnection, new: NewFile, *, registry: Registry, signers: Signers, now: datetime
) -> UUID:
    """Keep, book and match a file; its id, or that of the same file or statements kept before.

    Raises ``NotOurAccount``, ``StatementRestated``; the caller's transaction then leaves nothing behind.
    """
    file_id = uuid4()
    row = FileRow(file_id, new.admdvs, new.digest, new.content.form, new.size_bytes, now, new.by)
    accounts = await _lock_accounts(connection, new, registry, now)
    known = await statements.file_by_digest(connection, new.admdvs, new.digest)
    known = known or await find_told(connection, new.content, accounts)
    if known is not None:
        return known
    await statements.add_file(connection, row)
    ids = [
        await statements.add_statement(connection, file_id, accounts[head.bankacct].id, head)
        for head in new.content.heads
    ]
    payers = payer_accounts(registry)
    contexts = [
        LineContext(file_id, statement_id, accounts[head.bankacct], payers)
        for statement_id, head in zip(ids, new.content.heads, strict=True)
    ]
    await copy_lines(connection, new.content, contexts)
    await lock_matching(connection, [new.admdvs])
    cases = await statements.cases_of_file(connection, file_id)
    await match_lines(connection, MatchScope(new.admdvs, cases, file_id), signers=signers, now=now)
    for account in accounts.values():
        await _open(connection, account.id, now)
    return file_id


async def _lock_accounts(
    connection: AsyncConnection, new: NewFile, registry: Registry, now: datetime
) -> dict[str, BankAccountRow]:
    await open_bank_accounts(connection, new.admdvs, registry, now=now)
    wanted = sorted({head.bankacct for head in new.content.heads})
    accounts = await bank_accounts.lock(connection, new.admdvs, wanted)
    if len(accounts) != len(wanted):
        raise NotOurAccount("对账单的账户不是本机构登记的账户，整份文件不予入账")
    return accounts


async def copy_lines(connection: AsyncConnection, content: StatementFile, contexts: list[LineContext]) -> None:
    """Keep every line of a judged file; ``contexts`` are those of its statements, in order."""
    lines = content.lines()
    while chunk := await anyio.to_thread.run_sync(_next_rows, lines, contexts):
        await statements.copy_lines(connection, chunk)


def _next_rows(lines: Iterator[tuple[int, Line]], contexts: list[LineContext]) -> list[tuple[object, ...]]:
    return [line_row(contexts[index], line) for index, line in islice(lines, _CHUNK)]


async def _open(connection: AsyncConnection, bank_account_id: int, now: datetime) -> None:
    """Make the books open with the earliest statement's opening balance, correcting by reversal."""
    opening = await postings.opening_of(connection, bank_account_id)
    if opening.cause_id == opening.earliest_id:
        return
    if opening.posting_id is not None:
        await postings.reverse(connection, [opening.posting_id], reason=_REOPENED, now=now)
    await postings.book_opening(connection, opening.earliest_id, now=now)
