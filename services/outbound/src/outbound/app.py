"""The outbound as one application: what it is made of and its routes."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from fastapi import FastAPI

from outbound.api import addenda, cases, checks, correcting, drafts, handling, paper
from outbound.consumers import handlers
from outbound.context import OutboundContext
from outbound.office import Office
from outbound.settings import OutboundSettings
from shared.agency.api import routers as agency_routers
from shared.agency.core_source import CoreSource
from shared.clock import Clock
from shared.contracts.party import Role
from shared.messaging import api as exchange_api
from shared.messaging.membership import join
from shared.runtime.foundation import Foundation, open_foundation
from shared.web.app import create_app

PACKAGE = "outbound"
VERSION = "1"


@asynccontextmanager
async def build_context(settings: OutboundSettings, *, clock: Clock | None = None) -> AsyncIterator[OutboundContext]:
    """Open everything that a process of the outbound holds, and close it afterwards."""
    async with open_foundation(settings, PACKAGE, clock=clock) as foundation:
        context = context_on(foundation)
        await context.office.registry_copy.load()
        yield context


def context_on(foundation: Foundation[OutboundSettings]) -> OutboundContext:
    """The context that stands on ``foundation``; raises ``SettingMissing`` or ``KeyUnreadable``."""
    settings, member = foundation.settings, join(foundation, Role.OUTBOUND)
    source = CoreSource.of(settings, foundation.http, foundation.clock)
    office = Office(settings, foundation.database, member.signers, member.registry, foundation.clock, source)
    exchange = member.exchange(foundation, handlers(office))
    return OutboundContext(office, exchange, foundation.tokens, foundation.health)


def build_app(context: OutboundContext | None) -> FastAPI:
    """The HTTP application; without a context it only describes itself."""
    own = (checks.router, cases.router, drafts.router, handling.router, paper.router, correcting.router, addenda.router)
    routers = (*own, *agency_routers(), exchange_api.router)
    return create_app("医保关系转移接续 · 转出地", VERSION, routers, context)
