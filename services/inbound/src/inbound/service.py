"""What the inbound says of itself to be started."""

from collections.abc import Sequence

from inbound.app import PACKAGE, build_app, build_context
from inbound.context import InboundContext
from inbound.loops import loops
from inbound.settings import InboundSettings
from shared.contracts.party import Role
from shared.messaging import membership
from shared.runtime.loops import Loop
from shared.runtime.service import Service


def build_loops(context: InboundContext) -> Sequence[Loop]:
    """What the worker turns."""
    return (*context.exchange.loops, *loops(context))


async def provision_topics(settings: InboundSettings) -> Sequence[str]:
    """Make the topics that this deployment reads and writes."""
    return await membership.provision_topics(settings, Role.INBOUND, [Role.LEDGER])


SERVICE: Service[InboundSettings, InboundContext] = Service(
    package=PACKAGE,
    settings=InboundSettings,
    build_context=build_context,
    build_app=build_app,
    build_loops=build_loops,
    provision_topics=provision_topics,
)
