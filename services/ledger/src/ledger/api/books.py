"""The books: obligations, accounts, entries, real bank accounts."""

from datetime import date
from typing import Annotated

from fastapi import Query, Response

from ledger.api.account_path import AccountPath, account_of
from ledger.api.callers import Checker, Context, Reader, agency_of
from ledger.api.cursors import after_day, after_id
from ledger.domain.obligations import BookSide, ObligationState
from ledger.parsers.amounts import clean_account
from ledger.repository import books, obligations
from ledger.schemas.books import (
    AccountShown,
    BankAccountChange,
    BankAccountShown,
    EntryShown,
)
from ledger.schemas.fields import BankAcct
from ledger.schemas.payments import ObligationShown
from ledger.use_cases.find_registry import find_registry
from ledger.use_cases.open_bank_accounts import open_bank_accounts
from ledger.use_cases.set_bank_account import set_bank_account
from shared.clock import local_date
from shared.contracts.codes import CaseNumber
from shared.days import LAST_DAY, Day
from shared.registry.models import AccountUse
from shared.registry.registry import Registry
from shared.web.etags import IfMatch, etag
from shared.web.paging import Page, Paging, page_of
from shared.web.routing import Router

router = Router(tags=["账簿"])


@router.get("/obligations", summary="应收应付")
async def get_obligations(
    caller: Reader,
    context: Context,
    paging: Paging,
    side: BookSide | None = None,
    state: ObligationState | None = None,
    rlts_traf_id: Annotated[CaseNumber | None, Query()] = None,
) -> Page[ObligationShown]:
    """What sealed sheets make due, newest first."""
    admdvs, after = agency_of(caller, context), after_id(paging)
    async with context.database.connection() as connection:
        rows = await obligations.list_page(
            connection, admdvs, side=side, state=state, rlts_traf_id=rlts_traf_id, after=after, limit=paging.limit
        )
    return page_of(rows, paging.limit, lambda row: (row.id,), ObligationShown.of)


@router.get("/accounts", summary="会计科目")
async def get_accounts(caller: Reader, context: Context) -> list[AccountShown]:
    """The agency's accounts, fund by fund; there are few."""
    admdvs = agency_of(caller, context)
    async with context.database.connection() as connection:
        return [AccountShown.of(row) for row in await books.accounts(connection, admdvs)]


@router.get("/accounts/{account_id}/entries", summary="分录")
async def get_entries(
    caller: Reader,
    context: Context,
    account_id: AccountPath,
    paging: Paging,
    until: Annotated[Day | None, Query(description="截止日期（含）")] = None,
) -> Page[EntryShown]:
    """The account's entries, oldest first."""
    account = await account_of(agency_of(caller, context), context, account_id)
    async with context.database.connection() as connection:
        rows = await books.entries(
            connection, account.id, after=after_day(paging), until=until or LAST_DAY, limit=paging.limit
        )
    return page_of(rows, paging.limit, lambda row: (row.booking_date.isoformat(), row.id), EntryShown.of)


@router.get("/bank-accounts", summary="银行账户")
async def get_bank_accounts(caller: Reader, context: Context) -> list[BankAccountShown]:
    """The agency's bank accounts as the registry names them, and what each is for."""
    admdvs, now = agency_of(caller, context), context.clock.now()
    registry = await find_registry(context.registry, admdvs, ())
    async with context.database.transaction() as connection:
        rows = await open_bank_accounts(connection, admdvs, registry, now=now)
    payer = _payer(registry, admdvs, local_date(now))
    return [BankAccountShown.of(row, payer) for row in rows]


@router.put("/bank-accounts/{bankacct}", summary="说明银行账户的用途")
async def put_bank_account(
    caller: Checker,
    context: Context,
    bankacct: BankAcct,
    body: BankAccountChange,
    expected: IfMatch,
    response: Response,
) -> BankAccountShown:
    """Say what an account is for; the account itself must be the agency's in the registry."""
    admdvs, now = agency_of(caller, context), context.clock.now()
    values = body.model_dump(mode="json")
    registry = await find_registry(context.registry, admdvs, {bankacct})
    async with context.database.transaction() as connection:
        await open_bank_accounts(connection, admdvs, registry, now=now)
        row = await set_bank_account(
            connection, admdvs, bankacct, values, expected=expected, by=caller.opter_id, now=now
        )
    response.headers["ETag"] = etag(row.version)
    return BankAccountShown.of(row, _payer(registry, admdvs, local_date(now)))


def _payer(registry: Registry, admdvs: str, on: date) -> str | None:
    account = registry.bank_account(admdvs, AccountUse.PAYER, on)
    return None if account is None else clean_account(account.bankacct)
