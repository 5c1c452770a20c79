"""The ledger as one application: what it is made of and its routes."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from fastapi import FastAPI

from ledger.api import (
    account_titles,
    adjustments,
    alerts,
    balances,
    books,
    candidates,
    fund_requests,
    line_classes,
    notices,
    opening_items,
    payment_files,
    payments,
    periods,
    proposals,
    reconciliations,
    rejections,
    remittance_lists,
    restatements,
    statements,
    status_reports,
    suspense,
    suspense_bulk,
    suspense_returns,
    vouchers,
)
from ledger.consumers import handlers
from ledger.context import LedgerContext
from ledger.settings import LedgerSettings
from shared.clock import Clock
from shared.contracts.party import Role
from shared.messaging import api as exchange_api
from shared.messaging.membership import join
from shared.runtime.foundation import Foundation, open_foundation
from shared.web.app import create_app

PACKAGE = "ledger"
VERSION = "1"


@asynccontextmanager
async def build_context(settings: LedgerSettings, *, clock: Clock | None = None) -> AsyncIterator[LedgerContext]:
    """Open everything that a process of the ledger holds, and close it afterwards."""
    async with open_foundation(settings, PACKAGE, clock=clock) as foundation:
        context = context_on(foundation)
        await context.registry.load()
        yield context


def context_on(foundation: Foundation[LedgerSettings]) -> LedgerContext:
    """The context that stands on ``foundation``; raises ``SettingMissing`` or ``KeyUnreadable``."""
    member = join(foundation, Role.LEDGER)
    return LedgerContext(
        settings=foundation.settings,
        database=foundation.database,
        clock=foundation.clock,
        tokens=foundation.tokens,
        health=foundation.health,
        signers=member.signers,
        registry=member.registry,
        exchange=member.exchange(foundation, handlers(member.registry, member.signers, foundation.clock)),
    )


def build_app(context: LedgerContext | None) -> FastAPI:
    """The HTTP application; without a context it only describes itself."""
    money = (statements.router, restatements.router, notices.router, line_classes.router)
    matching = (candidates.router, proposals.router, remittance_lists.router)
    work = (suspense.router, suspense_returns.router, suspense_bulk.router, *matching, adjustments.router)
    answers = (status_reports.router, rejections.router)
    payment = (payments.router, payment_files.router, *answers, fund_requests.router)
    accounts = (
        books.router,
        account_titles.router,
        balances.router,
        periods.router,
        vouchers.router,
        opening_items.router,
    )
    own = (*money, *work, *payment, *accounts, reconciliations.router, alerts.router)
    return create_app("医保关系转移接续 · 财务账簿", VERSION, (*own, exchange_api.router), context)
