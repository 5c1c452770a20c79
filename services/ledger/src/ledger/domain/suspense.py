"""Why money waits in suspense, who is to act, and what the next step is."""

from dataclasses import dataclass
from enum import StrEnum


class LineKind(StrEnum):
    """What a bank line may be matched with: an expected receipt, a released payment, or a payment come back."""

    RECEIPT = "receipt"
    PAYMENT = "payment"
    RETURN = "return"


class SuspenseReason(StrEnum):
    """Stable codes; also the ``suspense_code`` of ``BalanceReceived``."""

    NO_REFERENCE = "no_reference"
    SEVERAL_REFERENCES = "several_references"
    UNKNOWN_CASE = "unknown_case"
    AWAITING_SHEET = "awaiting_sheet"
    AMOUNT_DIFFERS = "amount_differs"
    PAYER_DIFFERS = "payer_differs"
    PAYEE_DIFFERS = "payee_differs"
    NAME_DIFFERS = "name_differs"
    ALREADY_SETTLED = "already_settled"
    CASE_CLOSED = "case_closed"
    OVERTAKEN = "overtaken"
    NOT_RELEASED = "not_released"
    PAID_AFTER_REJECTION = "paid_after_rejection"
    SEVERAL_CANDIDATES = "several_candidates"
    RETURN_UNLINKED = "return_unlinked"
    RECEIPT_REVERSED = "receipt_reversed"
    FOREIGN_CURRENCY = "foreign_currency"
    OTHER_FUND = "other_fund"
    REFUND_RETURNED = "refund_returned"
    POSSIBLE_DUPLICATE = "possible_duplicate"
    PARTLY_MATCHED = "partly_matched"
    MATCH_UNDONE = "match_undone"


DEBITED_TWICE = frozenset({SuspenseReason.ALREADY_SETTLED, SuspenseReason.PAID_AFTER_REJECTION})
"""Of a debit: the bank has taken money for what was paid, or for what it had refused to pay."""


@dataclass(frozen=True, slots=True)
class Advice:
    """What a clerk reads: the reason, whose work it is, and the next step."""

    text: str
    owner: str
    next_step: str


_FINANCE, _BUSINESS = "财务岗", "业务岗"

ADVICE = {
    SuspenseReason.NO_REFERENCE: Advice(
        "附言中没有有效的办件编号",
        _FINANCE,
        "向付款单位核实用途，取得办件编号后提出人工匹配；与转移无关的转入其他业务往来",
    ),
    SuspenseReason.SEVERAL_REFERENCES: Advice(
        "附言中有多个办件编号", _FINANCE, "向付款单位索取明细，逐笔核对后提出人工匹配"
    ),
    SuspenseReason.UNKNOWN_CASE: Advice(
        "办件编号与本机构的业务对不上", _FINANCE, "核对办件编号与收付款机构，确属误付的按原路退回"
    ),
    SuspenseReason.AWAITING_SHEET: Advice(
        "款项先到，信息表尚未收到", _BUSINESS, "等待转出地信息表；收到后系统自动匹配，逾期未到的联系转出地"
    ),
    SuspenseReason.AMOUNT_DIFFERS: Advice(
        "金额与信息表不一致",
        _FINANCE,
        "按差额与转出地核对；少付的请补付，多付的请出具更正信息表或按原路退回；本机构付出或退回本机构的，与银行核对",
    ),
    SuspenseReason.PAYER_DIFFERS: Advice(
        "付款账户与登记的不一致",
        _FINANCE,
        "与对方核实付款账户，无法核实的按原路退回；本机构付出的，核对支付单应由哪个账户付出",
    ),
    SuspenseReason.PAYEE_DIFFERS: Advice(
        "收款账户与支付单不一致", _FINANCE, "立即核对支付单与银行回单，必要时联系银行追回"
    ),
    SuspenseReason.NAME_DIFFERS: Advice(
        "附言中的姓名与参保人员不一致", _BUSINESS, "与对方机构核实参保人员，确认后提出人工匹配"
    ),
    SuspenseReason.ALREADY_SETTLED: Advice(
        "该笔业务已经结清，疑似重复付款",
        _FINANCE,
        "与对方机构核对，确属重复的按原路退回；银行的扣款，是手续费的改类，重复扣款的要求银行退回",
    ),
    SuspenseReason.CASE_CLOSED: Advice("该笔业务已经作废或退回", _BUSINESS, "核对最新版本信息表，确属误付的按原路退回"),
    SuspenseReason.OVERTAKEN: Advice(
        "该笔款项所属的信息表版本已被取代，最后一版的款项已经匹配或正在退回",
        _FINANCE,
        "按原路退回付款方；对方账簿认作退汇后，最后一版的应收应退自动重算",
    ),
    SuspenseReason.NOT_RELEASED: Advice(
        "支付单未经复核放行，银行已经扣款", _FINANCE, "立即核查扣款原因；核清之前该支付单不能再放行"
    ),
    SuspenseReason.PAID_AFTER_REJECTION: Advice(
        "银行先拒绝了这笔付款，后来又扣了款，疑似重复付款",
        _FINANCE,
        "立即与银行核对：确已付出、尚未重新支付的，撤回拒绝登记；已经重新支付的，要求银行退回；"
        "退回付款方的，与原来款冲抵，原来款已另行匹配的要求银行退回",
    ),
    SuspenseReason.SEVERAL_CANDIDATES: Advice(
        "有多笔款项同时符合，不能自动认定", _FINANCE, "逐笔核对银行回单后提出人工匹配，多出的按原路退回"
    ),
    SuspenseReason.RETURN_UNLINKED: Advice(
        "退回款项找不到对应的已支付单",
        _FINANCE,
        "核对银行退汇通知，找到原支付单后提出人工匹配；原来就是退回付款方的款项，再次退回时指明原退回支付单",
    ),
    SuspenseReason.RECEIPT_REVERSED: Advice(
        "银行冲回了收入户的款项", _FINANCE, "与银行核实冲回原因，核对原收款并更正账务"
    ),
    SuspenseReason.FOREIGN_CURRENCY: Advice(
        "款项以外币支付，人民币金额取决于汇率", _FINANCE, "与银行核对结汇金额和手续费，核清后提出人工匹配或按原路退回"
    ),
    SuspenseReason.OTHER_FUND: Advice(
        "款项与办件相符，但不在职工医保基金的账户上收付",
        _FINANCE,
        "不能匹配。误收的退回付款方，由其改付登记的收款账户；或在银行划转到职工医保账户，本笔改为其他业务往来，"
        "划入的一笔由两人匹配；误扣的要求银行退回",
    ),
    SuspenseReason.REFUND_RETURNED: Advice(
        "退回付款方的款项被银行退了回来",
        _FINANCE,
        "向付款单位核实账户，更正后再次退回，账户须是该机构登记的账户；信息表已到、确属该办件的，提出人工匹配",
    ),
    SuspenseReason.POSSIBLE_DUPLICATE: Advice(
        "应收款疑与旧账款项重复",
        _FINANCE,
        "核对旧账与电子办件：确属两笔的由两人解除提示，确属同一笔的撤销旧账款项；随后自动匹配",
    ),
    SuspenseReason.PARTLY_MATCHED: Advice(
        "款项已处理一部分，余额待处理", _FINANCE, "核对余额的用途：继续提出人工匹配，多付的按原路退回"
    ),
    SuspenseReason.MATCH_UNDONE: Advice(
        "原匹配有误，已由两人撤销", _FINANCE, "查明款项属于哪一笔业务后提出人工匹配，确属误付的按原路退回"
    ),
}
