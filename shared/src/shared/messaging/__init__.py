"""Messages between the services: nothing lost, nothing doubled, in order per case.

A use case calls ``enqueue`` in its transaction; the ``Relay`` sends; the recipient's ``Consumer`` verifies, stores
the bytes, applies them in sequence through its ``Handlers`` and answers with a custody receipt.
"""

from shared.messaging.delivery import CannotApply, Delivery, Handler, Handlers, NotAParty
from shared.messaging.outbox import enqueue
from shared.messaging.outgoing import Outgoing, RouteNotAllowed

__all__ = ["CannotApply", "Delivery", "Handler", "Handlers", "NotAParty", "Outgoing", "RouteNotAllowed", "enqueue"]
