"""What the outbound says of itself to be started."""

from collections.abc import Sequence

from outbound.app import PACKAGE, build_app, build_context
from outbound.context import OutboundContext
from outbound.loops import loops
from outbound.settings import OutboundSettings
from shared.contracts.party import Role
from shared.messaging import membership
from shared.runtime.loops import Loop
from shared.runtime.service import Service


def build_loops(context: OutboundContext) -> Sequence[Loop]:
    """What the worker turns."""
    return (*context.exchange.loops, *loops(context.office, context.exchange.relay.nudge, context.on_core_results))


async def provision_topics(settings: OutboundSettings) -> Sequence[str]:
    """Make the topics that this deployment reads and writes."""
    return await membership.provision_topics(settings, Role.OUTBOUND, [Role.LEDGER])


SERVICE: Service[OutboundSettings, OutboundContext] = Service(
    package=PACKAGE,
    settings=OutboundSettings,
    build_context=build_context,
    build_app=build_app,
    build_loops=build_loops,
    provision_topics=provision_topics,
)
