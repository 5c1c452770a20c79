"""Two people release money."""

from shared.errors import Conflict, Forbidden


class SamePerson(Forbidden):
    """Who proposed a batch may not approve it."""

    code = "second-person-required"


class BatchAlreadyDecided(Conflict):
    """Approved or rejected before."""

    code = "payment-batch-already-decided"


class BatchEmpty(Conflict):
    """Every order has left the batch since it was proposed."""

    code = "payment-batch-empty"


class BatchNotReleased(Conflict):
    """Two people have not released it."""

    code = "payment-batch-not-released"


def require_other_person(proposed_by: str, decided_by: str) -> None:
    """Returns when the two differ; raises ``SamePerson``."""
    if proposed_by == decided_by:
        raise SamePerson("支付须由两人办理：提交人不能复核自己提交的批次")
