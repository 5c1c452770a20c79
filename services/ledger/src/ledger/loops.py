"""What the worker does besides messages: the registry, counting, checking the books, tidying up."""

from collections.abc import Sequence

from ledger.context import LedgerContext
from ledger.metrics import measure_open_work
from ledger.repository.figures import SOURCE
from ledger.use_cases.check_balances import check_next_account
from ledger.use_cases.draw_vouchers import draw_daily_vouchers
from ledger.use_cases.renew_bank_accounts import renew_bank_accounts
from ledger.use_cases.tell_next import tell_next
from ledger.use_cases.watch_accounts import watch_accounts
from shared.figures.report_figures import report_figures
from shared.runtime.loops import Every, Loop
from shared.web.idempotency import purge

_REGISTRY_SECONDS = 30.0
_COUNT_SECONDS = 10.0
_CHECK_SECONDS = 60.0
_TELL_SECONDS = 2.0
_VOUCHER_SECONDS = 300.0
_FIGURES_SECONDS = 60.0
_PURGE_SECONDS = 600.0
_PURGE_LIMIT = 5000


def loops(context: LedgerContext) -> Sequence[Loop]:
    """The loops of one worker."""

    async def registry() -> bool:
        await context.registry.refresh()
        async with context.database.transaction() as connection:
            await renew_bank_accounts(connection, context.settings.agencies, context.registry.current)
        async with context.database.transaction() as connection:
            await watch_accounts(
                connection, context.settings.agencies, context.registry.current, now=context.clock.now()
            )
        return False

    async def count() -> bool:
        await measure_open_work(context.database)
        return False

    async def tidy() -> bool:
        async with context.database.transaction() as connection:
            return await purge(connection, now=context.clock.now(), limit=_PURGE_LIMIT) == _PURGE_LIMIT

    async def check_balances() -> bool:
        async with context.database.transaction() as connection:
            return await check_next_account(
                connection, now=context.clock.now(), every=context.settings.balance_check_interval
            )

    async def draw() -> bool:
        for admdvs in context.settings.agencies:
            async with context.database.transaction() as connection:
                await draw_daily_vouchers(connection, admdvs, now=context.clock.now())
        return False

    async def tell() -> bool:
        async with context.database.transaction() as connection:
            return await tell_next(
                connection, context.settings.agencies, signers=context.signers, now=context.clock.now()
            )

    async def figures() -> bool:
        return await report_figures(
            context.database, SOURCE, context.settings, signers=context.signers, clock=context.clock
        )

    return (
        *context.exchange.loops,
        Every("registry", _REGISTRY_SECONDS, registry),
        Every("open-work-counts", _COUNT_SECONDS, count),
        Every("balance-check", _CHECK_SECONDS, check_balances),
        Every("telling", _TELL_SECONDS, tell),
        Every("vouchers", _VOUCHER_SECONDS, draw),
        Every("figures", _FIGURES_SECONDS, figures),
        Every("idempotency-purge", _PURGE_SECONDS, tidy),
    )
