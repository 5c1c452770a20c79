"""What a process of the ledger holds."""

from dataclasses import dataclass

from ledger.settings import LedgerSettings
from shared.clock import Clock
from shared.database import Database
from shared.messaging.exchange import Exchange
from shared.registry.copy import RegistryCopy
from shared.signing.signers import Signers
from shared.web.health import Health
from shared.web.tokens import TokenVerifier


@dataclass(frozen=True, slots=True)
class LedgerContext:
    """Made once, at the start; fits ``WebContext``."""

    settings: LedgerSettings
    database: Database
    clock: Clock
    tokens: TokenVerifier
    health: Health
    signers: Signers
    registry: RegistryCopy
    exchange: Exchange
