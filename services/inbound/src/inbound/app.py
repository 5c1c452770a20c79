"""The inbound as one application: what it is made of and its routes."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

from fastapi import FastAPI

from inbound.api import cases, checks, contribution_record, decisions
from inbound.consumers import handlers
from inbound.context import InboundContext
from inbound.office import Office
from inbound.settings import InboundSettings
from shared.agency.api import routers as agency_routers
from shared.clock import Clock
from shared.contracts.party import Party, Role
from shared.errors import TransferError
from shared.messaging import api as exchange_api
from shared.messaging.exchange import Exchange
from shared.registry.copy import RegistryCopy
from shared.runtime.foundation import Foundation, open_foundation
from shared.signing.signers import Signers
from shared.web.app import create_app

PACKAGE = "inbound"
VERSION = "1"


class SettingMissing(TransferError):
    """Something that this service cannot run without was not given."""


@asynccontextmanager
async def build_context(settings: InboundSettings, *, clock: Clock | None = None) -> AsyncIterator[InboundContext]:
    """Open everything that a process of the inbound holds, and close it afterwards."""
    async with open_foundation(settings, PACKAGE, clock=clock) as foundation:
        context = context_on(foundation)
        await context.office.registry.load()
        yield context


def context_on(foundation: Foundation[InboundSettings]) -> InboundContext:
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
    office = Office(settings, foundation.clock, signers, registry)
    exchange = Exchange.build(
        PACKAGE,
        settings,
        served=served_parties(settings),
        database=foundation.database,
        signers=signers,
        keys=registry,
        handlers=handlers(office),
        clock=foundation.clock,
    )
    return InboundContext(foundation.database, office, exchange, foundation.tokens, foundation.health)


def build_app(context: InboundContext | None) -> FastAPI:
    """The HTTP application; without a context it only describes itself."""
    own = (checks.router, cases.router, decisions.router, contribution_record.router)
    routers = (*own, *agency_routers(), exchange_api.routes())
    return create_app("医保关系转移接续 · 转入地", VERSION, routers, context)


def served_parties(settings: InboundSettings) -> list[Party]:
    """The inbound agencies of this deployment."""
    return [Party(Role.INBOUND, admdvs) for admdvs in settings.agencies]


def _given(path: Path | None, name: str) -> Path:
    if path is None:
        raise SettingMissing(f"{name} is required")
    return path
