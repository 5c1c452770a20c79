"""Take a judged bank file into the books: all of it, or nothing."""

import asyncio
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from datetime import datetime
from itertools import islice
from uuid import UUID, uuid4

import anyio
from sqlalchemy.ext.asyncio import AsyncConnection

from ledger.domain.notice import is_bare, told_by_notice
from ledger.domain.opening_items import StatementBeforeCutOver
from ledger.domain.periods import PeriodClosed
from ledger.domain.restated import StatementRestated
from ledger.domain.statement import Line, require_past
from ledger.parsers.statement_file import StatementFile
from ledger.repository import notices, opening_items, periods, postings, statements
from ledger.repository.bank_accounts import BankAccountRow
from ledger.repository.locks import lock_matching
from ledger.repository.match_receipts import MatchScope
from ledger.use_cases.check_continuity import check_continuity, check_notices
from ledger.use_cases.classifiers import classifiers
from ledger.use_cases.continue_statements import continue_statements
from ledger.use_cases.find_told import find_told
from ledger.use_cases.fund_orders import fund_orders_by_file
from ledger.use_cases.line_rows import LineContext, line_row, payer_accounts
from ledger.use_cases.match_lines import match_lines
from ledger.use_cases.new_file import NewFile, lock_accounts
from shared.clock import local_date
from shared.registry.registry import Registry
from shared.signing.signers import Signers

Indexed = tuple[int, Line]
"""A line with the index of its statement in the file."""

_CHUNK = 5000
_MAX_DETAILS = 50_000
_REOPENED = "导入了更早的对账单，期初余额改由该对账单确定"


async def import_statement(
    connection: AsyncConnection, new: NewFile, *, registry: Registry, signers: Signers, now: datetime
) -> UUID:
    """Keep, book and match a file; its id, or that of the same file or statements kept before.

    Raises ``NotOurAccount``, ``StatementFutureDated``, ``StatementRestated``, ``NotASupplement``, ``PeriodClosed``;
    the caller's transaction then leaves nothing behind.
    """
    for head in new.content.heads:
        require_past(head, local_date(now))
    accounts = await lock_accounts(connection, new, registry, now)
    known = await statements.file_by_digest(connection, new.admdvs, new.digest)
    known = known or await _told(connection, new, accounts)
    if known is not None:
        return known
    if new.is_supplement:
        new = replace(new, content=await continue_statements(connection, new.content, accounts))
    file_id = uuid4()
    await statements.add_file(connection, new.row(file_id, now))
    ids = [
        await statements.add_statement(connection, file_id, accounts[head.bankacct].id, head)
        for head in new.content.heads
    ]
    payers = payer_accounts(registry)
    rules, version = await classifiers(connection, new.admdvs, accounts.values(), registry)
    contexts = [
        LineContext(file_id, statement_id, accounts[head.bankacct], payers, rules[accounts[head.bankacct].id], version)
        for statement_id, head in zip(ids, new.content.heads, strict=True)
    ]
    account_ids = [account.id for account in accounts.values()]
    is_announced = await notices.has_open(connection, account_ids)
    await copy_lines(connection, new.content, contexts, is_announced=is_announced)
    if is_announced:
        await notices.confirm_by_file(connection, account_ids, file_id)
    await lock_matching(connection, [new.admdvs])
    await _require_open(connection, new)
    await _require_after_cut_over(connection, new)
    await check_continuity(connection, new.admdvs, accounts.values(), now=now)
    if is_announced:
        await check_notices(connection, new.admdvs, accounts.values(), now=now)
    await statements.expect_many(connection)
    cases = await statements.waiting_cases_of_file(connection, file_id)
    await match_lines(connection, MatchScope(new.admdvs, cases, file_id), signers=signers, now=now)
    await fund_orders_by_file(connection, new.admdvs, file_id)
    for account in accounts.values():
        await _open(connection, account.id, now)
    return file_id


