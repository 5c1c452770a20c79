"""An event about money, addressed to everybody whom it concerns."""

from shared.contracts.events import Event
from shared.contracts.party import Party, Role
from shared.messaging import Outgoing

OWED_BACK = "转入地按更正或终止退回"
"""Why money came back that the payee owed: nothing is paid again."""


def addressed(admdvs: str, rlts_traf_id: str, event: Event, *recipients: Party) -> list[Outgoing]:
    """The message of the ledger of ``admdvs`` to each of ``recipients``."""
    ledger = Party(Role.LEDGER, admdvs)
    return [Outgoing(ledger, recipient, rlts_traf_id, event) for recipient in recipients]
