"""Balances on any day, trial balance, statement of an account, and whether the balances hold."""

from datetime import date
from typing import Annotated

from fastapi import Query

from ledger.api.account_path import AccountPath, account_of
from ledger.api.callers import Context, Reader, agency_of
from ledger.api.cursors import after_day
from ledger.domain.titles import Side, signed_balance
from ledger.repository import balance_checks, turnover
from ledger.schemas.balances import AccountStatement, BalanceCheckShown, BalanceShown, StatementEntry, TrialBalance
from shared.clock import local_date
from shared.days import Day
from shared.errors import FieldError, InvalidInput
from shared.web.paging import Paging, page_of
from shared.web.routing import Router

Since = Annotated[Day, Query(description="起始日期（含）")]
Until = Annotated[Day, Query(description="截止日期（含）")]

router = Router(tags=["余额"])


@router.get("/accounts/{account_id}/balance", summary="某日余额")
async def get_balance(
    caller: Reader,
    context: Context,
    account_id: AccountPath,
    at: Annotated[Day | None, Query(description="日终日期，省略为今天")] = None,
) -> BalanceShown:
    """The balance at the end of a day."""
    account = await account_of(agency_of(caller, context), context, account_id)
    day = at or local_date(context.clock.now())
    async with context.database.connection() as connection:
        totals = (await turnover.balances(connection, [account.id], day))[account.id]
    return BalanceShown(
        account_id=str(account.id),
        at=day,
        debit_total=totals.debit_fen,
        credit_total=totals.credit_fen,
        balance=signed_balance(totals.debit_fen, totals.credit_fen, Side(account.normal_side)),
    )


@router.get("/accounts/{account_id}/statement", summary="明细账")
async def get_account_statement(
    caller: Reader, context: Context, account_id: AccountPath, paging: Paging, since: Since, until: Until
) -> AccountStatement:
    """Opening balance, entries with the balance after each, closing balance; page by page."""
    _require_order(since, until)
    account = await account_of(agency_of(caller, context), context, account_id)
    after = max(after_day(paging), (since, 0))
    async with context.database.connection() as connection:
        brought, rows = await turnover.statement(connection, account.id, after=after, until=until, limit=paging.limit)
    side = Side(account.normal_side)
    opening = balance = signed_balance(brought.debit_fen, brought.credit_fen, side)
    items = []
    for row in rows[: paging.limit]:
        balance += row.amount_fen if row.side == side else -row.amount_fen
        items.append(StatementEntry.of(row, balance=balance))
    page = page_of(rows, paging.limit, lambda row: (row.booking_date.isoformat(), row.id), lambda row: row.id)
    return AccountStatement(
        account_id=str(account.id),
        since=since,
        until=until,
        opening_balance=opening,
        items=items,
        closing_balance=balance,
        next_cursor=page.next_cursor,
    )


@router.get("/trial-balance", summary="试算平衡表")
async def get_trial_balance(caller: Reader, context: Context, since: Since, until: Until) -> TrialBalance:
    """Every account with what it brought, moved and holds, fund by fund; there are few."""
    _require_order(since, until)
    admdvs = agency_of(caller, context)
    async with context.database.connection() as connection:
        return TrialBalance.of(admdvs, since, until, await turnover.movements(connection, admdvs, since, until))


@router.get("/balance-checks", summary="余额核验结果")
async def get_balance_checks(caller: Reader, context: Context) -> list[BalanceCheckShown]:
    """When each account's balances were last recomputed from its postings, and on how many days they differ."""
    admdvs = agency_of(caller, context)
    async with context.database.connection() as connection:
        return [BalanceCheckShown.of(row) for row in await balance_checks.checked(connection, admdvs)]


def _require_order(since: date, until: date) -> None:
    if since > until:
        raise InvalidInput("起始日期不能晚于截止日期。", errors=[FieldError("/since", "after-until", "晚于截止日期")])
