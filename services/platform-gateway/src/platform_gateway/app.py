"""The platform as one application: what it is made of and its routes."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import timedelta

from fastapi import FastAPI

from platform_gateway.api import applications, bank_accounts, progress, registry, transfers
from platform_gateway.attempts import Attempts
from platform_gateway.context import GatewayContext
from platform_gateway.registry_source import RegistrySource
from platform_gateway.settings import GatewaySettings
from platform_gateway.sides import Sides
from shared.calendar import WorkingDays
from shared.clock import Clock
from shared.runtime.foundation import Foundation, open_foundation
from shared.signing.key_pair import PrivateKey
from shared.signing.signers import Signers, read_private_key
from shared.web.app import create_app

PACKAGE = "platform_gateway"

ROUTERS = (applications.router, transfers.router, progress.router, registry.router, bank_accounts.router)


@asynccontextmanager
async def build_context(settings: GatewaySettings, *, clock: Clock | None = None) -> AsyncIterator[GatewayContext]:
    """Open everything that a process of the platform holds."""
    async with open_foundation(settings, PACKAGE, clock=clock) as foundation:
        yield context_on(foundation)


def context_on(foundation: Foundation[GatewaySettings]) -> GatewayContext:
    """The context that stands on ``foundation``; raises ``KeyUnreadable`` for a key file that is none."""
    settings = foundation.settings
    root_key = _root_key(settings)
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
            root_key=root_key,
            cert_types=settings.cert_types,
            refresh_seconds=settings.registry_seconds,
        ),
        sides=Sides(
            foundation.peers, timeout_seconds=settings.side_timeout_seconds, connections=settings.side_connections
        ),
        calendar=WorkingDays.load(settings.holiday_files),
        attempts=Attempts(settings.progress_attempts, timedelta(seconds=settings.progress_window_seconds)),
    )


def build_app(context: GatewayContext | None) -> FastAPI:
    """The HTTP application; without a context it only describes itself."""
    return create_app("医保关系转移接续平台", "1", ROUTERS, context)


def _root_key(settings: GatewaySettings) -> PrivateKey | None:
    if settings.root_key_file is not None:
        return read_private_key(settings.root_key_file)
    beside = settings.keys_dir / "root.pem" if settings.keys_dir else None
    return read_private_key(beside) if beside is not None and beside.exists() else None
