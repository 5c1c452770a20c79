"""A batch of payments: two people release what stands in it."""

from enum import StrEnum

from shared.errors import Conflict


class BatchState(StrEnum):
    """A rejected batch has let its orders go."""

    PROPOSED = "proposed"
    RELEASED = "released"
    REJECTED = "rejected"


class BatchAlreadyDecided(Conflict):
    """Approved or rejected before."""

    code = "payment-batch-already-decided"


class BatchEmpty(Conflict):
    """Every order has left the batch since it was proposed."""

    code = "payment-batch-empty"


class BatchNotReleased(Conflict):
    """Two people have not released it."""

    code = "payment-batch-not-released"
