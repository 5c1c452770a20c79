"""Paying anew what the bank has refused, without paying twice."""

from enum import StrEnum

from ledger.domain.orders import UNRELEASED, OrderState
from shared.errors import Conflict


class OrderStep(StrEnum):
    """What happens to an order that the bank refuses; each is kept with who and why."""

    REJECTED = "rejected"
    REJECTION_WITHDRAWN = "rejection_withdrawn"
    REISSUED = "reissued"


class NotRejected(Conflict):
    """Only a payment that the bank has refused is paid anew."""

    code = "payment-order-not-rejected"


class NotRejectable(Conflict):
    """Only a released payment can have been refused."""

    code = "payment-order-not-rejectable"


class AlreadyReissued(Conflict):
    """Another order pays it already."""

    code = "payment-order-already-reissued"


class ObligationClosed(Conflict):
    """It is not owed, or not whole: paid, claimed in part, replaced by a newer sheet version, or settled otherwise."""

    code = "payment-obligation-closed"


class ReturnIsMadeAnew(Conflict):
    """A return of received money hangs on its line: there it is asked for anew, or set off."""

    code = "payment-return-made-anew"


class BankContradictsItself(Conflict):
    """The bank has said both that it paid and that it did not; a person has to find out first."""

    code = "payment-bank-contradicts-itself"


class ReissueReleased(Conflict):
    """The order that pays anew has left; the bank may pay twice, and what is too much comes back as a return."""

    code = "payment-reissue-released"


def require_rejected(state: OrderState) -> None:
    """Returns for a rejected order; raises ``NotRejected``."""
    if state is not OrderState.REJECTED:
        raise NotRejected("只有被银行拒绝的支付单可以这样办理")


def require_rejectable(state: OrderState) -> None:
    """Returns for an order that the bank has and has not answered by a statement; raises ``NotRejectable``."""
    if state is not OrderState.RELEASED:
        raise NotRejectable("只有已放行、尚未支付的支付单可以登记为银行拒绝")


def require_withdrawable(reissue_state: OrderState) -> None:
    """Returns while the order that pays anew can still be given up; raises ``ReissueReleased``."""
    if reissue_state not in UNRELEASED:
        raise ReissueReleased("重新支付的支付单已经放行，不能撤回；多付的须由银行退回")