async def _told(connection: AsyncConnection, new: NewFile, accounts: Mapping[str, BankAccountRow]) -> UUID | None:
    try:
        return await find_told(connection, new.content, accounts)
    except StatementRestated:
        if new.is_supplement:
            return None
        raise


async def _require_open(connection: AsyncConnection, new: NewFile) -> None:
    first = await periods.first_open_day(connection, new.admdvs)
    if any(head.period_from < first for head in new.content.heads):
        raise PeriodClosed("对账单涉及已结账的月份，须先重开该月")


async def _require_after_cut_over(connection: AsyncConnection, new: NewFile) -> None:
    """The lines of the first days would stand beside the old items that were brought in for them."""
    for head in new.content.heads:
        last = await opening_items.last_old_day(connection, new.admdvs, [head.bankacct], head.period_from)
        if last is not None:
            raise StatementBeforeCutOver(
                f"账户已导入截至{last.isoformat()}的旧账挂账款项，对账单不能早于其后一日，否则同一笔款项入账两次"
            )


async def copy_lines(
    connection: AsyncConnection, content: StatementFile, contexts: list[LineContext], *, is_announced: bool = False
) -> None:
    """Keep every line of a judged file; ``contexts`` are those of its statements, in order.

    Where something ``is_announced``, lines that say nothing take what a notification told of the same entry.
    """
    lines = content.lines()
    if not is_announced:
        await _copy_ahead(connection, lines, contexts)
        return
    while chunk := await anyio.to_thread.run_sync(_next_lines, lines):
        told = await _with_notices(connection, chunk, contexts)
        await statements.copy_lines(connection, await anyio.to_thread.run_sync(_rows, told, contexts))


async def _copy_ahead(connection: AsyncConnection, lines: Iterator[Indexed], contexts: list[LineContext]) -> None:
    """Read and class the next lines while the database takes in those before."""
    rows = await anyio.to_thread.run_sync(_next_rows, lines, contexts)
    while rows:
        following = asyncio.create_task(anyio.to_thread.run_sync(_next_rows, lines, contexts))
        try:
            await statements.copy_lines(connection, rows)
        finally:
            rows = await following


def _next_lines(lines: Iterator[Indexed]) -> list[Indexed]:
    return list(islice(lines, _CHUNK))


def _next_rows(lines: Iterator[Indexed], contexts: list[LineContext]) -> list[tuple[object, ...]]:
    return _rows(islice(lines, _CHUNK), contexts)


def _rows(lines: Iterable[Indexed], contexts: list[LineContext]) -> list[tuple[object, ...]]:
    return [line_row(contexts[index], line) for index, line in lines]


async def _with_notices(
    connection: AsyncConnection, lines: list[Indexed], contexts: list[LineContext]
) -> list[Indexed]:
    """The lines, those that say nothing replaced by what notifications told of them."""
    bare: dict[int, set[str]] = defaultdict(set)
    for index, line in lines:
        if is_bare(line) and line.bank_ref:
            bare[contexts[index].account.id].add(line.bank_ref)
    told = {
        account_id: await notices.open_details(connection, account_id, references, limit=_MAX_DETAILS)
        for account_id, references in bare.items()
    }
    found: list[Indexed] = []
    for index, line in lines:
        details = told.get(contexts[index].account.id, {}).get(line.bank_ref or "", []) if is_bare(line) else []
        found += [(index, one) for one in told_by_notice(line, details)]
    return found


async def _open(connection: AsyncConnection, bank_account_id: int, now: datetime) -> None:
    """Make the books open with the earliest statement's opening balance, correcting by reversal."""
    opening = await postings.opening_of(connection, bank_account_id)
    if opening.cause_id == opening.earliest_id:
        return
    if opening.posting_id is not None:
        await postings.reverse(connection, [opening.posting_id], reason=_REOPENED, now=now)
    await postings.book_opening(connection, opening.earliest_id, now=now)
