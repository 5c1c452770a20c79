"""用款申请: 支出户 is filled from 财政专户 on request; two people ask, and the bank's allotment answers."""

from enum import StrEnum

from shared.errors import Conflict


class FundRequestState(StrEnum):
    """``approved`` is what goes to the treasury; ``funded`` once the bank shows the allotment, ``withdrawn`` where it
    gives nothing, or less: the orders may then stand in another request.
    """

    PROPOSED = "proposed"
    APPROVED = "approved"
    FUNDED = "funded"
    REJECTED = "rejected"
    WITHDRAWN = "withdrawn"


class OrderNeedsNoFunds(Conflict):
    """An order does not wait for funds, stands in another request, or is paid from another account."""

    code = "order-needs-no-funds"


class FundRequestAlreadyDecided(Conflict):
    """Approved, rejected or funded before."""

    code = "fund-request-already-decided"


class NotTheAllotment(Conflict):
    """The bank line is no allotment into the request's account, or less of it is left than was asked for."""

    code = "line-not-the-allotment"
