"""The platform as one application: what it is made of, and its routes."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import timedelta

from fastapi import FastAPI

from platform_gateway.api import (
    applications,
    bank_accounts,
    daily_totals,
    invariants,
    overdue,
    platform_reconciliation,
    policies,
    previews,
    progress,
    proposals,
    registry,
    sheets,
    statistics,
    transfers,
    trials,
)
from platform_gateway.attempts import Attempts
from platform_gateway.consumers import handlers
from platform_gateway.context import GatewayContext, GatewayProcess
from platform_gateway.registry_source import RegistrySource
from platform_gateway.settings import GatewaySettings
from platform_gateway.sides import Sides
from shared.clock import Clock
from shared.contracts.party import PLATFORM
from shared.messaging import api as exchange_api
from shared.messaging.exchange import Exchange
from shared.runtime.foundation import Foundation, open_foundation
from shared.signing.key_pair import PrivateKey
from shared.signing.signers import Signers, read_private_key
from shared.web.app import create_app

PACKAGE = "platform_gateway"


@asynccontextmanager
async def build_context(settings: GatewaySettings, *, clock: Clock | None = None) -> AsyncIterator[GatewayProcess]:
    """Open everything that a process of the platform holds; raises ``KeyUnreadable`` for a key file that is none."""
    async with open_foundation(settings, PACKAGE, clock=clock) as foundation:
        context = _context(foundation)
        exchange = Exchange.build(
            PACKAGE,
            settings,
            served=[PLATFORM],
            database=context.database,
            signers=context.signers,
            keys=context.registry,
            handlers=handlers(context),
            clock=context.clock,
        )
        yield GatewayProcess(**vars(context), exchange=exchange)


def build_app(process: GatewayProcess | None) -> FastAPI:
    """The HTTP application; without a process it only describes itself."""
    routers = (
        applications.router,
        transfers.router,
        sheets.router,
        progress.router,
        previews.router,
        proposals.router,
        statistics.router,
        overdue.router,
        daily_totals.router,
        invariants.router,
        platform_reconciliation.router,
        registry.router,
        policies.router,
        bank_accounts.router,
        trials.router,
        exchange_api.router,
    )
    return create_app("医保关系转移接续平台", "1", routers, process)


def _context(foundation: Foundation[GatewaySettings]) -> GatewayContext:
    settings = foundation.settings
    return GatewayContext(
        settings=settings,
        database=foundation.database,
        clock=foundation.clock,
        tokens=foundation.tokens,
        health=foundation.health,
        signers=Signers.from_directory(settings.keys_dir) if settings.keys_dir else Signers({}),
        registry=RegistrySource(
            foundation.database,
            foundation.clock,
            root_key=_root_key(settings),
            cert_types=settings.cert_types,
            refresh_seconds=settings.registry_seconds,
        ),
        sides=Sides(
            foundation.peers,
            timeout_seconds=settings.side_timeout_seconds,
            seconds_per_check=settings.side_seconds_per_check,
            connections=settings.side_connections,
        ),
        attempts=Attempts(settings.progress_attempts, timedelta(seconds=settings.progress_window_seconds)),
    )


def _root_key(settings: GatewaySettings) -> PrivateKey | None:
    if settings.root_key_file is not None:
        return read_private_key(settings.root_key_file)
    beside = settings.keys_dir / "root.pem" if settings.keys_dir else None
    return read_private_key(beside) if beside is not None and beside.exists() else None
