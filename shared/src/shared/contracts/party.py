"""The addresses of the exchange."""

import re
from dataclasses import dataclass
from enum import StrEnum
from functools import lru_cache

from shared.errors import InvalidInput

_PARTY = re.compile(r"^(platform|(outbound|inbound|ledger)\.([0-9]{6}))\Z")
_PARTIES_KEPT = 4096


class Role(StrEnum):
    """Which of the four services."""

    PLATFORM = "platform"
    OUTBOUND = "outbound"
    INBOUND = "inbound"
    LEDGER = "ledger"


@dataclass(frozen=True, slots=True, order=True)
class Party:
    """One sender or recipient: the platform, or one agency's service.

    ``str(party)`` is its address, ``"platform"`` or ``"outbound.370100"``; ``topic`` the Kafka topic it reads.
    """

    role: Role
    admdvs: str | None = None

    def __str__(self) -> str:
        return str(self.role) if self.admdvs is None else f"{self.role}.{self.admdvs}"

    @property
    def topic(self) -> str:
        """The one topic that this party receives on."""
        return f"transfer.{self}.v1"

    @classmethod
    def parse(cls, address: str) -> "Party":
        """The party of an address; raises ``InvalidInput`` for anything else."""
        return _parse(address)


# A handful of addresses stand on every message, again and again.
@lru_cache(maxsize=_PARTIES_KEPT)
def _parse(address: str) -> Party:
    match = _PARTY.match(address)
    if match is None:
        raise InvalidInput("参与方地址格式不正确", code="invalid-party")
    return Party(Role(match[2]), match[3]) if match[2] else PLATFORM


PLATFORM = Party(Role.PLATFORM)
