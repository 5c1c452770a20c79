"""Paying anew what the bank has refused or sent back, without paying twice."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

from ledger.domain.orders import UNRELEASED, OrderState
from ledger.domain.refunds import Payee
from shared.errors import Conflict
from shared.law import design

BY_BANK = "bank"
"""Who refused an order that a bank's report refuses."""


class OrderStep(StrEnum):
    """What happens to an order that the bank refuses or sends back; each is kept with who and why."""

    REJECTED = "rejected"
    REJECTION_WITHDRAWN = "rejection_withdrawn"
    REISSUED = "reissued"


class NotRejected(Conflict):
    """Only a refusal that was noted can be taken back."""

    code = "payment-order-not-rejected"


class NotToPayAnew(Conflict):
    """Only a payment that the bank has refused, or that has come back, is paid anew."""

    code = "payment-order-not-to-pay-anew"


class PayeeNotRegistered(Conflict):
    """Money is paid anew to where it was to go, or to a present account of the payee's agency."""

    code = "payment-payee-not-registered"


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


def require_payable_anew(state: OrderState) -> None:
    """Returns for an order that was refused, or paid and matched as come back; raises ``NotToPayAnew``."""
    if state not in (OrderState.REJECTED, OrderState.RETURNED):
        raise NotToPayAnew("只有被银行拒绝，或已付后退回的支付单可以重新支付")


@dataclass(frozen=True, slots=True)
class WantedPayee:
    """Whom a clerk names for a payment made anew; the name and the 联行号 count only where no registry has them."""

    bankacct: str
    acctname: str | None = None
    bankcode: str | None = None


@design("money is paid anew to a registered account of the payee's agency, or one that paper states")
def payee_anew(wanted: WantedPayee, registered: Mapping[str, Payee], *, is_on_paper: bool) -> Payee:
    """The account that money goes to instead; ``registered`` are the present accounts of the payee's agency, by number.

    An agency that takes part on paper has none there: its account is as its letter says, and two people release it.
    Raises ``PayeeNotRegistered``.
    """
    if wanted.bankacct in registered:
        return registered[wanted.bankacct]
    if not is_on_paper or registered or wanted.acctname is None:
        raise PayeeNotRegistered("只能改付到收款机构在登记册中现行的收款账户；纸质办理的须写明户名")
    return Payee(wanted.bankacct, wanted.acctname, wanted.bankcode)


def require_rejectable(state: OrderState) -> None:
    """Returns for an order that the bank has and has not answered by a statement; raises ``NotRejectable``."""
    if state is not OrderState.RELEASED:
        raise NotRejectable("只有已放行、尚未支付的支付单可以登记为银行拒绝")


def require_withdrawable(reissue_state: OrderState) -> None:
    """Returns while the order that pays anew can still be given up; raises ``ReissueReleased``."""
    if reissue_state not in UNRELEASED:
        raise ReissueReleased("重新支付的支付单已经放行，不能撤回；多付的须由银行退回")
