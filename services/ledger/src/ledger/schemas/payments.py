"""Payment orders, batches and obligations."""

from collections.abc import Sequence
from datetime import date, datetime
from typing import Annotated, Literal
from uuid import UUID

from pydantic import BaseModel, Field, StringConstraints, model_validator

from ledger.domain.obligations import BookSide, Direction, Obligation, ObligationOrigin, ObligationState
from ledger.domain.orders import ORDER_STATE_NAMES, OrderState
from ledger.domain.rejections import OrderStep, WantedPayee
from ledger.domain.status_reasons import explain, explain_told
from ledger.repository.batches import BatchRow
from ledger.repository.order_events import OrderEventRow
from ledger.repository.orders import OrderRow
from ledger.schemas.chosen_orders import ChosenOrder, ChosenOrders
from ledger.schemas.fields import BankAcct
from shared.contracts.model import Document
from shared.money import Fen

MAX_ORDERS = 500


class Rejection(BaseModel):
    """Why the bank refused a payment; ``text`` explains ISO's code in Chinese. ``by`` is ``bank``, or who noted it."""

    code: str | None
    text: str
    by: str
    at: datetime

    @classmethod
    def of(cls, row: OrderRow) -> "Rejection | None":
        """That of an order which was refused."""
        if row.rejected_at is None or row.rejected_by is None:
            return None
        return cls(
            code=row.rejection_code,
            text=explain(row.rejection_code, row.rejection_text),
            by=row.rejected_by,
            at=row.rejected_at,
        )


class OrderShown(BaseModel):
    """A payment order; the accounts are those that stood when the sheet was sealed."""

    id: UUID
    rlts_traf_id: str | None
    obligation_no: str | None
    returns_line_id: str | None = Field(description="退回付款方的：所退的那笔流水")
    end_to_end_id: str
    remittance_note: str
    amount: Fen
    payer_bankacct: str
    payee_bankacct: str
    payee_acctname: str
    payee_bankcode: str | None
    state: OrderState
    state_name: str
    batch_id: UUID | None
    created_at: datetime
    version: int
    attempt: int = Field(description="第几次支付；大于 1 的是被拒绝或退回后的重新支付")
    reissue_of: UUID | None = Field(description="被银行拒绝或已退回、由本单重新支付的支付单")
    reissue_reason: str | None
    bank_status: str | None = Field(description="银行状态报告中最后的状态代码（ISO 20022）")
    rejection: Rejection | None
    return_line_id: str | None = Field(description="已退回的：退回款项的流水")
    return_reason: str | None = Field(description="已退回的：银行写明的原因")
    origin: ObligationOrigin | None = Field(
        description="paper：依据是本机构对纸质材料的声明，收款账户可能只见于纸质材料"
    )

    @classmethod
    def of(cls, row: OrderRow) -> "OrderShown":
        """As it is answered."""
        state = OrderState(row.state)
        return cls(
            id=row.id,
            rlts_traf_id=row.rlts_traf_id,
            obligation_no=row.obligation_no,
            returns_line_id=None if row.returns_line_id is None else str(row.returns_line_id),
            end_to_end_id=row.end_to_end_id,
            remittance_note=row.remittance_note,
            amount=row.amount_fen,
            payer_bankacct=row.payer_bankacct,
            payee_bankacct=row.payee_bankacct,
            payee_acctname=row.payee_acctname,
            payee_bankcode=row.payee_bankcode,
            state=state,
            state_name=ORDER_STATE_NAMES[state],
            batch_id=row.batch_id,
            created_at=row.created_at,
            version=row.version,
            attempt=row.attempt,
            reissue_of=row.reissue_of,
            reissue_reason=row.reissue_reason,
            bank_status=row.bank_status,
            rejection=Rejection.of(row),
            return_line_id=None if row.return_line_id is None else str(row.return_line_id),
            return_reason=None if row.return_reason is None else explain_told(row.return_reason),
            origin=None if row.origin is None else ObligationOrigin(row.origin),
        )


class OrderStepShown(BaseModel):
    """What happened to an order that the bank refused: when, by whom (``bank``, or a person), and why."""

    at: datetime
    by: str
    what: OrderStep
    reason: str | None


class OrderWithHistory(OrderShown):
    """One order with its history."""

    history: list[OrderStepShown]

    @classmethod
    def with_history(cls, row: OrderRow, events: Sequence[OrderEventRow]) -> "OrderWithHistory":
        """As it is answered."""
        history = [OrderStepShown(at=one.at, by=one.by, what=OrderStep(one.what), reason=one.reason) for one in events]
        return cls(**dict(OrderShown.of(row)), history=history)


