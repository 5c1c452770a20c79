"""How an agency's service takes part in the exchange: its parties, their keys, its copy of the registry."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from shared.contracts.party import PLATFORM, Party, Role
from shared.errors import TransferError
from shared.messaging.delivery import Handlers
from shared.messaging.exchange import Exchange
from shared.messaging.topics import provision
from shared.registry.copy import RegistryCopy
from shared.runtime.foundation import Foundation
from shared.settings import ServiceSettings
from shared.signing.signers import Signers


class SettingMissing(TransferError):
    """Something that this service cannot run without was not given."""


@dataclass(frozen=True, slots=True)
class Membership:
    """``served`` are the parties of this deployment, ``signers`` their keys."""

    package: str
    served: tuple[Party, ...]
    signers: Signers
    registry: RegistryCopy

    def exchange(self, foundation: Foundation[Any], handlers: Handlers) -> Exchange:
        """The exchange of these parties, with the service's ``handlers``."""
        return Exchange.build(
            self.package,
            foundation.settings,
            served=self.served,
            database=foundation.database,
            signers=self.signers,
            keys=self.registry,
            handlers=handlers,
            clock=foundation.clock,
        )


def join(foundation: Foundation[Any], role: Role) -> Membership:
    """The membership of every agency in the settings as ``role``; raises ``SettingMissing`` or ``KeyUnreadable``."""
    settings: ServiceSettings = foundation.settings
    signers = Signers.from_directory(_given(settings.keys_dir, "KEYS_DIR"))
    root_key = _given(settings.registry_root_key_file, "REGISTRY_ROOT_KEY_FILE").read_text(encoding="ascii")
    if settings.platform_url is None:
        raise SettingMissing("PLATFORM_URL is required")
    registry = RegistryCopy(
        foundation.database,
        foundation.peers,
        root_key,
        platform_url=str(settings.platform_url),
        clock=foundation.clock,
    )
    return Membership(role.value, _parties(settings, role), signers, registry)


async def provision_topics(settings: ServiceSettings, role: Role, correspondents: Collection[Role]) -> Sequence[str]:
    """Make the topics that a deployment reads as ``role``, and writes: the platform's and its ``correspondents``'."""
    written = [party for each in correspondents for party in _parties(settings, each)]
    topics = sorted(party.topic for party in (*_parties(settings, role), *written, PLATFORM))
    await provision(settings.kafka_bootstrap_servers, topics)
    return topics


def _parties(settings: ServiceSettings, role: Role) -> tuple[Party, ...]:
    return tuple(Party(role, admdvs) for admdvs in settings.agencies)


def _given(path: Path | None, name: str) -> Path:
    if path is None:
        raise SettingMissing(f"{name} is required")
    return path
