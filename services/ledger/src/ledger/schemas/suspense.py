"""A suspense item with its history, and what clerks say of it."""

from datetime import date, datetime
from typing import Annotated, Any
from uuid import UUID

from pydantic import BaseModel, Field, StringConstraints

from ledger.domain.suspense import ADVICE, SuspenseReason
from ledger.domain.suspense_items import SuspenseItem
from ledger.domain.suspense_steps import STEP_NAMES, SuspenseStep
from ledger.repository.orders import OrderRow
from ledger.repository.outcomes import LineRow
from ledger.repository.suspense_events import SuspenseEventRow
from ledger.schemas.fields import BankAcct, Reason
from ledger.schemas.payments import OrderShown
from ledger.schemas.statements import LineShown
from shared.clock import local_date
from shared.contracts.model import Document
from shared.money import Fen

ClerkId = Annotated[str, Field(min_length=1, max_length=64, description="经办人员编号")]


class Assignment(Document):
    """Who looks after it; null: nobody."""

    assigned_to: ClerkId | None
    reason: Reason | None = None


class Comment(Document):
    """What was found out; kept in the ledger only."""

    comment: Annotated[
        str,
        StringConstraints(strip_whitespace=True, min_length=1, max_length=1000),
        Field(description="备注，只留在账簿内"),
    ]


class Refund(Document):
    """What goes back to who paid it, and why."""

    reason: Reason
    amount: Fen | None = Field(default=None, gt=0, description="不填为全部尚未处理的金额")
    payee_bankacct: BankAcct | None = Field(
        default=None, description="不填为原付款账户；另填的须是付款机构在登记册中现行的账户"
    )
    came_back_order_id: UUID | None = Field(
        default=None, description="银行退回的款项没有自动认出的：是哪一张已付的退回支付单被退了回来"
    )


class RefundWithdrawal(Document):
    """Why the money does not go back after all."""

    reason: Reason


class SuspenseEventShown(BaseModel):
    """One step: who, when, what, why."""

    id: str
    at: datetime
    by: str
    what: SuspenseStep
    what_text: str
    reason: str | None
    detail: dict[str, Any]

    @classmethod
    def of(cls, row: SuspenseEventRow) -> "SuspenseEventShown":
        """As it is answered."""
        what = SuspenseStep(row.what)
        return cls(
            id=str(row.id),
            at=row.at,
            by=row.by,
            what=what,
            what_text=STEP_NAMES[what],
            reason=row.reason,
            detail=row.detail,
        )


class SuspenseItemShown(BaseModel):
    """An item: why it waits or waited, since when, whose work it is, what is left of it and what was done."""

    line: LineShown
    reason: SuspenseReason
    reason_text: str
    next_step: str | None = Field(description="已处理完毕的为空")
    owner: str
    assigned_to: str | None
    opened_at: datetime
    age_days: int = Field(description="从挂账到今天的天数；已处理完毕的到处理之日")
    settled_on: date | None
    left: Fen = Field(description="尚未匹配、退回或核销的金额")
    version: int
    returns: list[OrderShown] = Field(description="退回付款方的支付单，新的在前")
    events: list[SuspenseEventShown] = Field(description="最近的处理经过，新的在前；全部见 events")

    @classmethod
    def of(
        cls,
        item: SuspenseItem,
        line: LineRow,
        returns: list[OrderRow],
        events: list[SuspenseEventRow],
        now: datetime,
    ) -> "SuspenseItemShown":
        """As it is answered; ``now`` in UTC."""
        until = item.settled_on or local_date(now)
        shown = LineShown.of(line, now)
        return cls(
            line=shown,
            reason=item.reason,
            reason_text=ADVICE[item.reason].text,
            next_step=None if shown.suspense is None else shown.suspense.next_step,
            owner=item.owner,
            assigned_to=item.assigned_to,
            opened_at=item.opened_at,
            age_days=max((until - local_date(item.opened_at)).days, 0),
            settled_on=item.settled_on,
            left=item.left_fen if item.settled_on is None else 0,
            version=item.version,
            returns=[OrderShown.of(order) for order in returns],
            events=[SuspenseEventShown.of(event) for event in events],
        )