class NewBatch(ChosenOrders):
    """Which orders to release together."""

    orders: Annotated[tuple[ChosenOrder, ...], Field(min_length=1, max_length=MAX_ORDERS)]


class BatchDecision(Document):
    """The second person's word; a rejection says why."""

    decision: Literal["approve", "reject"]
    reason: Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=200)] | None = None

    @model_validator(mode="after")
    def _rejection_has_reason(self) -> "BatchDecision":
        if self.decision == "reject" and self.reason is None:
            raise ValueError("退回须说明原因")
        return self


class RejectionNote(Document):
    """What the bank told a person of a payment that it refused."""

    reason: Annotated[
        str, StringConstraints(strip_whitespace=True, min_length=1, max_length=200), Field(description="银行拒绝的原因")
    ]
    code: Annotated[str | None, Field(pattern=r"^[A-Z0-9]{4}$", description="ISO 20022 原因代码")] = None


class StepReason(Document):
    """Why somebody does it."""

    reason: Annotated[
        str, StringConstraints(strip_whitespace=True, min_length=1, max_length=200), Field(description="原因")
    ]


class NewPayee(Document):
    """Whom the money is paid to instead; name and 联行号 count where the payee's agency takes part on paper."""

    bankacct: Annotated[BankAcct, Field(description="登记册中收款机构现行的收款账户")]
    acctname: Annotated[str, Field(min_length=1, max_length=140, description="户名（纸质办理的须写明）")] | None = None
    bankcode: Annotated[str, Field(pattern=r"^[0-9]{12}$", description="联行号（纸质办理的）")] | None = None

    def wanted(self) -> WantedPayee:
        """As the rules read it."""
        return WantedPayee(self.bankacct, self.acctname, self.bankcode)


class PaymentAnew(StepReason):
    """Why a payment is made anew; to the same account unless another is named."""

    payee: NewPayee | None = None


class BatchLine(BaseModel):
    """A batch in a list."""

    id: UUID
    state: str
    proposed_by: str
    proposed_at: datetime
    decided_by: str | None
    decided_at: datetime | None
    reason: str | None
    version: int

    @classmethod
    def of(cls, row: BatchRow) -> "BatchLine":
        """As it is answered."""
        return cls(**{name: getattr(row, name) for name in cls.model_fields})


class BatchShown(BatchLine):
    """A batch with its orders; those that left it since it was proposed show their own state."""

    amount: Fen
    orders: list[OrderShown]

    @classmethod
    def with_orders(cls, row: BatchRow, orders: list[OrderRow]) -> "BatchShown":
        """As it is answered; the amount is of what it holds now."""
        held = [order for order in orders if order.batch_id == row.id]
        return cls(
            **BatchLine.of(row).model_dump(),
            amount=sum(order.amount_fen for order in held),
            orders=[OrderShown.of(order) for order in orders],
        )


class ObligationShown(BaseModel):
    """What a sealed sheet makes due; ``due`` is what was still to move after older versions."""

    rlts_traf_id: str
    obligation_no: str
    side: BookSide
    sheet_version: int
    reason: str
    trafout_admdvs: str
    trafin_admdvs: str
    psn_name: str
    amount: Fen
    direction: Direction
    due: Fen
    payer_bankacct: str
    payee_bankacct: str
    state: ObligationState
    order_state: OrderState | None
    known_on: date
    settled_on: date | None
    credited_on: date | None
    credited_amount: Fen | None
    origin: ObligationOrigin
    is_doubtful: bool = Field(description="疑与旧账款项重复，核清前不支付、不自动匹配")

    @classmethod
    def of(cls, row: Obligation) -> "ObligationShown":
        """As it is answered."""
        return cls(
            rlts_traf_id=row.rlts_traf_id,
            obligation_no=row.obligation_no,
            side=BookSide(row.side),
            sheet_version=row.sheet_version,
            reason=row.reason,
            trafout_admdvs=row.trafout_admdvs,
            trafin_admdvs=row.trafin_admdvs,
            psn_name=row.psn_name,
            amount=row.amount_fen,
            direction=Direction(row.direction),
            due=row.due_fen,
            payer_bankacct=row.payer_bankacct,
            payee_bankacct=row.payee_bankacct,
            state=ObligationState(row.state),
            order_state=None if row.order_state is None else OrderState(row.order_state),
            known_on=row.known_on,
            settled_on=row.settled_on,
            credited_on=row.credited_on,
            credited_amount=row.credited_fen,
            origin=ObligationOrigin(row.origin),
            is_doubtful=row.is_doubtful,
        )
