"""The ledger as one application: what it is made of and its routes."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

from fastapi import FastAPI

from ledger.api import books, payments, reconciliations, statements, suspense
from ledger.consumers import handlers
from ledger.context import LedgerContext
from ledger.settings import LedgerSettings
from shared.clock import Clock
from shared.contracts.party import Party, Role
from shared.errors import TransferError
from shared.messaging import api as exchange_api
from shared.messaging.exchange import Exchange
from shared.registry.copy import RegistryCopy
from shared.runtime.foundation import Foundation, open_foundation
from shared.signing.signers import Signers
from shared.web.app import create_app

PACKAGE = "ledger"
VERSION = "1"


class SettingMissing(TransferError):
    """Something that this service cannot run without was not given."""


@asynccontextmanager
async def build_context(settings: LedgerSettings, *, clock: Clock | None = None) -> AsyncIterator[LedgerContext]:
    """Open everything that a process of the ledger holds, and close it afterwards."""
    async with open_foundation(settings, PACKAGE, clock=clock) as foundation:
        context = context_on(foundation)
        await context.registry.load()
        yield context


def context_on(foundation: Foundation[LedgerSettings]) -> LedgerContext:
    """The context that stands on ``foundation``; raises ``SettingMissing`` or ``KeyUnreadable``."""
    settings = foundation.settings
    if settings.platform_url is None:
        raise SettingMissing("PLATFORM_URL is required")
    signers = Signers.from_directory(_given(settings.keys_dir, "KEYS_DIR"))
    registry = RegistryCopy(
        foundation.database,
        foundation.peers,
        _given(settings.registry_root_key_file, "REGISTRY_ROOT_KEY_FILE").read_text(encoding="ascii"),
        platform_url=str(settings.platform_url),
        clock=foundation.clock,
    )
    exchange = Exchange.build(
        PACKAGE,
        settings,
        served=served_parties(settings),
        database=foundation.database,
        signers=signers,
        keys=registry,
        handlers=handlers(registry, signers, foundation.clock),
        clock=foundation.clock,
    )
    return LedgerContext(
        settings=settings,
        database=foundation.database,
        clock=foundation.clock,
        tokens=foundation.tokens,
        health=foundation.health,
        signers=signers,
        registry=registry,
        exchange=exchange,
    )


def build_app(context: LedgerContext | None) -> FastAPI:
    """The HTTP application; without a context it only describes itself."""
    own = (statements.router, suspense.router, payments.router, books.router, reconciliations.router)
    return create_app("医保关系转移接续 · 财务账簿", VERSION, (*own, exchange_api.routes()), context)


def served_parties(settings: LedgerSettings) -> list[Party]:
    """The ledgers of this deployment."""
    return [Party(Role.LEDGER, admdvs) for admdvs in settings.agencies]


def _given(path: Path | None, name: str) -> Path:
    if path is None:
        raise SettingMissing(f"{name} is required")
    return path
