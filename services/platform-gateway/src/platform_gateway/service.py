"""What the platform says of itself to be started."""

from collections.abc import Sequence

from platform_gateway.app import PACKAGE, build_app, build_context
from platform_gateway.calendar_tool import calendar_tool
from platform_gateway.context import GatewayProcess
from platform_gateway.loops import build_loops
from platform_gateway.policy_tool import policy_tool
from platform_gateway.settings import GatewaySettings
from platform_gateway.statistics_tool import statistics_tool
from shared.contracts.party import PLATFORM, Party, Role
from shared.messaging import topics
from shared.runtime.service import Service


async def provision_topics(settings: GatewaySettings) -> Sequence[str]:
    """Make the platform's own topic and those of the agencies in the settings; their names."""
    agencies = [Party(role, admdvs) for admdvs in settings.agencies for role in Role if role is not Role.PLATFORM]
    names = [party.topic for party in (PLATFORM, *agencies)]
    await topics.provision(settings.kafka_bootstrap_servers, names)
    return names


SERVICE: Service[GatewaySettings, GatewayProcess] = Service(
    package=PACKAGE,
    settings=GatewaySettings,
    build_context=build_context,
    build_app=build_app,
    build_loops=build_loops,
    provision_topics=provision_topics,
    tools={"policy": policy_tool, "calendar": calendar_tool, "statistics": statistics_tool},
)
