"""Take a judged bank file into the books: all of it, or nothing."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime
from uuid import UUID, uuid4

from sqlalchemy.ext.asyncio import AsyncConnection

from ledger.domain.opening_items import StatementBeforeCutOver
from ledger.domain.periods import PeriodClosed
from ledger.domain.restated import StatementRestated, require_same_account
from ledger.domain.statement import require_past
from ledger.repository import notices, opening_items, periods, postings, statements
from ledger.repository.bank_accounts import BankAccountRow
from ledger.repository.locks import lock_matching
from ledger.repository.match_receipts import MatchScope
from ledger.use_cases.check_continuity import check_continuity, check_notices
from ledger.use_cases.classifiers import classifiers
from ledger.use_cases.continue_statements import continue_statements
from ledger.use_cases.copy_lines import copy_lines
from ledger.use_cases.find_told import find_told
from ledger.use_cases.fund_orders import fund_orders_by_file
from ledger.use_cases.line_rows import LineContext, payer_accounts
from ledger.use_cases.match_lines import match_lines
from ledger.use_cases.new_file import NewFile, lock_accounts
from shared.clock import local_date
from shared.registry.registry import Registry
from shared.signing.signers import Signers

_REOPENED = "导入了更早的对账单，期初余额改由该对账单确定"


async def import_statement(
    connection: AsyncConnection, new: NewFile, *, registry: Registry, signers: Signers, now: datetime
) -> UUID:
    """Keep, book and match a file; its id, or that of the same file or statements kept before.

    Raises ``NotOurAccount``, ``StatementFutureDated``, ``StatementRestated``, ``NotASupplement``, ``PeriodClosed`` and
    ``StatementBeforeCutOver``; the caller's transaction then leaves nothing behind.
    """
    for head in new.content.heads:
        require_past(head, local_date(now))
    accounts = await lock_accounts(connection, new, registry, now)
    known = await statements.file_by_digest(connection, new.admdvs, new.digest)
    if known is not None:
        require_same_account(await statements.accounts_of_file(connection, known), new.bankaccts)
    known = known or await _told(connection, new, accounts)
    if known is not None:
        return known
    if new.is_supplement:
        new = replace(new, content=await continue_statements(connection, new.content, accounts))
    file_id = uuid4()
    await statements.add_file(connection, new.row(file_id, now))
    contexts = await _add_statements(connection, new, accounts, file_id, registry)
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


async def _add_statements(
    connection: AsyncConnection,
    new: NewFile,
    accounts: Mapping[str, BankAccountRow],
    file_id: UUID,
    registry: Registry,
) -> list[LineContext]:
    """Keep every statement of the file; what its lines share, in order."""
    rules, version = await classifiers(connection, new.admdvs, accounts.values(), registry)
    payers, contexts = payer_accounts(registry), []
    for head in new.content.heads:
        account = accounts[head.bankacct]
        statement_id = await statements.add_statement(connection, file_id, account.id, head)
        contexts.append(LineContext(file_id, statement_id, account, payers, rules[account.id], version))
    return contexts


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


async def _open(connection: AsyncConnection, bank_account_id: int, now: datetime) -> None:
    """Make the books open with the earliest statement's opening balance, correcting by reversal."""
    opening = await postings.opening_of(connection, bank_account_id)
    if opening.cause_id == opening.earliest_id:
        return
    if opening.posting_id is not None:
        await postings.reverse(connection, [opening.posting_id], reason=_REOPENED, now=now)
    await postings.book_opening(connection, opening.earliest_id, now=now)
