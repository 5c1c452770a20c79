"""Whom a case's messages go to."""

from inbound.domain.case import InboundCase
from shared.contracts.events import Event
from shared.contracts.party import PLATFORM, Party, Role
from shared.messaging import Outgoing


def to_platform(case: InboundCase, event: Event) -> Outgoing:
    """``event`` from the case's inbound agency to the platform."""
    return Outgoing(Party(Role.INBOUND, case.trafin_admdvs), PLATFORM, case.rlts_traf_id, event)


def to_ledger(case: InboundCase, event: Event) -> Outgoing:
    """``event`` from the case's inbound agency to its own ledger."""
    return Outgoing(Party(Role.INBOUND, case.trafin_admdvs), own_ledger(case), case.rlts_traf_id, event)


def own_ledger(case: InboundCase) -> Party:
    """The ledger of the case's inbound agency."""
    return Party(Role.LEDGER, case.trafin_admdvs)
