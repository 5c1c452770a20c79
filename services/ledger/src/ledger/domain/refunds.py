"""Money given back to who paid it: how much, from which account, to whom, and how the payer will know it again."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from ledger.domain.statement import Direction
from ledger.domain.suspense_items import SuspenseItem
from ledger.domain.titles import AccountRole, leaving_account
from shared.errors import Conflict
from shared.law import design
from shared.money import format_yuan


class NotRefundable(Conflict):
    """The line cannot be given back: nothing left, on its way already, or nobody to give it to."""

    code = "suspense-not-refundable"


class RefundReleased(Conflict):
    """Two people have released the order: the bank may have paid it."""

    code = "refund-already-released"


@dataclass(frozen=True, slots=True)
class Payee:
    """Whom money goes to; the account number is cleaned, ``bankcode`` (联行号) known for registered accounts."""

    bankacct: str
    acctname: str
    bankcode: str | None


@dataclass(frozen=True, slots=True)
class OwnAccount:
    """An account of ours with the fund whose money it holds."""

    bankacct: str
    role: AccountRole
    fund: str


@dataclass(frozen=True, slots=True)
class RefundFacts:
    """A line as it came in. ``sent_to``: to whom the return went that came back as this line, if it did.

    ``earlier_count`` is how many orders have been made to give it back; ``is_contradicted``: the bank has said of one
    that it refused it and that it paid it, and nobody has found out yet. ``is_taken_back``: a correction of the bank
    reverses the line.
    """

    line_id: int
    received_on: OwnAccount
    booked_on: date
    is_marked_return: bool
    rlts_traf_id: str | None
    counterparty_acct: str | None
    counterparty_name: str | None
    counterparty_admdvs: str | None
    sent_to: Payee | None
    earlier_count: int
    is_contradicted: bool
    is_taken_back: bool = False


def refund_amount(item: SuspenseItem, wanted_fen: int | None) -> int:
    """What goes back, in fen: what is wanted, or all that is left; raises ``NotRefundable``."""
    if item.direction is not Direction.CREDIT:
        raise NotRefundable("只有收到的款项可以退回付款方；银行扣款请匹配到支付单，或与收到的退款冲抵")
    if item.reserved_fen:
        raise NotRefundable("这笔款项已有退回支付单在办理，不能再次退回")
    amount = item.left_fen if wanted_fen is None else wanted_fen
    if not 0 < amount <= item.left_fen:
        raise NotRefundable(f"退回金额超过这笔款项尚未处理的 {format_yuan(item.left_fen)} 元")
    return amount


@design("a return leaves from the account that received, where that one pays, otherwise from the one we pay from")
def refund_leaves_from(facts: RefundFacts, payer_bankacct: str | None, own: Mapping[str, OwnAccount]) -> str:
    """The account that the money leaves from; raises ``NotRefundable`` where none of the same fund is ours.

    ``payer_bankacct`` is the registered account that the agency pays from, ``own`` its accounts by number.
    """
    number = leaving_account(facts.received_on.bankacct, facts.received_on.role, payer_bankacct)
    account = own.get(number or "")
    if account is None:
        raise NotRefundable("本机构没有可以退款的付款账户，请先在登记册中登记")
    if account.fund != facts.received_on.fund:
        raise NotRefundable("付款账户与收款账户不属于同一基金，不能退回；请先登记同一基金的付款账户")
    return account.bankacct


@design("money goes back only to the account it came from, or to one that the payer's agency has registered")
def refund_payee(facts: RefundFacts, wanted: str | None, registered: Mapping[str, Payee]) -> Payee:
    """Whom the money goes back to; raises ``NotRefundable``.

    ``registered`` are the present accounts of the agency that paid, by number; ``wanted`` may be one of them.
    """
    if facts.is_taken_back:
        raise NotRefundable("银行更正对账单时冲销了这笔来款，不能退回；请与冲销它的一笔冲抵")
    if facts.is_marked_return and facts.sent_to is None:
        raise NotRefundable(
            "这是银行退回的款项，应与原支付单匹配，不能作为来款退回；原来就是退回付款方的款项，请指明原退回支付单"
        )
    if wanted is not None:
        if wanted not in registered:
            raise NotRefundable("只能退回原付款账户，或付款机构在登记册中现行的账户")
        return registered[wanted]
    if facts.sent_to is not None:
        return facts.sent_to
    known = registered.get(facts.counterparty_acct or "")
    if known is not None:
        return known
    if facts.counterparty_acct is None or facts.counterparty_name is None:
        raise NotRefundable(
            "来款没有付款账号或户名，不能开退回支付单；请到银行柜面退回，扣款见于对账单后与这笔款项冲抵"
        )
    return Payee(facts.counterparty_acct, facts.counterparty_name, None)


def refund_reference(facts: RefundFacts) -> str:
    """What names one return of a line, on our statement and on the payer's: ``TH12-1``."""
    return f"TH{facts.line_id}-{facts.earlier_count + 1}"


def refund_end_to_end_id(rlts_traf_id: str | None, reference: str) -> str:
    """``EndToEndId`` of a return: the case number first, so that the payer's books find the case."""
    return f"{rlts_traf_id}-{reference}" if rlts_traf_id else reference


@design("what a bank's note says")
def refund_note(facts: RefundFacts, reference: str) -> str:
    """附言 of a return: the case, the day on which the payer's money came, and our reference; nobody's name."""
    words = (facts.rlts_traf_id, f"退回{facts.booked_on.isoformat()}来款", reference)
    return " ".join(word for word in words if word)
