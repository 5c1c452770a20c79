"""What the ledger says of itself to be started."""

from collections.abc import Sequence

from ledger.app import PACKAGE, build_app, build_context
from ledger.context import LedgerContext
from ledger.loops import loops
from ledger.settings import LedgerSettings
from shared.contracts.party import Role
from shared.messaging import membership
from shared.runtime.service import Service


async def provision_topics(settings: LedgerSettings) -> Sequence[str]:
    """Make the topics that this deployment reads and writes."""
    return await membership.provision_topics(settings, Role.LEDGER, [Role.OUTBOUND, Role.INBOUND])


SERVICE: Service[LedgerSettings, LedgerContext] = Service(
    package=PACKAGE,
    settings=LedgerSettings,
    build_context=build_context,
    build_app=build_app,
    build_loops=loops,
    provision_topics=provision_topics,
)
