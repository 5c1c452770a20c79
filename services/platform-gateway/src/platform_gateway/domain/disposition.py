"""Where the balance of the personal account goes, decided at acceptance (domain §8, a reading)."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from shared.contracts.codes import AcctDisposition
from shared.contracts.facts import SideFacts


@dataclass(frozen=True, slots=True)
class DispositionReading:
    """What applies where the inbound has no account to credit; ``by_trafout`` holds outbound areas that differ."""

    without_account: AcctDisposition = AcctDisposition.REFUNDED_TO_PERSON
    by_trafout: Mapping[str, AcctDisposition] = field(default_factory=dict)


def disposition(
    outbound: SideFacts, inbound: SideFacts, reading: DispositionReading, trafout_admdvs: str
) -> AcctDisposition:
    """``none`` without an account outbound, ``transfer`` where the inbound relation has one, else the reading's."""
    if not outbound.has_account:
        return AcctDisposition.NONE
    if inbound.has_account:
        return AcctDisposition.TRANSFER
    return reading.by_trafout.get(trafout_admdvs, reading.without_account)
