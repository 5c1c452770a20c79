"""用款申请: 支出户 is filled from 财政专户 on request; two people ask, and the bank's allotment answers."""

from enum import StrEnum

from shared.errors import Conflict


class FundRequestState(StrEnum):
    """``approved`` is what goes to the treasury; ``funded`` once the bank shows the allotment."""

    PROPOSED = "proposed"
    APPROVED = "approved"
    FUNDED = "funded"
    REJECTED = "rejected"


class OrderNeedsNoFunds(Conflict):
    """An order does not wait for funds, stands in another request, or is paid from another account."""

    code = "order-needs-no-funds"


class FundRequestAlreadyDecided(Conflict):
    """Approved, rejected or funded before."""

    code = "fund-request-already-decided"


class NotTheAllotment(Conflict):
    """The bank line is no allotment of the request's amount into its account, or answers another request."""

    code = "line-not-the-allotment"
