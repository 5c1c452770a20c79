"""The inbound as one application: what it is made of and its routes."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from fastapi import FastAPI

from inbound.api import (
    cases,
    checks,
    contribution_record,
    decisions,
    paper,
    paper_addenda,
    paper_ends,
    previews,
    trials,
)
from inbound.consumers import handlers
from inbound.context import InboundContext
from inbound.office import Office
from inbound.settings import InboundSettings
from shared.agency.api import routers as agency_routers
from shared.agency.core_source import CoreSource
from shared.clock import Clock
from shared.contracts.party import Role
from shared.messaging import api as exchange_api
from shared.messaging.membership import join
from shared.runtime.foundation import Foundation, open_foundation
from shared.web.app import create_app

PACKAGE = "inbound"
VERSION = "1"


@asynccontextmanager
async def build_context(settings: InboundSettings, *, clock: Clock | None = None) -> AsyncIterator[InboundContext]:
    """Open everything that a process of the inbound holds, and close it afterwards."""
    async with open_foundation(settings, PACKAGE, clock=clock) as foundation:
        context = context_on(foundation)
        await context.office.registry.load()
        yield context


def context_on(foundation: Foundation[InboundSettings]) -> InboundContext:
    """The context that stands on ``foundation``; raises ``SettingMissing`` or ``KeyUnreadable``."""
    settings, member = foundation.settings, join(foundation, Role.INBOUND)
    source = CoreSource.of(settings, foundation.http, foundation.clock)
    office = Office(settings, foundation.clock, member.signers, member.registry, source)
    exchange = member.exchange(foundation, handlers(office))
    return InboundContext(foundation.database, office, exchange, foundation.tokens, foundation.health)


def build_app(context: InboundContext | None) -> FastAPI:
    """The HTTP application; without a context it only describes itself."""
    own = (
        checks.router,
        cases.router,
        decisions.router,
        paper.router,
        paper_addenda.router,
        paper_ends.router,
        previews.router,
    )
    records = (contribution_record.router, trials.router)
    routers = (*own, *records, *agency_routers(), exchange_api.router)
    return create_app("医保关系转移接续 · 转入地", VERSION, routers, context)
