"""What the use cases work with besides their connection."""

from dataclasses import dataclass

from inbound.settings import InboundSettings
from shared.agency.core_source import CoreSource
from shared.clock import Clock
from shared.registry.copy import RegistryCopy
from shared.signing.signers import Signers


@dataclass(frozen=True, slots=True)
class Office:
    """Settings, the clock, our keys and our copy of the registry."""

    settings: InboundSettings
    clock: Clock
    signers: Signers
    registry: RegistryCopy
    source: CoreSource
