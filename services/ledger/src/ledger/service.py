"""What the ledger says of itself to be started."""

from collections.abc import Sequence

from ledger.app import PACKAGE, build_app, build_context, served_parties
from ledger.context import LedgerContext
from ledger.loops import loops
from ledger.settings import LedgerSettings
from shared.contracts.party import PLATFORM, Party, Role
from shared.messaging.topics import provision
from shared.runtime.service import Service


async def provision_topics(settings: LedgerSettings) -> Sequence[str]:
    """Make the topics that this deployment reads and writes."""
    own = [Party(role, admdvs) for admdvs in settings.agencies for role in (Role.OUTBOUND, Role.INBOUND)]
    topics = sorted(party.topic for party in (*served_parties(settings), *own, PLATFORM))
    await provision(settings.kafka_bootstrap_servers, topics)
    return topics


SERVICE: Service[LedgerSettings, LedgerContext] = Service(
    package=PACKAGE,
    settings=LedgerSettings,
    build_context=build_context,
    build_app=build_app,
    build_loops=loops,
    provision_topics=provision_topics,
)
